// What tests change about a random world, to where a law matters most: another fleet, other signals, other answers. Each
// takes a scenario and gives another; none of them knows which law asks for it.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { Draw, micros } from "./draw.js";

export type Change = (scenario: ScenarioInput) => ScenarioInput;

type PoolInput = ScenarioInput["pools"][string];
type SourceInput = ScenarioInput["traffic"][string];
type BatchingInput = Extract<PoolInput["replica"], { engine: "batching" }>;

/** The same world with every pool changed. */
export function withPools(
  scenario: ScenarioInput,
  change: (pool: PoolInput) => Partial<PoolInput>,
): ScenarioInput {
  const pools = Object.entries(scenario.pools).map(
    ([name, pool]) => [name, { ...pool, ...change(pool) }] as const,
  );
  return { ...scenario, inventory: { gpus: 100_000 }, pools: Object.fromEntries(pools) };
}

/** The same world with every source changed. */
export function withSources(scenario: ScenarioInput, change: Partial<SourceInput>): ScenarioInput {
  const sources = Object.entries(scenario.traffic).map(
    ([name, source]) => [name, { ...source, ...change }] as const,
  );
  return { ...scenario, traffic: Object.fromEntries(sources) };
}

/** The same world without traces and without anything that prompts share. */
function withoutContexts(scenario: ScenarioInput): ScenarioInput {
  const sources = Object.entries(scenario.traffic).flatMap(([name, { prefix: _, ...source }]) =>
    "trace" in source.arrivals ? [] : [[name, source] as const],
  );
  return { ...scenario, traffic: Object.fromEntries(sources) };
}

/** Simulated microseconds; a random world is always written in them. */
const lengthOf = ({ duration }: ScenarioInput) => Number.parseInt(String(duration), 10);

/** Half of the run is warm-up, and it ends when every request has been answered. */
export const cutAndDrained: Change = (scenario) => {
  return { ...scenario, warmup: `${Math.round(lengthOf(scenario) / 2)}us`, drain: true };
};

/** The pools go down in turns, six times. */
export const withOutages: Change = (scenario) => {
  const length = lengthOf(scenario);
  const pools = Object.keys(scenario.pools);
  const outages = Array.from({ length: 6 }, (_, index) => ({
    pool: pools[index % pools.length]!,
    from: `${Math.floor((length * index) / 8)}us`,
    for: `${Math.ceil(length / 10)}us`,
  }));
  return { ...scenario, outages };
};

export const withLiveSignals: Change = (scenario) => withPools(scenario, () => ({ signals: {} }));

export const withStaleSignals: Change = (scenario) => {
  const period = `${Math.max(20_000, Math.round(lengthOf(scenario) / 30))}us`;
  return withPools(scenario, () => ({ signals: { period } }));
};

/** Room for two in the queue, of a single replica: displacing is the only way in. */
export const withShortQueues: Change = (scenario) =>
  withPools(scenario, () => ({
    signals: {},
    replicas: 1,
    admission: { policy: "trunk-reservation", maxQueue: 2, displaceLower: true },
  }));

/** Places for all sequences, and memory for few. */
export const withShortMemory: Change = (scenario) =>
  withPools(scenario, () => ({
    replicas: 2,
    replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 64, kvTokens: 900 },
  }));

export const admittingAll: Change = (scenario) =>
  withPools(scenario, () => ({ admission: { policy: "none" } }));

export const admittingFew: Change = (scenario) =>
  withPools(scenario, () => ({ admission: { policy: "tail-drop", maxQueue: 0 }, discipline: "fifo" }));

export const withReplicas =
  (replicas: number): Change =>
  (scenario) =>
    withPools(scenario, () => ({ replicas }));

/**
 * Limits on what a request brings along. What it generates, whether it is tried again, here or on another path, and
 * what of it a replica finds cached do depend on the fleet.
 */
export const limitedByArrivals =
  (chargeShed: boolean): Change =>
  (scenario) => {
    const {
      generatedTokens: _,
      outputAccounting: __,
      expectedOutput: ___,
      paths,
      quotas = [],
      startsAt,
      ...limits
    } = scenario.limits ?? {};
    const ofArrivals = quotas.filter(({ of }) => of !== "generatedTokens");
    const ofPaths = Object.entries(paths ?? {}).map(([path, { generatedTokens: ____, ...own }]) => [
      path,
      own,
    ]);
    return {
      ...withSources(withoutContexts(scenario), { client: "none", fallback: [] }),
      limits: {
        requests: "300/min",
        ...limits,
        ...(ofArrivals.length > 0 && { quotas: ofArrivals, ...(startsAt !== undefined && { startsAt }) }),
        ...(paths !== undefined && { paths: Object.fromEntries(ofPaths) }),
        chargeShed,
      },
      outages: [],
    };
  };

/**
 * Answers of so many tokens, memory for all sequences and no accepted drafts: that a replica runs out of memory, or how
 * many of its drafts are accepted, is physics, and would tell two lengths of answers apart.
 */
export const withAnswers =
  (tokens: number): Change =>
  (scenario) => {
    const roomy = withPools(withoutContexts(scenario), ({ replica, admission }) => ({
      replica:
        replica.engine === "batching" ? { ...replica, profile: undrafted(replica), kvTokens: 1e12 } : replica,
      ...(admission?.policy === "trunk-reservation" && { admission: { ...admission, signal: "slots" } }),
    }));
    const { limits, ...rest } = roomy;
    const unlimited =
      limits === undefined ? rest : { ...rest, limits: { ...limits, generatedTokens: "1G/min" } };
    return withSources(unlimited, { output: tokens, maxOutput: 1000 });
  };

function undrafted({ profile }: BatchingInput): BatchingInput["profile"] {
  const isFast = typeof profile === "string" ? profile.includes("-fast-") : "speculative" in profile;
  return isFast ? "llama-3.1-8b-h100" : profile;
}

/** The same world, whose batching replicas schedule a step ahead. */
export const withStepAhead: Change = (scenario) =>
  withPools(scenario, ({ replica }) =>
    "engine" in replica && replica.engine === "batching" ? { replica: { ...replica, stepAhead: true } } : {},
  );

/** The same world, in most of whose pools calls take time outside the engine: none, or up to half a second. */
export function withFrontEnds(scenario: ScenarioInput, seed: string): ScenarioInput {
  const draw = new Draw(seed, "front ends");
  const time = () => {
    const long = micros(draw.magnitude(1e-6, 0.5));
    return draw.pick(["0s", "1us", "20ms", long, { mean: long }, { median: "10ms", p90: "15ms" }]);
  };
  return withPools(scenario, ({ replica }) => {
    if (draw.chance(0.2)) return {};
    const perPromptToken = draw.pick(["0s", "0.7us", "20us"]);
    return { replica: { ...replica, frontEnd: { prompt: time(), perPromptToken, token: time() } } };
  });
}
