// Random worlds with everything on that makes a fleet elastic: nodes in zones, spot markets, cold starts, warm pools, an
// autoscaler of any kind in each pool, pools that displace others, faults, and models that come and go. Times are of the size of the run, so
// that all of it happens; GPUs are scarce now and then. What else they are is the random world's own.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { AUTOSCALERS } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { MARKETS } from "../../src/core/server/fleet/node-type.js";
import { PLACEMENTS } from "../../src/core/server/fleet/placement/registry.js";
import { Draw, micros } from "./draw.js";
import { randomFault } from "./faulty-worlds.js";
import { modelLifeScenario } from "./model-life-worlds.js";
import { randomScenario } from "./random-scenario.js";

type PoolInput = ScenarioInput["pools"][string];
type AutoscalerInput = NonNullable<PoolInput["autoscaler"]>;

const GPUS_PER_NODE = 8;
const MOST_REPLICAS = 6;
const LEAST_INTERVAL = 0.1;

export function fleetScenario(seed: string): ScenarioInput {
  const draw = new Draw(seed, "fleet");
  const scenario = draw.chance(0.4) ? modelLifeScenario(seed) : randomScenario(seed);
  const seconds = Number.parseInt(String(scenario.duration), 10) / 1e6;
  const types = ["first", "second"].slice(0, draw.pick([1, 2]));
  const names = Object.keys(scenario.pools);
  const pools = Object.fromEntries(
    Object.entries(scenario.pools).map(([name, pool]) => {
      const others = names.filter((other) => other !== name);
      return [name, drawPool(draw, pool, { seconds, types, others })];
    }),
  );
  // Each type alone has room for all that is up at the start, whichever a pool wants.
  const first = Object.values(pools).reduce(
    (sum, { replicas, warmPool = 0, gpusPerReplica = 1 }) =>
      sum + Math.ceil(((Number(replicas) + Number(warmPool)) * Number(gpusPerReplica)) / GPUS_PER_NODE),
    0,
  );
  const faults = Object.fromEntries(
    Array.from({ length: draw.pick([0, 1, 3]) }, (_, place) => {
      return [`fault-${place}`, randomFault(names, Math.ceil(seconds * 1e6), draw)];
    }),
  );
  const hasReclaims = Object.values(faults).some(({ fault }) => fault === "spot-reclaim");
  const nodes = Object.fromEntries(
    types.map((type) => {
      const count = Math.max(1, first + draw.pick([0, 0, 1, 5]));
      const own = { gpusPerNode: GPUS_PER_NODE, count, zones: draw.whole(1, 3), price: draw.real(0, 9) };
      return [type, { ...own, market: hasReclaims ? "spot" : draw.pick(MARKETS) }];
    }),
  );
  const retry = draw.chance(0.5) ? "0s" : micros(seconds * draw.magnitude(0.01, 0.3));
  return { ...scenario, pools, faults, inventory: { nodes, retry } };
}

interface Around {
  readonly seconds: number;
  readonly types: readonly string[];
  readonly others: readonly string[];
}

function drawPool(draw: Draw, pool: PoolInput, { seconds, types, others }: Around): PoolInput {
  const part = (from: number, to: number) => micros(seconds * draw.magnitude(from, to));
  const displaces = draw.chance(0.4) && others.length > 0;
  const placement = draw.pick(PLACEMENTS).name;
  return {
    ...pool,
    replicas: draw.chance(0.2) ? 0 : draw.whole(1, MOST_REPLICAS - 1),
    gpusPerReplica: draw.pick([1, 1, 2, 4, 8, 16]),
    ...(draw.chance(0.7) && { coldStart: drawColdStart(draw, part) }),
    ...(draw.chance(0.3) && { warmPool: draw.whole(1, 2) }),
    ...(displaces ? { displaces: [draw.pick(others)] } : {}),
    ...(!displaces && draw.chance(0.3) && { nodes: [draw.pick(types)] }),
    ...(draw.chance(0.5) && { placement }),
    ...(draw.chance(0.3) && { launchAhead: part(0.01, 0.2) }),
    autoscaler: drawAutoscaler(draw, "profile" in pool.replica, seconds),
  };
}

function drawColdStart(
  draw: Draw,
  part: (from: number, to: number) => string,
): NonNullable<PoolInput["coldStart"]> {
  const time = () => {
    const median = part(0.001, 0.1);
    if (draw.chance(0.4)) return median;
    return draw.chance(0.5) ? { mean: median } : { median, p90: `${2 * Number.parseInt(median, 10) + 1}us` };
  };
  return {
    preset: "warm",
    ...(draw.chance(0.5) && { provision: time() }),
    ...(draw.chance(0.5) && { image: time() }),
    ...(draw.chance(0.5) && { weights: { bytes: 1e9 * draw.magnitude(0.1, 10), from: "nvme" as const } }),
    ...(draw.chance(0.5) && { wake: time() }),
    init: time(),
  };
}

/** Any that the pool may have, with windows of the size of the run. */
function drawAutoscaler(draw: Draw, hasProfile: boolean, seconds: number): AutoscalerInput {
  const own = AUTOSCALERS.filter(
    (one) => (hasProfile || one.needsProfile !== true) && (one.foresees ?? false) === false,
  );
  const { name: algorithm } = draw.pick(own);
  const interval = micros(Math.max(LEAST_INTERVAL, seconds / draw.pick([5, 20, 60])));
  const window = () => micros(seconds * draw.pick([0, 0.02, 0.2]));
  const rate = () =>
    draw.chance(0.5) ? ("unlimited" as const) : { replicas: draw.whole(1, 3), per: micros(seconds / 8) };
  const canBeZero = ["keda", "knative", "ray-serve", "schedule", "target-load"].includes(algorithm);
  const common = {
    min: canBeZero && draw.chance(0.4) ? 0 : 1,
    max: draw.whole(1, MOST_REPLICAS),
    interval,
    metricsDelay: window(),
    tolerance: draw.pick([0, 0.1, 0.5]),
    ...{ upWindow: window(), downWindow: window(), upRate: rate(), downRate: rate() },
  };
  const steps = [0, 0.3, 0.6].map((at) => ({
    at: micros(seconds * at),
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
  return { algorithm, ...common, ...extra[algorithm] } as AutoscalerInput;
}
