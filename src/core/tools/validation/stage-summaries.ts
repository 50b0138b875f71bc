// What load generators write of a stage without its requests: inference-perf (stage_N_lifecycle_metrics.json, 0.2),
// guidellm (benchmarks.json, 0.4) and `vllm bench serve` (0.15; SGLang's bench_serving writes nearly the same). Knows
// their keys; what becomes of a stage is not known here.
import type { JsonSummary } from "./json-summary.js";
import { openCache, type Percentiles, type Stage, type StageArrivals } from "./stage.js";

/** A form of summaries: how it is known, and its stages. */
export interface SummaryForm {
  readonly name: string;
  matches(summary: JsonSummary): boolean;
  stages(summary: JsonSummary, file: string): Stage[];
}

const MILLIS = 1000;
/** Requests that are sent all at once still come one by one. */
const AT_ONCE = { seconds: 0.01, perSecond: 1e6 } as const;

export const SUMMARY_FORMS: readonly SummaryForm[] = [
  {
    name: "inference-perf",
    matches: (summary) => summary.has("load_summary", "successes"),
    stages: (summary, file) => [inferencePerf(summary, file)],
  },
  {
    name: "guidellm",
    matches: (summary) => Array.isArray(summary.get("benchmarks")),
    stages: (summary) =>
      (summary.get("benchmarks") as readonly unknown[]).map((_, index) =>
        guidellm(summary.part(`benchmarks.${index}`), index),
      ),
  },
  {
    name: "vllm bench serve",
    matches: (summary) => summary.has("mean_ttft_ms", "completed", "total_output_tokens"),
    stages: (summary, file) => [bench(summary, file)],
  },
];

function inferencePerf(summary: JsonSummary, file: string): Stage {
  const promptTokens = lengthOf(summary, "successes.prompt_len.mean");
  const output = summary.need("successes.output_len.mean");
  const seconds = summary.need("load_summary.send_duration");
  const percentiles = (path: string): Percentiles => ({
    mean: summary.maybe(`${path}.mean`),
    p50: summary.maybe(`${path}.median`, `${path}.p50`),
    p90: summary.maybe(`${path}.p90`),
    p99: summary.maybe(`${path}.p99`),
  });
  const ttft = percentiles("successes.latency.time_to_first_token");
  const e2e = percentiles("successes.latency.request_latency");
  const perToken =
    ttft.mean === null || e2e.mean === null || output <= 1 ? null : (e2e.mean - ttft.mean) / (output - 1);
  const succeeded = summary.maybe("successes.count");
  const failed = summary.maybe("failures.count");
  return {
    name: nameOf(file),
    model: "",
    arrivals: {
      kind: "constant",
      rate: summary.need("load_summary.requested_rate", "load_summary.achieved_rate"),
    },
    seconds,
    promptTokens,
    outputTokens: Math.max(1, Math.round(output)),
    cached: openCache(promptTokens),
    settings: {},
    recorded: {
      sent: summary.maybe("load_summary.count"),
      succeeded,
      failed,
      ttft,
      e2e,
      // Its own figure counts chunks of the stream, not tokens.
      tpot: { mean: perToken, p50: null, p90: null, p99: null },
      outputTokensPerSecond: summary.maybe("successes.throughput.output_tokens_per_sec"),
    },
    notes: [
      "an inference-perf summary does not say how arrivals were spread: taken as equal gaps",
      MEAN_LENGTHS,
    ],
  };
}

const MEAN_LENGTHS = "the summary has means of lengths only: every request is simulated with these";

function guidellm(summary: JsonSummary, index: number): Stage {
  const promptTokens = lengthOf(summary, "metrics.prompt_token_count.successful.mean");
  const scaled = (path: string, by: number): Percentiles => {
    const at = (...keys: readonly string[]) => {
      const value = summary.maybe(...keys.map((key) => `metrics.${path}.successful.${key}`));
      return value === null ? null : value / by;
    };
    return {
      mean: at("mean"),
      p50: at("percentiles.p50", "median"),
      p90: at("percentiles.p90"),
      p99: at("percentiles.p99"),
    };
  };
  const total = summary.maybe("metrics.request_totals.total");
  const succeeded = summary.maybe("metrics.request_totals.successful");
  const errored = summary.maybe("metrics.request_totals.errored");
  const incomplete = summary.maybe("metrics.request_totals.incomplete");
  const strategy = summary.text("config.strategy.type_") || summary.text("args.strategy.type_");
  return {
    name: `benchmark ${index} ${strategy}`.trim(),
    model: "",
    arrivals: strategyOf(summary, strategy),
    seconds: summary.need("duration", "run_stats.duration"),
    promptTokens,
    outputTokens: lengthOf(summary, "metrics.output_token_count.successful.mean"),
    cached: openCache(promptTokens),
    settings: {},
    recorded: {
      sent: total,
      succeeded,
      failed: errored === null && incomplete === null ? null : (errored ?? 0) + (incomplete ?? 0),
      ttft: scaled("time_to_first_token_ms", MILLIS),
      // Its time_per_output_token_ms has the first token in it.
      tpot: scaled("inter_token_latency_ms", MILLIS),
      e2e: scaled("request_latency", 1),
      outputTokensPerSecond: summary.maybe("metrics.output_tokens_per_second.successful.mean"),
    },
    notes: [MEAN_LENGTHS],
  };
}

function strategyOf(summary: JsonSummary, strategy: string): StageArrivals {
  const value = (key: string) => summary.need(`config.strategy.${key}`, `args.strategy.${key}`);
  switch (strategy) {
    case "constant":
    case "poisson":
      return { kind: strategy, rate: value("rate") };
    case "concurrent":
      return { kind: "closed", callers: Math.round(value("streams")) };
    case "synchronous":
      return { kind: "closed", callers: 1 };
    case "throughput":
      return { kind: "closed", callers: Math.round(value("max_concurrency")) };
    default:
      summary.complain(
        "config.strategy.type_",
        strategy === "" ? "is missing" : "is a strategy that is not known here",
        "known are constant, poisson, concurrent, synchronous, throughput",
      );
      return { kind: "closed", callers: 1 };
  }
}

function bench(summary: JsonSummary, file: string): Stage {
  const completed = summary.need("completed");
  const sent = summary.maybe("num_prompts") ?? completed;
  const promptTokens = Math.max(1, Math.round(summary.need("total_input_tokens") / completed));
  const percentiles = (...names: readonly string[]): Percentiles => {
    const at = (prefix: string) => {
      const value = summary.maybe(...names.map((name) => `${prefix}_${name}_ms`));
      return value === null ? null : value / MILLIS;
    };
    return { mean: at("mean"), p50: at("median"), p90: at("p90"), p99: at("p99") };
  };
  const { arrivals, seconds, notes } = benchArrivals(summary, sent);
  return {
    name: nameOf(file),
    model: summary.text("model_id"),
    arrivals,
    seconds,
    promptTokens,
    outputTokens: Math.max(1, Math.round(summary.need("total_output_tokens") / completed)),
    cached: openCache(promptTokens),
    settings: {},
    recorded: {
      sent,
      succeeded: completed,
      failed: summary.maybe("failed") ?? sent - completed,
      ttft: percentiles("ttft"),
      tpot: percentiles("tpot"),
      e2e: percentiles("e2el", "e2e_latency"),
      outputTokensPerSecond: summary.maybe("output_throughput"),
    },
    notes: [...notes, MEAN_LENGTHS],
  };
}

function benchArrivals(
  summary: JsonSummary,
  sent: number,
): { arrivals: StageArrivals; seconds: number; notes: string[] } {
  const callers = summary.maybe("max_concurrency");
  const given = summary.get("request_rate");
  if (given === "inf" || given === undefined || given === null) {
    if (callers !== null && callers > 0 && callers < sent) {
      return { arrivals: { kind: "closed", callers }, seconds: summary.need("duration"), notes: [] };
    }
    const seconds = Math.max(AT_ONCE.seconds, sent / AT_ONCE.perSecond);
    return {
      arrivals: { kind: "constant", rate: sent / seconds },
      seconds,
      notes: ["all were sent at once"],
    };
  }
  const rate = summary.need("request_rate");
  const burstiness = summary.maybe("burstiness") ?? 1;
  const notes = callers === null ? [] : [`that at most ${callers} were under way is left out`];
  const arrivals: StageArrivals =
    burstiness === 1 || burstiness === 0
      ? { kind: "poisson", rate }
      : { kind: "gamma", rate, cv: 1 / Math.sqrt(burstiness) };
  return { arrivals, seconds: sent / rate, notes };
}

function lengthOf(summary: JsonSummary, path: string): number {
  return Math.max(1, Math.round(summary.need(path)));
}

function nameOf(file: string): string {
  return file.split(/[/\\]/).at(-1)!;
}
