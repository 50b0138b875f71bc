// Which combinations of concurrency limits, policies and queue rules there are, with options drawn for each, and the logs
// that they are tried on. Knows nothing of what is demanded of them.
import fc from "fast-check";
import { namesOf } from "../../src/core/document/definition.js";
import { openStream } from "../../src/core/random/stream.js";
import type { AccountLimitOptions } from "../../src/core/server/gateway/accounts/account-limits.js";
import { concurrencyLimit, createLimit, LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { createPolicy, POLICIES, policy } from "../../src/core/server/gateway/policies/registry.js";
import { createQueueRule, QUEUE_RULES, queueRule } from "../../src/core/server/gateway/queue/registry.js";
import { Draw } from "../support/draw.js";
import { lanesOf, policyContext } from "../support/gateway-views.js";
import { optionsOf } from "../support/random-admission.js";
import { pairsOf, type Triple } from "../support/triples.js";
import type { Combination, Log } from "./combinations.js";
import { type Call, type Place, RANKS } from "./combined-calls.js";

type Given = Readonly<Record<string, unknown>>;

const RANK_BY_LANE = Array.from({ length: RANKS }, (_, rank) => rank);
const PATHS = RANK_BY_LANE.map((rank) => ({ name: `p${rank}`, isServed: true, rank }));

/** Options that name paths: none of them favours a lower rank, which has an order of its own. */
const OF_PATHS: Readonly<Record<string, (draw: Draw) => object>> = {
  "trunk-reservation": (draw) => ({
    reserve: { p1: 0.1, p2: 0.3 },
    signal: draw.pick(["slots", "kv"]),
    maxQueue: draw.pick([0, 2, 5, 100]),
  }),
  saturation: () => ({ sheddable: ["p1", "p2"] }),
  "probabilistic-admitter": () => ({ sheddable: ["p1", "p2"] }),
  ramp: () => ({ from: { p0: 0.4, p1: 0.2, p2: 0 } }),
  partition: () => ({ shares: { p0: 1, p1: 0.5, p2: 0.2 } }),
  edf: () => ({ deadlines: { p0: "20ms", p1: "100ms" } }),
};

const definitionOf = (name: string) => POLICIES.find((one) => one.name === name)!;

/** A policy as a scenario writes it. */
function givenPolicy(name: string, draw: Draw): Given {
  const options: Given = { ...optionsOf(name, draw), ...OF_PATHS[name]?.(draw) };
  const evicts = "evictLower" in definitionOf(name).options && draw.chance(0.3);
  return { policy: name, ...options, ...(evicts && { evictLower: true }) };
}

/** One with options from a seed; one in five has its defaults, where it can do without any. */
function drawn(name: string, seed: string, needsSome = false): Given {
  const draw = new Draw(seed, name);
  return draw.chance(0.2) && !needsSome ? {} : { ...optionsOf(name, draw), ...OF_PATHS[name]?.(draw) };
}

function policyOf(name: string, seed: string): Given {
  const draw = new Draw(seed, `policy ${name}`);
  const isPlain = draw.chance(0.2) && name !== "any-of";
  return isPlain ? { policy: name } : givenPolicy(name, draw);
}

/** Of a policy, or of those that it combines. */
function definitionsOf(name: string, seed: string) {
  const given = policyOf(name, seed);
  const parts = (given["of"] as readonly Given[] | undefined) ?? [given];
  return parts.map((one) => definitionOf(String(one["policy"])));
}

export function combinationOf(triple: Triple): Combination {
  const chance = (seed: string, name: string) => {
    const stream = openStream(seed, name);
    return () => stream.uniform();
  };
  return {
    create: (seed) => ({
      limit: createLimit(
        concurrencyLimit.parse({ limit: triple.limit, ...drawn(triple.limit, seed) } as never),
        { chance: chance(seed, "limit") },
      ),
      policy: createPolicy(
        policy.parse(policyOf(triple.policy, seed)),
        policyContext(PATHS, chance(seed, "policy")),
      ),
      rule: createQueueRule(
        queueRule.parse({ rule: triple.rule, ...drawn(triple.rule, seed) } as never),
        lanesOf(RANK_BY_LANE),
      ),
    }),
    ordersByPriority: (seed) => definitionsOf(triple.policy, seed).every((one) => one.ordersByPriority),
    distrustsOldCopies: (seed) =>
      definitionsOf(triple.policy, seed).some(({ options }) => "staleAfter" in options),
  };
}

function squares(): Triple[] {
  const kinds = [namesOf(LIMITS), namesOf(POLICIES), namesOf(QUEUE_RULES)] as const;
  const most = Math.max(...kinds.map((names) => names.length));
  const seen = new Set<string>();
  const rows: Triple[] = [];
  for (let first = 0; first < most; first++) {
    for (let second = 0; second < most; second++) {
      const [limit, name, rule] = [first, second, first + second].map((place, kind) => {
        const names = kinds[kind]!;
        return names[place % names.length]!;
      });
      const triple = { limit: limit!, policy: name!, rule: rule! };
      const pairs = pairsOf(triple).filter((pair) => !seen.has(pair));
      if (pairs.length === 0) continue;
      for (const pair of pairs) seen.add(pair);
      rows.push(triple);
    }
  }
  return rows;
}

/** Few of them, in which any two that can stand together do: rows and columns of a square, counted round. */
export const PAIRS: readonly Triple[] = squares();

const micros = (most: number) =>
  fc.oneof(fc.constant(0), fc.nat({ max: Math.ceil(most / 30) }), fc.nat({ max: most }));

const call: fc.Arbitrary<Call> = fc
  .record({
    gap: micros(300_000),
    rank: fc.nat({ max: RANKS - 1 }),
    account: fc.nat({ max: 4 }),
    inputTokens: fc.integer({ min: 1, max: 1500 }),
    maxTokens: fc.integer({ min: 1, max: 60 }),
    outputShare: fc.nat({ max: 99 }),
    prefill: micros(200_000),
    perToken: micros(30_000),
    patience: fc.option(micros(2_000_000), { nil: undefined, freq: 4 }),
  })
  .map(({ outputShare, ...rest }) => ({
    ...rest,
    outputTokens: 1 + Math.floor((rest.maxTokens * outputShare) / 100),
  }));

const place: fc.Arbitrary<Place> = fc.record({
  slots: fc.integer({ min: 1, max: 6 }),
  prefills: fc.integer({ min: 1, max: 6 }),
  kvTokens: fc.constantFrom(1500, 4000, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
  staleness: fc.constantFrom(0, 0, 20_000, 500_000),
});

/** What of an account depends on its calls alone. */
const limits: fc.Arbitrary<AccountLimitOptions> = fc
  .record({
    window: fc.constantFrom("bucket", "sliding", "fixed"),
    perMinute: fc.integer({ min: 2, max: 100 }),
    burst: fc.integer({ min: 1, max: 10 }),
  })
  .map(({ window, perMinute, burst }) => ({
    requests: { perMinute, burst, window, scope: "account" },
    promptTokens: { perMinute: 400 * perMinute, burst: 1500 * burst, window },
    outputAccounting: "post-charge",
    expectedOutput: 0,
    chargeShed: true,
  }));

export const log: fc.Arbitrary<Log> = fc.record({
  seed: fc.noShrink(fc.nat()).map(String),
  place,
  calls: fc.array(call, { minLength: 1, maxLength: 40, size: "max" }),
  limits: fc.option(limits, { nil: undefined, freq: 2 }),
});
