// Whole random worlds in which everything that a gateway has is drawn at once: any concurrency limit with any policy and any
// queue rule in each pool, any account limits, detours, eviction, signals that are old, on the way or lost, any placement,
// whose API it is, and outages and faults on top. What each does alone, random-admission.ts and random-limits.ts draw.
import { namesOf } from "../../src/core/document/definition.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { PLACEMENTS } from "../../src/core/server/fleet/placement/registry.js";
import { LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { PROVIDERS } from "../../src/core/server/gateway/providers/registry.js";
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";
import { Draw } from "./draw.js";
import { breaksOften, faultyScenario, randomFault } from "./faulty-worlds.js";
import { admitted, limited, placed, ruled, timing, withDetours } from "./random-admission.js";
import { LIMIT_KINDS } from "./random-limits.js";
import { randomScenario } from "./random-scenario.js";

type PoolInput = ScenarioInput["pools"][string];

export function gatewayScenario(seed: string): ScenarioInput {
  const draw = new Draw(seed, "gateway");
  const base = draw.chance(0.2) ? faultyScenario(seed) : withFaults(randomScenario(seed), draw);
  const [, withLimits] = draw.pick(LIMIT_KINDS);
  const bounded = draw.chance(0.7) ? withLimits(seed, base) : base;
  const pools = Object.entries(bounded.pools).map(
    ([name, pool]) => [name, { ...pool, ...gatewayOf(pool, draw) }] as const,
  );
  const world: ScenarioInput = {
    ...bounded,
    pools: Object.fromEntries(pools),
    ...(draw.chance(0.7) && { provider: namesOf(PROVIDERS)[draw.whole(0, PROVIDERS.length - 1)]! }),
  };
  if (draw.chance(0.4)) return world;
  return withDetours(world, draw, ["limit", "soft-limit", "overload", "outage"]);
}

/** Of one pool: one in five keeps the policy that it has, with options that name its paths. */
function gatewayOf(pool: PoolInput, draw: Draw): Partial<PoolInput> {
  const admission = draw.chance(0.2)
    ? pool.admission
    : admitted(draw.pick(namesOf(POLICIES)), draw).admission;
  return {
    ...limited(draw.pick(namesOf(LIMITS)), draw),
    ...ruled(draw.pick(namesOf(QUEUE_RULES)), draw),
    ...(admission !== undefined && { admission: draw.chance(0.3) ? evicting(admission) : admission }),
    ...(draw.chance(0.4) && { signals: timing(draw, 0.02) }),
    ...(draw.chance(0.3) && placed(draw.pick(namesOf(PLACEMENTS)), draw)),
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
  const kinds = (["incident", "slow-down", "hang"] as const).filter(() => draw.chance(0.2));
  if (kinds.length === 0) return world;
  const pools = Object.keys(world.pools);
  const faults = Object.fromEntries(kinds.map((kind) => [kind, randomFault(pools, length, draw, kind)]));
  return { ...world, faults, drain: world.drain === true && !breaksOften(faults, length) };
}
