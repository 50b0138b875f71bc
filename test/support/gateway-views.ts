// Requests and pools as the gateway and its policies see them, for unit tests and the contract of policies.

import { START } from "../../src/core/base/units.js";
import type { Dispatching, WaitingFacts } from "../../src/core/server/fleet/pool.js";
import { Admission } from "../../src/core/server/gateway/admission.js";
import type { ConcurrencyLimit } from "../../src/core/server/gateway/concurrency/limit.js";
import { createLimit } from "../../src/core/server/gateway/concurrency/registry.js";
import type {
  AdmissionPolicy,
  Occupancy,
  PathOfPool,
  PolicyContext,
} from "../../src/core/server/gateway/policies/policy.js";
import { createQueueRule, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import type { QueueContext, WaitingView } from "../../src/core/server/gateway/queue/rule.js";
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";
import { PoolSignals } from "../../src/core/server/gateway/signals.js";
import { WAIT } from "../../src/core/server/gateway/verdict.js";

export function facts(changes: Partial<RequestFacts> = {}): RequestFacts {
  return {
    account: 0,
    path: 0,
    model: 0,
    pool: 0,
    rank: 0,
    inputTokens: 100,
    cachedTokens: 0,
    maxTokens: 50,
    ...changes,
  };
}

interface Load {
  readonly replicas?: number;
  readonly slots?: number;
  readonly busy?: number;
  /** By default as many as there are free slots. */
  readonly openings?: number;
  readonly kvTokens?: number;
  readonly kvUsed?: number;
  /** Waiting requests by rank. */
  readonly queued?: readonly number[];
}

export function signals({
  replicas = 1,
  slots = 10,
  busy = 0,
  openings = slots - busy,
  kvTokens = 1000,
  kvUsed = 0,
  queued = [0, 0],
}: Load = {}): PoolSignals {
  const seen = new PoolSignals(queued.length);
  seen.replicas = replicas;
  seen.slots = slots;
  seen.slotsBusy = busy;
  seen.openings = openings;
  seen.kvTokens = kvTokens;
  seen.kvUsed = kvUsed;
  seen.queuedByRank.set(queued);
  seen.queued = queued.reduce((sum, count) => sum + count, 0);
  return seen;
}

/** Lanes of those ranks, by the names of their places: p0, p1 ... */
export const lanesOf = (ranks: readonly number[]): QueueContext => ({
  lanes: ranks.map((rank, lane) => ({ name: `p${lane}`, rank })),
});

/** What a policy is made with: no paths and no luck, unless told otherwise. */
export const policyContext = (
  paths: readonly PathOfPool[] = [],
  chance: () => number = () => 0.5,
): PolicyContext => ({ paths, chance });

/** What waits, as rules and policies ask of it: on path 0 with a prompt of one token since the start, or as given. */
export const waitingView = (given: Partial<WaitingView> = {}): WaitingView => ({
  pathOf: () => 0,
  inputTokensOf: () => 1,
  arrivedAtOf: () => START,
  factsOf: () => facts(),
  ...given,
});

/** What a pool is given to start what waits. It has nothing shed at the head. */
export const dispatching = (facts: WaitingFacts, start: Dispatching["start"]): Dispatching => ({
  facts,
  start,
  drop: (request) => {
    throw new Error(`request ${request} is shed at the head`);
  },
});

/** A pool as its own scheduler sees it. */
export const occupancy = (changes: Partial<Occupancy> = {}): Occupancy => ({
  slots: 10,
  slotsBusy: 0,
  kvTokens: 1000,
  kvUsed: 0,
  ...changes,
});

/** As a scenario writes it. */
export type RuleName = Parameters<typeof queueRule.parse>[0] & string;

interface AdmissionSetup {
  readonly policy: AdmissionPolicy;
  readonly ranks?: readonly number[];
  readonly rule?: RuleName;
  readonly limit?: ConcurrencyLimit | undefined;
}

export function admissionOf({
  policy,
  ranks = [0, 1],
  rule = "priority",
  limit = createLimit({ limit: "none" }, { chance: () => 0 }),
}: AdmissionSetup): Admission {
  return new Admission({ limit, policy, rule: createQueueRule(queueRule.parse(rule), lanesOf(ranks)) });
}

/** For tests of what comes after the policy: it lets every request in, and start. */
export const startsAll: AdmissionPolicy = {
  maxQueue: Number.POSITIVE_INFINITY,
  displaceLower: false,
  watchesKv: false,
  queueTimeout: undefined,
  evictsLower: false,
  learns: false,
  dropsAtHead: false,
  decide: () => WAIT,
  mayStart: () => true,
  dropsHead: () => false,
  started: () => undefined,
  settle: () => undefined,
};
