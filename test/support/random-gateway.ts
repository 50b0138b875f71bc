// Whole random worlds in which everything that a gateway has is drawn at once: any concurrency limit with any policy and any
// queue rule in each pool, any account limits, detours, eviction, signals that are old, on the way or lost, any placement,
// whose API it is, and outages and faults on top. What each does alone, random-admission.ts and random-limits.ts draw.
import { Outcome, REASONS } from "../../src/core/base/outcome.js";
import { namesOf } from "../../src/core/document/definition.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { PLACEMENTS } from "../../src/core/server/fleet/placement/registry.js";
import { LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { PROVIDERS } from "../../src/core/server/gateway/providers/registry.js";
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";
import { Draw } from "./draw.js";
import { asManyAsThereAre, breaksOften, faultyScenario, randomFault } from "./faulty-worlds.js";
import { admitted, limited, placed, ruled, timing, withDetours, withoutIdle } from "./random-admission.js";
import { LIMIT_KINDS, QUOTA_KINDS } from "./random-limits.js";
import { randomScenario, type WorldSize } from "./random-scenario.js";
import { TRIPLES, type Triple } from "./triples.js";

/** Ends that a gateway decides on. */
const OF_A_GATEWAY: ReadonlySet<Outcome> = new Set([
  Outcome.rateLimited,
  Outcome.overloaded,
  Outcome.unavailable,
  Outcome.evicted,
]);

/** Without a factor in common with their number: it comes by all of them, neighbours far from each other. */
const STRIDE = 197;

type PoolInput = ScenarioInput["pools"][string];

/**
 * The world of a seed that ends in a number. By their numbers worlds take turns in the triple of the first pool and in
 * providers, so that as many in a row as there are triples have them all.
 */
export function gatewayScenario(seed: string, most?: WorldSize): ScenarioInput {
  const draw = new Draw(seed, "gateway");
  const base = draw.chance(0.2) ? faultyScenario(seed, most) : withFaults(randomScenario(seed, most), draw);
  const [, drawn] = draw.pick(LIMIT_KINDS);
  const withLimits = new Draw(seed, "quotas").chance(0.1) ? WITH_QUOTAS : drawn;
  const limits = draw.chance(0.7) ? withLimits(seed, base).limits : base.limits;
  const bounded =
    limits === undefined
      ? base
      : { ...base, limits: steep(draw.chance(0.5) ? ofTokens(limits, draw) : limits, draw) };
  const turn = Number(/\d*$/.exec(seed)![0]);
  const pools = Object.entries(bounded.pools).map(([name, pool], place) => {
    const triple = place === 0 ? TRIPLES[(turn * STRIDE) % TRIPLES.length]! : draw.pick(TRIPLES);
    return [name, { ...pool, ...gatewayOf(pool, triple, draw) }] as const;
  });
  const world = withoutIdle({
    ...bounded,
    pools: Object.fromEntries(pools),
    provider: PROVIDERS[turn % PROVIDERS.length]!.name,
  });
  if (draw.chance(0.4)) return world;
  return withDetours(world, draw, ["limit", "soft-limit", "overload", "outage"]);
}

const WITH_QUOTAS = QUOTA_KINDS[0]![1];

type LimitsInput = NonNullable<ScenarioInput["limits"]>;

/** Limits on requests are often met before all others: here it is one of tokens that is, if they are met at all. */
function ofTokens(
  { requests: _, promptTokens, expectedOutput: __, ...limits }: LimitsInput,
  draw: Draw,
): LimitsInput {
  const generatedTokens = { rate: `${draw.whole(1, 500)}/min`, burst: draw.whole(1, 500) };
  return {
    ...limits,
    ...(promptTokens === undefined || draw.chance(0.3)
      ? { generatedTokens }
      : { uncachedPromptTokens: tight(promptTokens) }),
    outputAccounting: "post-charge",
  };
}

/** A ramp, where there is one, begins at as few prompt tokens as a small world has in a minute. */
function steep(limits: LimitsInput, draw: Draw): LimitsInput {
  if (limits.ramp === undefined || draw.chance(0.2)) return limits;
  return { ...limits, ramp: { ...limits.ramp, from: `${draw.whole(100, 1000)}/min` } };
}

/** Where it is a bucket of a stated depth: hardly anything comes back. */
function tight(limit: NonNullable<LimitsInput["promptTokens"]>): typeof limit {
  return typeof limit === "object" && "burst" in limit ? { ...limit, rate: "60/min" } : limit;
}

/** Of one pool: where its own policy is the one whose turn it is, it keeps that, with options that name its paths. */
function gatewayOf(pool: PoolInput, { limit, policy, rule }: Triple, draw: Draw): Partial<PoolInput> {
  const admission = pool.admission?.policy === policy ? pool.admission : admitted(policy, draw).admission!;
  return {
    ...limited(limit, draw),
    ...ruled(rule, draw),
    admission: draw.chance(0.3) ? evicting(admission) : admission,
    ...(draw.chance(0.4) && { signals: timing(draw, 0.02) }),
    ...(draw.chance(0.4) && placed(draw.pick(namesOf(PLACEMENTS)), draw)),
  };
}

type AdmissionInput = NonNullable<PoolInput["admission"]>;

/** An arrival of a higher rank ends what runs, where the policy knows how. */
function evicting(admission: AdmissionInput): AdmissionInput {
  const { options } = POLICIES.find(({ name }) => name === admission.policy)!;
  return "evictLower" in options ? ({ ...admission, evictLower: true } as AdmissionInput) : admission;
}

/** Some break in the kinds of ways for which no nodes are needed. */
function withFaults(world: ScenarioInput, draw: Draw): ScenarioInput {
  const length = Number.parseInt(String(world.duration), 10);
  const kinds = (["incident", "slow-down", "instance-crash"] as const).filter(() => draw.chance(0.2));
  if (kinds.length === 0) return world;
  const pools = Object.keys(world.pools);
  const faults = Object.fromEntries(kinds.map((kind) => [kind, randomFault(pools, length, draw, kind)]));
  const drain = world.drain === true && !breaksOften(faults, length);
  return asManyAsThereAre({ ...world, faults, drain });
}

/** By kind, the names that a world may have. */
const NAMED = {
  limit: namesOf(LIMITS),
  policy: namesOf(POLICIES),
  rule: namesOf(QUEUE_RULES),
  placement: namesOf(PLACEMENTS),
  provider: namesOf(PROVIDERS),
} as const;

/** Reasons, and what else results count, that come of a gateway. */
const COUNTED = [
  ...REASONS.filter(({ outcome }) => OF_A_GATEWAY.has(outcome)).map(({ name }) => name),
  ...["demoted", "spilled", "misread"],
];

/** Every name that a world may have, by kind, and everything that is counted. */
export const WHAT_MAY_BITE: readonly string[] = [
  ...Object.entries(NAMED).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`)),
  ...["signals old", "signals on the way", "signals lost"],
  ...COUNTED,
];

/** Those of them that are in that world. */
export function namesIn({ pools, provider }: ScenarioInput): string[] {
  const own = typeof provider === "object" ? provider.preset : provider;
  const named = Object.values(pools).flatMap(({ concurrency, admission, discipline, placement, signals }) => [
    `limit ${nameIn(concurrency, "limit") ?? "none"}`,
    `policy ${admission?.policy}`,
    `rule ${nameIn(discipline, "rule")}`,
    `placement ${nameIn(placement, "strategy") ?? "least-loaded"}`,
    ...(signals?.period !== undefined ? ["signals old"] : []),
    ...(Number.parseInt(String(signals?.age ?? 0), 10) > 0 ? ["signals on the way"] : []),
    ...(Number(signals?.loss ?? 0) > 0 ? ["signals lost"] : []),
  ]);
  return [...new Set([...named, `provider ${own ?? "fireworks"}`])];
}

const nameIn = (given: unknown, key: string): unknown =>
  typeof given === "object" && given !== null ? (given as Readonly<Record<string, unknown>>)[key] : given;
