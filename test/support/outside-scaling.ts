// Measured autoscaling runs of others, as worlds of this simulator: docs/validation.md has the published figures, where
// they come from, and what is assumed. Knows set-ups and how their figures are taken, not what they should be.
import { parseScenario, type RunResult, type ScenarioInput, simulate } from "../../src/core/index.js";

type Pool = ScenarioInput["pools"][string];
type Source = ScenarioInput["traffic"][string];
type Profile = Extract<Pool["replica"], { engine: "batching" }>["profile"];

/** An estimate: shape from the model's public config.json, datasheet of the GPU, factors fitted on another model. */
const QWEN3_32B_TP2: Profile = {
  schemaVersion: 1,
  name: "qwen3-32b-h100x2",
  source:
    "roofline estimate: public config.json of Qwen/Qwen3-32B in bf16 on two H100; nothing of it was measured",
  kind: "roofline",
  estimate: true,
  model: {
    source: "public config.json of Qwen/Qwen3-32B",
    layers: 64,
    hidden: 5120,
    vocabulary: 151_936,
    attention: { kind: "gqa", heads: 64, kvHeads: 8, headSize: 128 },
    intermediate: 25_600,
    bytes: { weight: 2, cache: 2 },
    precision: "bf16",
  },
  gpu: "h100",
  gpus: 2,
  host: { step: 0.08, prefill: 0.15, perSequence: 0.001 },
  node: { maxSequences: 256, maxBatchedTokens: 8192 },
};

interface OnePool {
  readonly duration: string;
  readonly pool: Omit<Pool, "replicas">;
  readonly source: Omit<Source, "mix">;
}

function runOf({ duration, pool, source }: OnePool, seed: string): RunResult {
  const scenario: ScenarioInput = {
    schemaVersion: 1,
    seed,
    duration,
    inventory: { gpus: 16 },
    pools: { engines: { replicas: 1, ...pool } },
    paths: { standard: { model: "m", pool: "engines", rank: 0 } },
    traffic: { callers: { ...source, mix: { standard: 1 } } },
  };
  return simulate(parseScenario(scenario));
}

/** Seconds until the last completion. */
const lastOf = (bins: readonly number[], interval: number) =>
  bins.reduce((last, count, bin) => (count > 0 ? bin + 1 : last), 0) * interval;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

// --- one replica, and more and more load

/** Requests a second, each for five minutes; those the report names, and some between. */
export const STAGES = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18];

export interface Stage {
  readonly rate: number;
  /** Seconds, of those that got a first token. */
  readonly ttftP99: number;
  /** Output tokens a second, from the first arrival to when the last one is done. */
  readonly throughput: number;
  readonly failed: number;
}

/** The stage alone, on an empty replica, until all of it is done. */
export function stageOf(rate: number, promptTokens: number, seed: string): Stage {
  const result = runOf(
    {
      duration: "20m",
      pool: { replica: { engine: "batching", profile: QWEN3_32B_TP2 }, admission: { policy: "none" } },
      source: {
        arrivals: { process: "poisson", phases: [{ duration: "5m", arrivalRate: rate }, { pause: "15m" }] },
        input: promptTokens,
        output: 1000,
        client: { preset: "none", timeout: "300s" },
      },
    },
    seed,
  );
  const { all, series } = result;
  const { outputTokens } = series.tiers[0]!;
  return {
    rate,
    ttftP99: all.ttft.p99!,
    throughput: sum(outputTokens) / lastOf(outputTokens, series.interval),
    failed: all.outcomes.timed_out / all.attempts,
  };
}

// --- 20 requests a second onto one small replica

const QUICKLY = { max: 10, downWindow: "240s", upRate: { times: 1, per: "15s" } };

const SMALL_AUTOSCALERS = {
  /** CPU is not modelled. How full the KV cache is says as little of the queue. */
  blind: { algorithm: "hpa", targets: { kv: 0.8 }, ...QUICKLY },
  queue: { algorithm: "hpa", metrics: "external", targets: { queue: 5 }, ...QUICKLY },
  saturation: {
    ...{ algorithm: "saturation", max: 10, downWindow: "240s" },
    ...{ upRate: { replicas: 10, per: "150s" }, downRate: { replicas: 10, per: "150s" } },
  },
} as const satisfies Readonly<Record<string, Pool["autoscaler"]>>;

export interface SmallRun {
  /** As Kubernetes counts them: those that start still, too. */
  readonly most: number;
  readonly mean: number;
  readonly queuePerReplica: number;
  readonly kvUsed: number;
  readonly ttftP50: number;
  readonly ttftP99: number;
  readonly perToken: number;
  readonly completed: number;
  readonly throughput: number;
}

const SMALL_SECONDS = 600;
/** What the load generator has on the way at most, and what fits into one replica of them. */
const [IN_FLIGHT, SEQUENCES] = [512, 5];
/** Of the profile. */
const KV_TOKENS = 409_600;

/** `start`: seconds of a cold start. */
export function smallRun(name: keyof typeof SMALL_AUTOSCALERS, start: number, seed: string): SmallRun {
  const result = runOf(
    {
      duration: `${SMALL_SECONDS + start}s`,
      pool: {
        replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: SEQUENCES },
        admission: { policy: "tail-drop", maxQueue: IN_FLIGHT - SEQUENCES, queueTimeout: "1h" },
        coldStart: { preset: "warm", init: `${start}s` },
        autoscaler: SMALL_AUTOSCALERS[name],
      },
      source: {
        arrivals: {
          process: "poisson",
          phases: [{ duration: `${SMALL_SECONDS}s`, arrivalRate: 20 }, { pause: `${start}s` }],
        },
        input: 4000,
        output: 1000,
        client: { preset: "none", timeout: "60s" },
      },
    },
    seed,
  );
  const { all, series } = result;
  const { replicas, queued, kvUsed } = series.pools[0]!;
  const { outputTokens } = series.tiers[0]!;
  const bins = SMALL_SECONDS / series.interval;
  const underLoad = (levels: readonly number[]) => sum(levels.slice(0, bins)) / bins;
  // All starts take as long as one another: what is ready then was wanted now.
  const wanted = replicas.slice(start / series.interval);
  return {
    most: Math.max(...wanted),
    mean: underLoad(wanted),
    queuePerReplica: underLoad(queued.map((waiting, bin) => waiting / replicas[bin]!)),
    kvUsed: underLoad(kvUsed.map((tokens, bin) => tokens / replicas[bin]! / KV_TOKENS)),
    ttftP50: all.ttft.p50!,
    ttftP99: all.ttft.p99!,
    perToken: 1 / all.tokensPerSecond.mean!,
    completed: all.outcomes.completed,
    throughput: sum(outputTokens) / lastOf(outputTokens, series.interval),
  };
}

// --- steps of load, which an autoscaler on the queue overshoots

export const STEPS = [2, 3, 5, 6];
const STEP_MINUTES = 20;
const STEP_SECONDS = STEP_MINUTES * 60;

const SLOWLY = {
  upWindow: "240s",
  upRate: { replicas: 1, per: "60s" },
  downRate: { times: 0.1, per: "60s" },
};

const STEP_AUTOSCALERS = {
  /** How long it waits on the way down is left out in the report: the default of Kubernetes, 5 min. */
  queue: { algorithm: "hpa", metrics: "external", targets: { queue: 3, kv: 0.6 }, max: 10, ...SLOWLY },
  saturation: { algorithm: "saturation", kvSpare: 0.3, max: 10, ...SLOWLY, downWindow: "240s" },
} as const satisfies Readonly<Record<string, Pool["autoscaler"]>>;

export interface StepRun {
  /** Seconds until a second replica is ready. */
  readonly secondAt: number;
  /** The most that are ready at once, by step. */
  readonly mostReady: readonly number[];
  readonly mostQueued: readonly number[];
  readonly meanReady: number;
  readonly ttftMean: number;
  readonly ttftP99: number;
}

/** Undefined: one replica throughout. */
export function stepRun(
  name: keyof typeof STEP_AUTOSCALERS | undefined,
  start: number,
  seed: string,
): StepRun {
  const result = runOf(
    {
      duration: `${STEPS.length * STEP_SECONDS}s`,
      pool: {
        replica: { engine: "batching", profile: "llama-3.1-8b-h100" },
        admission: { policy: "none" },
        coldStart: { preset: "warm", init: `${start}s` },
        ...(name !== undefined && { autoscaler: STEP_AUTOSCALERS[name] }),
      },
      source: {
        arrivals: {
          process: "poisson",
          phases: STEPS.map((arrivalRate) => ({ duration: `${STEP_SECONDS}s`, arrivalRate })),
        },
        input: 4096,
        output: 1024,
      },
    },
    seed,
  );
  const { all, pools, series } = result;
  const { replicas, queued } = series.pools[0]!;
  const byStep = (levels: readonly number[]) =>
    STEPS.map((_, step) => {
      const [from, until] = [step * STEP_SECONDS, (step + 1) * STEP_SECONDS];
      return Math.max(...levels.slice(from / series.interval, until / series.interval));
    });
  return {
    secondAt: replicas.findIndex((ready) => ready > 1) * series.interval,
    mostReady: byStep(replicas),
    mostQueued: byStep(queued),
    meanReady: pools[0]!.replicas,
    ttftMean: all.ttft.mean!,
    ttftP99: all.ttft.p99!,
  };
}
