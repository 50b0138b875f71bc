// Random worlds of one pool and an autoscaler that has to guess: open-loop traffic that comes in bursts, cold starts, a
// queue that is bounded in length and time. What an autoscaler spends there and sheds, and the clairvoyant that sheds
// least of those that spend no more.
import type { Seams } from "../../src/core/engine/world/seams.js";
import { parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { AUTOSCALERS } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { Draw, micros } from "./draw.js";

type PoolInput = ScenarioInput["pools"][string];
export type ScalerInput = Exclude<NonNullable<PoolInput["autoscaler"]>, string>;

export interface ScalerWorld {
  readonly scenario: ScenarioInput;
  /** The most replicas that there can be, and the fewest that its autoscalers keep. */
  readonly most: number;
  readonly least: number;
  readonly interval: string;
  /** One that has to guess. */
  readonly rival: ScalerInput;
}

/** Seconds. */
const MEASURED = 360;
const WARMUP = 40;

export function scalerWorld(seed: string): ScalerWorld {
  const draw = new Draw(seed, "scalers");
  const most = draw.whole(3, 8);
  const { replica, stay, places, traffic } = drawReplica(draw);
  const start = draw.magnitude(4, 60);
  const peak = (most * places * draw.real(0.4, 1.1)) / stay;
  const interval = `${draw.pick([2, 5, 10, 15])}s`;
  const least = draw.whole(1, 2);
  const rival = drawRival(draw, { most, least, interval }, replica.engine === "batching");
  const maxQueue = Math.round(most * places * draw.pick([0, 0.1, 0.3, 1]));
  const scenario: ScenarioInput = {
    schemaVersion: 1,
    name: "scaler-world",
    duration: `${MEASURED + WARMUP}s`,
    warmup: `${WARMUP}s`,
    inventory: { gpus: most },
    pools: {
      shared: {
        replicas: draw.whole(1, most),
        replica,
        gpusPerReplica: 1,
        coldStart: {
          preset: "warm",
          init: draw.chance(0.5) ? micros(start) : { median: micros(start), p90: micros(start * 1.5) },
        },
        admission: {
          policy: "tail-drop",
          maxQueue,
          queueTimeout: micros(draw.magnitude(1, 40)),
        },
      },
    },
    paths: {
      standard: { model: "m", pool: "shared", rank: 1 },
      priority: {
        model: "m",
        serviceTier: "priority",
        pool: "shared",
        rank: 0,
      },
    },
    traffic: {
      bursts: {
        arrivals: {
          ...(draw.chance(0.5) ? { process: "poisson" } : { process: "gamma", cv: draw.pick([2, 4]) }),
          ...drawPhases(draw, peak),
        } as never,
        ...traffic,
        mix: { standard: 0.7, priority: 0.3 },
      },
    },
  };
  return { scenario, most, least, interval, rival };
}

/** Long bursts at no fixed intervals, starts that are short beside them, and no queue. */
export const BURSTS: ScalerWorld = {
  scenario: {
    schemaVersion: 1,
    duration: `${MEASURED + WARMUP}s`,
    warmup: `${WARMUP}s`,
    inventory: { gpus: 8 },
    pools: {
      shared: {
        replicas: 2,
        replica: { engine: "slots", slots: 4, tokensPerSecond: 100 },
        gpusPerReplica: 1,
        coldStart: { preset: "warm", init: "5s" },
        admission: { policy: "tail-drop", maxQueue: 0 },
      },
    },
    paths: { standard: { model: "m", pool: "shared", rank: 0 } },
    traffic: {
      bursts: {
        arrivals: {
          process: "poisson",
          phases: [70, 30, 50, 90, 40, 60, 80].flatMap((quiet, index) => [
            { duration: `${quiet}s`, arrivalRate: 0.5 },
            { duration: `${((index * 37) % 50) + 20}s`, arrivalRate: 8 },
          ]),
        },
        input: 10,
        output: { dist: "exponential", mean: 300 },
        mix: { standard: 1 },
      },
    },
  },
  most: 8,
  least: 1,
  interval: "2s",
  rival: {
    algorithm: "target-load",
    min: 1,
    interval: "2s",
    targets: { utilization: 0.5 },
    window: "2s",
    upWindow: "0s",
    downWindow: "10s",
  },
};

function drawReplica(draw: Draw) {
  if (draw.chance(0.3)) {
    const places = draw.pick([4, 8]);
    const output = draw.pick([400, 1000]);
    const replica: PoolInput["replica"] = {
      engine: "batching",
      profile: "llama-3.1-8b-h100",
      maxSequences: places,
      kvTokens: draw.chance(0.5) ? 200_000 : 1000 * places,
    };
    const traffic = {
      input: { dist: "exponential", mean: 300 },
      output: { dist: "exponential", mean: output },
    } as const;
    return { replica, places, stay: output * 0.009, traffic };
  }
  const places = draw.pick([1, 2, 4, 8]);
  const stay = draw.magnitude(2, 20);
  const replica: PoolInput["replica"] = {
    engine: "slots",
    slots: places,
    tokensPerSecond: 100,
  };
  const traffic = {
    input: 10,
    output: { dist: "exponential", mean: 100 * stay },
  } as const;
  return { replica, places, stay, traffic };
}

/** Up and down: steps and ramps, with lulls now and then. */
function drawPhases(draw: Draw, peak: number) {
  const phases = Array.from({ length: draw.whole(2, 5) }, () => {
    const duration = micros(draw.magnitude(10, 150));
    const level = () => peak * draw.magnitude(0.05, 1);
    return {
      duration,
      arrivalRate: level(),
      ...(draw.chance(0.4) && { rampTo: level() }),
    };
  });
  return {
    phases: [...phases, { duration: micros(draw.magnitude(20, 90)), arrivalRate: peak }],
    repeat: true,
  };
}

interface ScalerTraits {
  readonly name: string;
  readonly foresees?: boolean;
  readonly needsProfile?: boolean;
}

/** Any that has to guess; with options of its own where their defaults say nothing to such a world. */
function drawRival(
  draw: Draw,
  { most, least, interval }: Pick<ScalerWorld, "most" | "least" | "interval">,
  hasProfile: boolean,
): ScalerInput {
  const traits: readonly ScalerTraits[] = AUTOSCALERS;
  const rivals = traits.filter(
    ({ foresees, needsProfile }) => foresees !== true && (hasProfile || needsProfile !== true),
  );
  const algorithm = draw.pick(rivals).name;
  const window = () => micros(draw.magnitude(1, 120));
  const targets = { utilization: draw.real(0.4, 1) };
  const own: Readonly<Record<string, object>> = {
    "target-load": { targets, window: window() },
    hpa: { targets },
    predictive: { targets, forecast: draw.pick(["last", "holt-winters"]) },
    schedule: {
      every: "2m",
      steps: [0, 30, 70].map((at) => ({ at: `${at}s`, replicas: draw.whole(1, most) })),
    },
  };
  const bounds = draw.chance(0.1) ? { min: most - 1, max: most - 1 } : { min: least, max: most };
  const windows = { ...(draw.chance(0.5) && { upWindow: window() }), downWindow: window() };
  return { algorithm, ...bounds, interval, ...windows, ...own[algorithm] } as ScalerInput;
}

/** What a scaler has spent and shed in the measured window, by seed, and how many attempts came in all. */
export interface Spent {
  readonly gpuSeconds: readonly number[];
  readonly sheds: readonly number[];
  readonly attempts: number;
}

export function spentBy(
  { scenario }: ScalerWorld,
  autoscaler: ScalerInput,
  seeds: readonly string[],
  seams: Seams = {},
): Spent {
  const pools = { shared: { ...scenario.pools["shared"]!, autoscaler } };
  const parsed = parseScenario({ ...scenario, pools });
  const runs = seeds.map((seed) => {
    const simulation = new Simulation(parsed, { seed, seams, neverAborts: true });
    simulation.run();
    return simulation.result();
  });
  return {
    gpuSeconds: runs.map(({ pools: [pool] }) => sumOf(Object.values(pool!.gpuSeconds))),
    sheds: runs.map(({ all }) => all.outcomes.overloaded),
    attempts: sumOf(runs.map(({ all }) => all.attempts)),
  };
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Of a search for the share that is to be used: each halves what is left. */
const ROUNDS = 7;

/**
 * What the clairvoyant spends that sheds least of those that spend no more GPU-seconds over all seeds: one that is held
 * to a number of replicas, and others by a cap on them, behind which the load waits, and for each cap by the least
 * share that is to be used. Undefined where all of them spend more.
 */
export function boundWithin(
  world: ScalerWorld,
  budget: number,
  seeds: readonly string[],
  seams?: Seams,
): Spent | undefined {
  const { most, least, interval } = world;
  let best: Spent | undefined;
  const isWithin = (bounds: { readonly min: number; readonly max: number }, leastUse: number): boolean => {
    const scaler = { algorithm: "clairvoyant", ...bounds, interval, target: 1, leastUse } as const;
    const spent = spentBy(world, scaler, seeds, seams);
    if (sumOf(spent.gpuSeconds) > budget) return false;
    if (best === undefined || sumOf(spent.sheds) < sumOf(best.sheds)) best = spent;
    return true;
  };
  const mean = budget / (MEASURED * seeds.length);
  const [held, ...caps] = [Math.floor(mean), most, Math.ceil(1.5 * mean), Math.ceil(mean)].map((cap) =>
    Math.min(most, Math.max(least, cap)),
  );
  isWithin({ min: held!, max: held! }, 0);
  for (const max of new Set(caps)) {
    let [low, high] = [0, 1];
    for (let round = 0; round < ROUNDS && high > 0; round++) {
      const leastUse = round === 0 ? 0 : (low + high) / 2;
      if (isWithin({ min: least, max }, leastUse)) high = leastUse;
      else low = leastUse;
    }
  }
  return best;
}
