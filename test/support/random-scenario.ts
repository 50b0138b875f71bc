// A whole valid scenario from one seed: any fleet, any policy, any demand from idle to four times too much, small
// enough to run in milliseconds. Property tests and the swarm take their worlds from here.

import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { machineOf } from "../../src/core/server/profile/machine.js";
import { Draw, micros } from "./draw.js";
import { drawAdmission, drawLimits, drawPaths, drawPool, type RandomPool } from "./random-fleet.js";
import { drawLengths, drawSource, drawTraceSource, type Lengths } from "./random-traffic.js";

/** Sequence-steps that one world may cost, and requests that it may have. */
export interface WorldSize {
  readonly effort: number;
  readonly requests: number;
}

/** The same draws in both: a small world is a shorter one, of the same fleet and demand. */
export const USUAL: WorldSize = { effort: 80_000, requests: 1200 };
export const SMALL: WorldSize = { effort: 10_000, requests: 150 };
const FEWEST_REQUESTS = 40;

export function randomScenario(seed: string, most: WorldSize = USUAL): ScenarioInput {
  const draw = new Draw(seed, "scenario");
  const lengths = drawLengths(draw);
  const names = ["shared", "second", "third"].slice(0, draw.pick([1, 2, 2, 3]));
  const pools = names.map((name) => ({ name, ...drawPool(draw, lengths) }));
  const paths = drawPaths(draw, names);
  const world = sizeOf(draw, pools, most);
  const maxOutput = Math.ceil(lengths.output.mean * draw.pick([1, 3, 8]));
  const times = drawTimes(draw, world.duration);
  return {
    schemaVersion: 1,
    name: "random-world",
    ...times,
    inventory: { gpus: gpusOfAll(pools) },
    pools: Object.fromEntries(
      pools.map((pool) => {
        const own = Object.keys(paths).filter((path) => paths[path]!.pool === pool.name);
        return [pool.name, { ...pool.spec, admission: drawAdmission(draw, pool, own) }];
      }),
    ),
    paths,
    ...(draw.chance(0.6) && { limits: drawLimits(draw, { rate: world.rate / 10, lengths, maxOutput }) }),
    retryAfter: drawRetryAfter(draw),
    outages: drawOutages(draw, names, world.duration),
    traffic: keptIn(
      pools,
      drawTraffic(draw, { ...world, lengths, maxOutput, paths: Object.keys(paths) }, seed),
    ),
  };
}

/** Of prompts nothing is cached where a pool keeps no contexts. */
function keptIn(pools: readonly RandomPool[], traffic: ScenarioInput["traffic"]): ScenarioInput["traffic"] {
  if (!pools.some(({ spec: { replica } }) => "prefixCache" in replica && replica.prefixCache === false))
    return traffic;
  const bare = Object.entries(traffic).map(([name, { cached: _, ...source }]) => [name, source] as const);
  return Object.fromEntries(bare);
}

interface Size {
  readonly rate: number;
  readonly duration: number;
  readonly stay: number;
}

function sizeOf(
  draw: Draw,
  pools: readonly RandomPool[],
  { effort: mostEffort, requests: mostRequests }: WorldSize,
): Size {
  const capacity = pools.reduce((sum, pool) => sum + pool.capacity, 0);
  const effort = Math.max(...pools.map((pool) => pool.effort));
  const load = draw.magnitude(0.2, 4);
  const most = Math.min(mostRequests, Math.max(FEWEST_REQUESTS, mostEffort / effort));
  const requests = draw.magnitude(FEWEST_REQUESTS, most + 1);
  const rate = Math.min(1e5, capacity * load);
  return { rate, duration: requests / rate, stay: Math.max(...pools.map((pool) => pool.stay)) };
}

function gpusOfAll(pools: readonly RandomPool[]): number {
  return pools.reduce((sum, { spec: { replicas, replica, gpusPerReplica } }) => {
    return sum + Number(replicas) * Number(gpusPerReplica ?? machineOf(replica).gpus);
  }, 0);
}

function drawTimes(draw: Draw, duration: number) {
  return {
    duration: micros(duration),
    ...(draw.chance(0.5) && { warmup: micros(duration * draw.pick([0.1, 0.25, 0.5, 0.9])) }),
    ...(draw.chance(0.7) && { drain: draw.chance(0.5) }),
    sampling: { interval: micros(Math.max(0.1, duration / draw.pick([3, 20, 50]))) },
  };
}

function drawRetryAfter(draw: Draw): NonNullable<ScenarioInput["retryAfter"]> {
  return {
    overloaded: draw.pick(["none", "1us", "50ms", "3s", "59s"]),
    rateLimited: draw.pick(["none", "estimate", "estimate", "200ms", "59.9999s"]),
    jitter: draw.pick([0, 0.25, 1]),
  };
}

/** Some start where the measured window opens, or together: what happens at one instant must still have an order. */
function drawOutages(draw: Draw, pools: readonly string[], duration: number) {
  return Array.from({ length: draw.pick([0, 0, 1, 3]) }, () => ({
    pool: draw.pick(pools),
    from: micros(duration * draw.pick([0, 0.1, 0.25, 0.5, draw.real(0, 1)])),
    for: micros(duration * draw.magnitude(0.001, 0.3)),
  }));
}

interface Demand extends Size {
  readonly lengths: Lengths;
  readonly maxOutput: number;
  readonly paths: readonly string[];
}

function drawTraffic(
  draw: Draw,
  { rate, stay, duration, lengths, maxOutput, paths }: Demand,
  seed: string,
): ScenarioInput["traffic"] {
  const contradictions = paths.filter((path) => path.startsWith("fast")).map((path) => `${path}+priority`);
  const targets = draw.chance(0.3) ? [...paths, ...contradictions] : paths;
  const shares = draw.shares(draw.pick([1, 1, 2, 4]));
  return Object.fromEntries(
    shares.map((share, index) => {
      const demand = { rate: rate * share, duration, lengths, targets, stay, maxOutput };
      const isTrace = index > 0 && draw.chance(0.5);
      return [`source${index}`, isTrace ? drawTraceSource(draw, demand, seed) : drawSource(draw, demand)];
    }),
  );
}
