// Random worlds with everything on that makes a fleet elastic: nodes in zones, spot markets, cold starts, warm pools, an
// autoscaler of any kind in each pool, pools that displace others, faults, and models that come and go. Times are of the
// size of the run, so that all of it happens; GPUs are scarce now and then. What else they are is the random world's own.
import { poolLives } from "../../src/core/scenario/path-lives.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { AUTOSCALERS } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { MARKETS } from "../../src/core/server/fleet/node-type.js";
import { PLACEMENTS } from "../../src/core/server/fleet/placement/registry.js";
import { Draw, micros } from "./draw.js";
import { asManyAsThereAre, breaksOften, randomFault } from "./faulty-worlds.js";
import { modelLifeScenario } from "./model-life-worlds.js";
import { randomScenario } from "./random-scenario.js";

type PoolInput = ScenarioInput["pools"][string];
type AutoscalerInput = Exclude<NonNullable<PoolInput["autoscaler"]>, string>;
type FaultInput = NonNullable<ScenarioInput["faults"]>[string];

const GPUS_PER_NODE = 8;
const MOST_REPLICAS = 6;
const LEAST_INTERVAL = 0.1;
const MOST_DELAY = 300;
/** Autoscalers then decide at least twenty times. */
const LEAST_SECONDS = 2;
const MOST_TRIES = 8;
const NVME_BYTES_PER_SECOND = 3.5e9;

/** What is not left to chance. */
export interface Stated {
  /** Of each pool that may have it. */
  readonly algorithm?: AutoscalerInput["algorithm"];
  /** There is one of that kind, at least. */
  readonly fault?: FaultInput["fault"];
  /** Nodes of two types, on demand and spot. */
  readonly isPartlySpot?: boolean;
}

export function fleetScenario(seed: string, stated: Stated = {}): ScenarioInput {
  const draw = new Draw(seed, "fleet");
  const scenario = longEnough(seed, draw.chance(0.4) ? modelLifeScenario : randomScenario);
  const seconds = secondsOf(scenario);
  const { algorithm, fault: kind, isPartlySpot = false } = stated;
  const names = Object.keys(scenario.pools);
  // Those that displace others find no room elsewhere: there is one type of nodes, hardly larger than the start takes.
  const isScarce = names.length > 1 && draw.chance(0.5);
  const count = isScarce ? 1 : draw.pick([1, 2]);
  const types = ["first", "second"].slice(0, isPartlySpot ? 2 : count);
  const drawn = Object.fromEntries(
    Object.entries(scenario.pools).map(([name, pool], index) => {
      // None in a circle.
      const others = names.slice(0, index);
      return [name, drawPool(draw, pool, { seconds, types, others, isScarce, algorithm })];
    }),
  );
  const pools = withoutVainAhead(drawn, scenario.paths);
  const least = leastNodes(Object.values(pools));
  const takesSeveral = Object.values(pools).some(
    ({ gpusPerReplica }) => Number(gpusPerReplica) > GPUS_PER_NODE,
  );
  const faults = Object.fromEntries(
    Array.from({ length: Math.max(draw.pick([0, 1, 3]), kind === undefined ? 0 : 1) }, (_, place) => {
      const own = place === 0 ? kind : undefined;
      return [`fault-${place}`, randomFault(names, Math.ceil(seconds * 1e6), draw, own)];
    }),
  );
  const hasReclaims = Object.values(faults).some(({ fault }) => fault === "spot-reclaim");
  const nodes = Object.fromEntries(
    types.map((type) => {
      const zones = draw.whole(1, 3);
      // What takes several nodes has them in one zone, so that in each zone some may be left over.
      const nodesOf =
        least + (takesSeveral ? zones - 1 : 0) + draw.pick(isScarce ? [0, 0, 0, 1] : [0, 0, 1, 5]);
      const own = {
        gpusPerNode: GPUS_PER_NODE,
        count: nodesOf,
        zones: Math.min(zones, nodesOf),
        price: draw.real(0, 9),
      };
      const spot = hasReclaims ? "spot" : draw.pick(MARKETS);
      return [type, { ...own, market: isPartlySpot && type === "first" ? "on-demand" : spot }];
    }),
  );
  const retry = draw.chance(0.5) ? "0s" : micros(seconds * draw.magnitude(0.01, 0.3));
  // What waits without an end at a pool that is never up again is given up after days of decisions, ten a second.
  const isEndless = Object.values(pools).some(({ admission }) => admission?.policy === "none");
  const drain = scenario.drain === true && !isEndless && !breaksOften(faults, seconds * 1e6);
  return asManyAsThereAre({ ...scenario, pools, faults, inventory: { nodes, retry }, drain });
}

interface Bounds {
  readonly min?: number;
  readonly steps?: readonly { readonly replicas: number }[];
}

/**
 * Each type alone has room for all that is up at the start or kept in any case, whichever a pool wants, and for an
 * instance of any of them.
 */
function leastNodes(pools: readonly PoolInput[]): number {
  const nodes = pools.map(({ replicas, warmPool = 0, gpusPerReplica = 1, autoscaler }) => {
    const { min = 0, steps }: Bounds = autoscaler === undefined ? {} : (autoscaler as Bounds);
    const kept = Math.max(min, steps?.[0]?.replicas ?? Number(replicas));
    return Math.ceil(((kept + Number(warmPool)) * Number(gpusPerReplica)) / GPUS_PER_NODE);
  });
  const largest = pools.map(({ gpusPerReplica = 1 }) => Math.ceil(Number(gpusPerReplica) / GPUS_PER_NODE));
  const all = nodes.reduce((sum, count) => sum + count, 0);
  return Math.max(all, ...largest);
}

const secondsOf = ({ duration }: ScenarioInput) => Number.parseInt(String(duration), 10) / 1e6;

/** The first of several worlds of a seed that lasts as long as it takes to scale. */
function longEnough(seed: string, world: (seed: string) => ScenarioInput): ScenarioInput {
  let found = world(seed);
  for (let tries = 1; secondsOf(found) < LEAST_SECONDS && tries < MOST_TRIES; tries++)
    found = world(`${seed}-${tries}`);
  return found;
}

/** Ahead of a launch only where there is one, and of no more than the time to it. */
function withoutVainAhead(
  pools: ScenarioInput["pools"],
  paths: ScenarioInput["paths"],
): ScenarioInput["pools"] {
  const lives = poolLives({ pools, paths });
  return Object.fromEntries(
    Object.entries(pools).map(([name, { launchAhead, ...pool }]) => {
      const { launch, isByClock } = lives.get(name)!;
      if (launchAhead === undefined || launch === 0 || isByClock) return [name, pool];
      const isTooLong = Number.parseInt(String(launchAhead), 10) > launch;
      return [name, { ...pool, launchAhead: isTooLong ? `${launch}us` : launchAhead }];
    }),
  );
}

interface Around {
  readonly seconds: number;
  readonly types: readonly string[];
  readonly others: readonly string[];
  readonly isScarce: boolean;
  readonly algorithm: Stated["algorithm"];
}

function drawPool(draw: Draw, pool: PoolInput, around: Around): PoolInput {
  const { seconds, types, others, isScarce, algorithm } = around;
  const part = (from: number, to: number) => micros(seconds * draw.magnitude(from, to));
  const displaces = draw.chance(isScarce ? 0.8 : 0.2) && others.length > 0;
  const isOwn = algorithm === undefined;
  const hasPeak = displaces && isOwn && draw.chance(0.6);
  // What it gave up comes back to it by itself only where no autoscaler of its own decides in between.
  const isFixed = others.length === 0 && isScarce && isOwn && draw.chance(0.5);
  const placement = draw.pick(PLACEMENTS).name;
  const { autoscaler: _, ...rest } = pool;
  return {
    ...rest,
    replicas: draw.chance(isFixed ? 0 : 0.2) ? 0 : draw.whole(1, MOST_REPLICAS - 1),
    gpusPerReplica: draw.pick(hasPeak ? [4, 8, 8] : [1, 1, 2, 4, 8, 16]),
    ...(draw.chance(0.7) && { coldStart: drawColdStart(draw, seconds) }),
    warmPool: draw.chance(0.5) ? draw.whole(1, 2) : 0,
    ...(displaces ? { displaces: [draw.pick(others)] } : {}),
    ...(!displaces && draw.chance(0.3) && { nodes: [draw.pick(types)] }),
    ...(draw.chance(0.5) && { placement }),
    ...(draw.chance(0.3) && { launchAhead: part(0.01, 0.2) }),
    ...(!isFixed && {
      autoscaler: hasPeak
        ? drawPeak(draw, seconds)
        : drawAutoscaler(draw, "profile" in pool.replica, seconds, algorithm),
    }),
  };
}

function drawColdStart(draw: Draw, seconds: number): NonNullable<PoolInput["coldStart"]> {
  const some = () => seconds * draw.magnitude(0.001, 0.1);
  const time = () => {
    const median = micros(some());
    if (draw.chance(0.4)) return median;
    return draw.chance(0.5) ? { mean: median } : { median, p90: `${2 * Number.parseInt(median, 10) + 1}us` };
  };
  return {
    preset: "warm",
    ...(draw.chance(0.5) && { provision: time() }),
    ...(draw.chance(0.5) && { image: time() }),
    ...(draw.chance(0.5) && { weights: { bytes: NVME_BYTES_PER_SECOND * some(), from: "nvme" as const } }),
    ...(draw.chance(0.5) && { wake: time() }),
    init: time(),
  };
}

/** Many for a while, whatever comes: others have to give up theirs, and get them back. */
const drawPeak = (draw: Draw, seconds: number): AutoscalerInput => ({
  algorithm: "schedule",
  min: 0,
  max: MOST_REPLICAS,
  steps: [
    { at: 0, replicas: draw.whole(0, 1) },
    { at: micros(seconds * draw.real(0.05, 0.3)), replicas: draw.whole(2, MOST_REPLICAS) },
    { at: micros(seconds * draw.real(0.5, 0.7)), replicas: draw.whole(0, 1) },
  ],
});

/** Any that the pool may have, with windows of the size of the run. */
function drawAutoscaler(
  draw: Draw,
  hasProfile: boolean,
  seconds: number,
  stated: Stated["algorithm"],
): AutoscalerInput {
  const own = AUTOSCALERS.filter((one) => hasProfile || one.needsProfile !== true);
  const { name: drawn } = draw.pick(own);
  const algorithm = own.find(({ name }) => name === stated)?.name ?? drawn;
  const interval = micros(Math.max(LEAST_INTERVAL, seconds / draw.pick([5, 20, 60])));
  const window = () => micros(seconds * draw.pick([0, 0.02, 0.2]));
  const rate = () =>
    draw.chance(0.5) ? ("unlimited" as const) : { replicas: draw.whole(1, 3), per: micros(seconds / 8) };
  const canBeZero = ["keda", "knative", "ray-serve", "schedule", "target-load"].includes(algorithm);
  const common = {
    min: canBeZero && draw.chance(0.8) ? 0 : 1,
    max: draw.whole(1, MOST_REPLICAS),
    interval,
    // Some refuse what is older than five minutes.
    metricsDelay: micros(Math.min(MOST_DELAY, seconds * draw.pick([0, 0.02, 0.2]))),
    tolerance: draw.pick([0, 0.1, 0.5]),
    ...{ upWindow: window(), downWindow: window(), upRate: rate(), downRate: rate() },
  };
  const steps = [0, 0.3, 0.6].map((at) => ({
    at: at === 0 ? 0 : micros(seconds * at),
    replicas: draw.whole(0, MOST_REPLICAS),
  }));
  const hasSteps = steps.some(({ replicas }) => replicas > 0);
  const extra: Readonly<Record<string, object>> = {
    schedule: { steps: hasSteps ? steps : [{ at: 0, replicas: 1 }] },
    keda: { polling: interval, cooldown: window() },
    knative: { stableWindow: interval, zeroGrace: window(), target: draw.whole(1, 10) },
    "ray-serve": { upDelay: window(), downDelay: window(), lookBack: interval, metricsEvery: interval },
    predictive: {
      minObservations: 2,
      forecast: draw.pick(["last", "seasonal", "holt-winters"]),
      season: interval,
    },
  };
  const options = { ...extra[algorithm] } as Record<string, unknown>;
  for (const key of vainKeys(algorithm, common, options)) delete options[key];
  return { algorithm, ...common, ...options } as AutoscalerInput;
}

/** What counts for nothing: of the way to zero where one is kept, and of seasons where the last value is forecast. */
function vainKeys(
  algorithm: string,
  { min, tolerance }: { readonly min: number; readonly tolerance: number },
  { forecast }: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (algorithm === "predictive") return forecast === "last" ? ["season"] : [];
  if (min === 0) return [];
  return ["polling", "cooldown", ...(tolerance < 0.5 ? ["zeroGrace"] : [])];
}
