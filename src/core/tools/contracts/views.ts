// Requests and pools as a gateway and its policies see them, with whatever is not said at something plain.
import { START } from "../../base/units.js";
import type { AdmissionPolicy, Occupancy } from "../../server/gateway/policies/policy.js";
import type { QueueContext, WaitingView } from "../../server/gateway/queue/rule.js";
import type { RequestFacts } from "../../server/gateway/request-facts.js";
import { PoolSignals } from "../../server/gateway/signals.js";
import { WAIT } from "../../server/gateway/verdict.js";

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

export interface PoolLoad {
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
}: PoolLoad = {}): PoolSignals {
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

/** What waits, as rules and policies ask of it: on path 0 with a prompt of one token since the start, or as given. */
export const waitingView = (given: Partial<WaitingView> = {}): WaitingView => ({
  pathOf: () => 0,
  inputTokensOf: () => 1,
  arrivedAtOf: () => START,
  factsOf: () => facts(),
  ...given,
});

/** A pool as its own scheduler sees it. */
export const occupancy = (changes: Partial<Occupancy> = {}): Occupancy => ({
  slots: 10,
  slotsBusy: 0,
  kvTokens: 1000,
  kvUsed: 0,
  ...changes,
});

/** For tests of what comes after the policy: it lets every request in, and start. */
export const startsAll: AdmissionPolicy = {
  maxQueue: Number.POSITIVE_INFINITY,
  displaceLower: false,
  watchesKv: false,
  startsByKv: false,
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
