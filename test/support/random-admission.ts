// What random worlds do not draw of admission and placement, for worlds of their own: concurrency limits, policies, queue
// rules and placement rules by name, with options from the corners.
import { namesOf } from "../../src/core/document/definition.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { PLACEMENTS } from "../../src/core/server/fleet/placement/registry.js";
import { LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";
import { Draw, micros } from "./draw.js";
import { randomScenario, type WorldSize } from "./random-scenario.js";
import { withPools } from "./world-changes.js";

type PoolInput = ScenarioInput["pools"][string];

/** Worlds draw from the first so many: one more name, and every world would be another. To be raised with a new record. */
const DRAWN = { limits: 1, policies: 3, rules: 2, placements: 3 } as const;
const UNDRAWN_LIMITS = namesOf(LIMITS).slice(DRAWN.limits);
const UNDRAWN_POLICIES = namesOf(POLICIES).slice(DRAWN.policies);
const UNDRAWN_RULES = namesOf(QUEUE_RULES).slice(DRAWN.rules);
const UNDRAWN_PLACEMENTS = namesOf(PLACEMENTS).slice(DRAWN.placements);
const DATED_PLACEMENTS = ["least-loaded", "power-of-two", ...UNDRAWN_PLACEMENTS] as const;
export const DRAWN_PLACEMENTS = namesOf(PLACEMENTS).slice(0, DRAWN.placements);
export const DRAWN_POLICIES = POLICIES.slice(0, DRAWN.policies);
export const DRAWN_RULES = QUEUE_RULES.slice(0, DRAWN.rules);

/** Copies every now and then, some of which travel or get lost. */
export function timing(draw: Draw, least: number): object {
  if (draw.chance(0.2)) return {};
  const period = draw.magnitude(least, 10);
  const age = draw.chance(0.5) ? 0 : period * draw.pick([0.1, 0.5, 1, 2.7, 9]);
  return { period: micros(period), age: micros(age), loss: draw.pick([0, 0, 0.1, 0.5, 0.99]) };
}

const readings = (draw: Draw) => ({ countSent: draw.chance(0.7), signals: timing(draw, 0.001) });

/** Of rules that see what is unless told: counting what was sent is then nothing to say. */
const readingsIfTold = (draw: Draw) => {
  const { countSent, signals } = readings(draw);
  return { ...("period" in signals && { countSent }), signals };
};

/** Options of each by its name, on the scale of small worlds; those that are not here have their defaults. */
const OPTIONS: Readonly<Record<string, (draw: Draw) => object>> = {
  fixed: (draw) => ({ most: draw.pick([1, 2, 3, 5, 10, 40]) }),
  saturation: (draw) => ({
    queueDepth: draw.pick([1, 2, 5]),
    kvShare: draw.pick([0.05, "30%", 1]),
    staleAfter: draw.pick(["0s", "30ms", "10s"]),
    ...bounded(draw),
  }),
  "priority-aging": (draw) => ({ agingTime: draw.chance(0.1) ? 0 : micros(draw.magnitude(0.01, 100)) }),
  edf: (draw) => ({ dropLate: draw.chance(0.5) }),
  "adaptive-lifo": (draw) => {
    const window = draw.chance(0.1) ? 0 : micros(draw.magnitude(0.01, 10));
    const dropLate = draw.chance(0.5);
    const timeout = micros(draw.magnitude(0.001, 1));
    return { window, dropLate, ...(dropLate && { timeout }) };
  },
  apf: (draw) => {
    const queues = draw.pick([1, 2, 4, 64]);
    return {
      queues,
      handSize: draw.pick([1, 2, 4, 8].filter((size) => size <= queues)),
      queueLengthLimit: draw.pick([1, 3, 50]),
      serviceGuess: draw.chance(0.1) ? 0 : micros(draw.magnitude(0.01, 30)),
    };
  },
  "tail-drop": (draw) => bounded(draw),
  "probabilistic-admitter": (draw) => ({
    queueDepth: draw.pick([1, 2, 5]),
    power: draw.pick([0.5, 1, 5]),
    factor: draw.pick([0.5, 3, 300]),
    staleAfter: draw.pick(["30ms", "10s"]),
    ...bounded(draw),
  }),
  codel: (draw) => ({
    target: micros(draw.magnitude(0.0001, 1)),
    interval: micros(draw.magnitude(0.001, 5)),
    ...bounded(draw),
  }),
  dagor: (draw) => ({
    delay: micros(draw.magnitude(0.0001, 1)),
    window: micros(draw.magnitude(0.01, 2)),
    windowRequests: draw.pick([3, 20, 2000]),
    decrease: draw.pick(["5%", "50%"]),
    userLevels: draw.pick([1, 4, 128]),
    rehash: micros(draw.magnitude(0.1, 100)),
    ...bounded(draw),
  }),
  ramp: (draw) => ({
    queueDepth: draw.pick([1, 2, 5]),
    kvShare: draw.pick([0.05, "30%", 1]),
    ...bounded(draw),
  }),
  partition: (draw) => bounded(draw),
  cinnamon: (draw) => ({
    interval: micros(draw.magnitude(0.01, 1)),
    emptyQueue: draw.pick(["0s", "50ms", "1s"]),
    cohorts: draw.pick([1, 4, 128]),
    sample: draw.pick([5, 100]),
    ...bounded(draw),
  }),
  "any-of": (draw) => {
    const one = () => {
      const name = draw.pick(COMBINED);
      return { policy: name, ...OPTIONS[name]?.(draw) };
    };
    return { of: [one(), one(), ...(draw.chance(0.5) ? [one()] : [])] };
  },
  vtc: (draw) => {
    const [inputWeight, outputWeight] = [draw.pick([0, 1, 1, 0.7]), draw.pick([0, 2, 2, 5])];
    return { inputWeight: inputWeight + outputWeight === 0 ? 1 : inputWeight, outputWeight };
  },
  "prefix-aware": (draw) => ({
    cacheWeight: draw.pick([0, 0.1, 0.5, 2, 1000]),
    ...readings(draw),
  }),
  "kv-headroom": readings,
  "least-loaded": readingsIfTold,
  "power-of-two": readingsIfTold,
  aimd: (draw) => ({
    slow: micros(draw.magnitude(0.001, 10)),
    ...bounds(draw),
    backoff: draw.pick([0.5, "90%", 0.99]),
  }),
  vegas: (draw) => ({
    ...sampled(draw),
    smoothing: draw.pick([0.3, "100%"]),
    probe: draw.pick([1, 30]),
  }),
  gradient2: (draw) => ({
    ...sampled(draw),
    smoothing: draw.pick([0.2, 1]),
    longWindow: draw.pick([5, 600]),
    tolerance: draw.pick([1, 1.5, 3]),
    queue: draw.pick([0, 0.5, 4]),
  }),
  pid: (draw) => ({
    ...bounds(draw),
    prefills: draw.pick([1, 4]),
    interval: micros(draw.magnitude(0.001, 1)),
    overloadAfter: draw.chance(0.3) ? 0 : micros(draw.magnitude(0.001, 10)),
    ki: draw.pick([0, 1.4, 30]),
    kd: draw.pick([0, 0, 0.1]),
  }),
  predictive: (draw) => {
    const { answer, ...rest } = {
      ttft: micros(draw.magnitude(0.001, 10)),
      tpot: micros(draw.magnitude(0.0001, 0.1)),
      predictor: draw.pick(["current", "predicted"]),
      memory: draw.pick([2, 10, 100]),
      perPromptToken: draw.pick([0, "1us", "50us"]),
      perSequence: draw.pick([0, "500us"]),
      answer: draw.pick(["10ms", "10s"]),
    };
    return { ...rest, ...(rest.predictor === "predicted" && { answer }) };
  },
};

/** The queue of those that have one by default. */
const bounded = (draw: Draw) => ({
  maxQueue: draw.pick([0, 2, 5, 100]),
  queueTimeout: micros(draw.magnitude(0.01, 20)),
  displaceLower: draw.chance(0.7),
});

/** Policies that `any-of` puts together, with their options. */
const COMBINED = ["tail-drop", "saturation", "codel", "dagor", "ramp", "partition", "cinnamon", "none"];

function bounds(draw: Draw) {
  return { initial: draw.pick([1, 3, 10]), least: 1, most: draw.pick([10, 20, 100]) };
}

function sampled(draw: Draw) {
  return {
    ...bounds(draw),
    sample: draw.pick(["ttft", "ttft", "tpot", "latency"]),
    window: micros(draw.magnitude(0.001, 10)),
    samples: draw.pick([1, 3, 10]),
  };
}

/** What is said of a definition beside its name. */
export const optionsOf = (name: string, draw: Draw) => OPTIONS[name]?.(draw) ?? {};

export function limited(name: string, draw: Draw): Partial<PoolInput> {
  return { concurrency: { limit: name, ...optionsOf(name, draw) } as PoolInput["concurrency"] & object };
}

export function ruled(name: string, draw: Draw): Partial<PoolInput> {
  return { discipline: { rule: name, ...optionsOf(name, draw) } as PoolInput["discipline"] & object };
}

export function admitted(name: string, draw: Draw): Partial<PoolInput> {
  return { admission: { policy: name, ...optionsOf(name, draw) } as PoolInput["admission"] & object };
}

export function placed(name: string, draw: Draw): Partial<PoolInput> {
  // One without options is its name alone.
  const placement = OPTIONS[name] === undefined ? name : { strategy: name, ...optionsOf(name, draw) };
  return { placement: placement as PoolInput["placement"] & object };
}

/** An arrival of a higher rank ends what runs. */
const evicting: ChangeOfPool = (draw) => ({
  admission: {
    policy: "tail-drop",
    maxQueue: draw.pick([0, 3, 50]),
    evictLower: true,
    displaceLower: draw.chance(0.5),
  },
  ...(draw.chance(0.3) && limited("fixed", draw)),
});

type ChangeOfPool = (draw: Draw) => Partial<PoolInput>;

const KINDS: Readonly<Record<string, ChangeOfPool>> = {
  ...Object.fromEntries(UNDRAWN_LIMITS.map((name) => [`limit-${name}`, (draw: Draw) => limited(name, draw)])),
  ...Object.fromEntries(
    UNDRAWN_POLICIES.map((name) => [`policy-${name}`, (draw: Draw) => admitted(name, draw)]),
  ),
  ...Object.fromEntries(UNDRAWN_RULES.map((name) => [`rule-${name}`, (draw: Draw) => ruled(name, draw)])),
  ...Object.fromEntries(
    UNDRAWN_PLACEMENTS.map((name) => [`placement-${name}`, (draw: Draw) => placed(name, draw)]),
  ),
};

/** Every pool sees itself late, and places by readings as late. */
const dated: ChangeOfPool = (draw) => ({
  ...placed(draw.pick(DATED_PLACEMENTS), draw),
  signals: timing(draw, 0.02),
  ...(draw.chance(0.4) && admitted("saturation", draw)),
});

/** Any of them together, each pool its own. */
const together: ChangeOfPool = (draw) => ({
  ...(draw.chance(0.8) && limited(draw.pick(UNDRAWN_LIMITS), draw)),
  ...(draw.chance(0.5) && UNDRAWN_POLICIES.length > 0 && admitted(draw.pick(UNDRAWN_POLICIES), draw)),
  ...(draw.chance(0.5) && UNDRAWN_RULES.length > 0 && ruled(draw.pick(UNDRAWN_RULES), draw)),
});

const evictingSometimes: ChangeOfPool = (draw) => (draw.chance(0.3) ? evicting(draw) : together(draw));

type PathInput = ScenarioInput["paths"][string];
type DetourInput = NonNullable<PathInput["instead"]>[number];

type DetourCause = NonNullable<DetourInput["on"]>[number];

/** Every path is demoted or spills over, for some of these causes; without, for some of all, with soft limits of its own. */
export function withDetours(world: ScenarioInput, draw: Draw, given?: readonly DetourCause[]): ScenarioInput {
  const names = Object.keys(world.paths);
  const pools = Object.keys(world.pools);
  const requests = world.limits?.requests;
  const isSoft = given === undefined && typeof requests === "object" && draw.chance(0.7);
  const among = given ?? (["limit", "overload", "outage", "soft-limit"] as const);
  const limits = isSoft
    ? { ...world.limits!, requests: { ...requests, soft: draw.pick([0.1, 0.5]) } }
    : undefined;
  const causes = () => {
    const some = among.filter(() => draw.chance(0.5));
    // A detour that is for limits alone which there are not is no valid scenario.
    const isForNone = some.every((cause) => cause === "soft-limit" || (cause === "limit" && !world.limits));
    return some.length === 0 || (isForNone && !isSoft) ? (["overload"] as const) : some;
  };
  const paths = Object.entries(world.paths).map(([name, path]) => {
    const others = names.filter((other) => other !== name);
    const elsewhere = pools.filter((pool) => pool !== path.pool);
    const instead: DetourInput[] = [];
    if (elsewhere.length > 0 && draw.chance(0.6))
      instead.push({ spill: draw.pick(elsewhere), on: [...causes()] });
    if (others.length > 0 && draw.chance(0.6)) instead.push({ demote: draw.pick(others), on: [...causes()] });
    if (draw.chance(0.3)) instead.reverse();
    return [name, { ...path, instead }] as const;
  });
  return { ...world, ...(limits && { limits }), paths: Object.fromEntries(paths) };
}

type Given = Readonly<Record<string, unknown>>;

/** The same world without the options that count for nothing in their pool, which no scenario may state. */
export function withoutIdle(world: ScenarioInput): ScenarioInput {
  const pools = Object.entries(world.pools).map(([name, pool]) => {
    const isDated = pool.signals?.period !== undefined;
    const admission = pool.admission && usedOf(pool.admission, isDated);
    return [name, { ...pool, ...(admission && { admission: admission as typeof pool.admission }) }] as const;
  });
  return { ...world, pools: Object.fromEntries(pools) };
}

function usedOf({ staleAfter, of, ...rest }: Given, isDated: boolean): Given {
  return {
    ...rest,
    ...(staleAfter !== undefined && isDated && { staleAfter }),
    ...(of !== undefined && { of: (of as readonly Given[]).map((one) => usedOf(one, isDated)) }),
  };
}

/** By name of the family, the random world of a seed with every pool changed. */
export const ADMISSION_KINDS: readonly (readonly [
  name: string,
  world: (seed: string, most?: WorldSize) => ScenarioInput,
])[] = Object.entries({
  ...KINDS,
  "admission-together": together,
  evicting,
  dated,
  detours: evictingSometimes,
}).map(([name, change]) => [
  name,
  (seed, most) => {
    const draw = new Draw(seed, "admission");
    const world = withPools(randomScenario(seed, most), () => change(draw));
    return withoutIdle(name === "detours" ? withDetours(world, draw) : world);
  },
]);
