// The files are written by hand from the tools' own schemas: inference-perf 0.2, guidellm 0.4, vLLM 0.15.
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readStages } from "../../../../src/core/internal.js";
import { SUMMARY_FORMS } from "../../../../src/core/tools/validation/stage-summaries.js";
import { source } from "./recording.js";

const spread = (mean: number, median: number, p90: number) => ({ mean, min: 0, p10: 0, median, p90, max: 9 });
const PERF = {
  load_summary: { count: 360, send_duration: 60, requested_rate: 6, achieved_rate: 6.003 },
  successes: {
    count: 359,
    latency: {
      request_latency: spread(3.5, 1.7, 8.8),
      time_per_output_token: spread(0.009, 0.009, 0.01),
      time_to_first_token: spread(0.06, 0.06, 0.09),
    },
    throughput: { output_tokens_per_sec: 933.5, requests_per_sec: 5.2 },
    prompt_len: { mean: 279.1 },
    output_len: { mean: 181 },
  },
  failures: { count: 1, request_latency: null, prompt_len: null },
};

const successful = (mean: number) => ({
  successful: { mean, median: mean, percentiles: { p50: mean, p90: 2 * mean, p99: 3 * mean } },
});
const benchmark = (strategy: Readonly<Record<string, unknown>>) => ({
  type_: "generative_benchmark",
  config: { strategy },
  duration: 30,
  metrics: {
    request_totals: { successful: 100, incomplete: 4, errored: 1, total: 105 },
    prompt_token_count: successful(256),
    output_token_count: successful(128),
    time_to_first_token_ms: successful(40),
    inter_token_latency_ms: successful(8),
    request_latency: successful(1.2),
    output_tokens_per_second: successful(426),
  },
});

const BENCH = {
  backend: "vllm",
  model_id: "meta-llama/Llama-3.1-8B",
  num_prompts: 200,
  request_rate: 10,
  burstiness: 1,
  max_concurrency: null,
  duration: 25,
  completed: 198,
  failed: 2,
  total_input_tokens: 198 * 512,
  total_output_tokens: 198 * 100,
  output_throughput: 792,
  mean_ttft_ms: 45,
  median_ttft_ms: 40,
  p99_ttft_ms: 120,
  mean_tpot_ms: 9,
  median_tpot_ms: 8.8,
  p99_tpot_ms: 12,
};

const stagesOf = (document: unknown, file = "summary.json") =>
  readStages(source(file, JSON.stringify(document)));
const problems = (document: unknown): string => {
  try {
    stagesOf(document);
    return "";
  } catch (error) {
    const issues = error instanceof SurgefleetError ? error.issues : [];
    return issues.map(({ path, message, hint }) => `${path} ${message} ${hint ?? ""}`).join("\n");
  }
};

describe("inference-perf", () => {
  it("is one stage a file; its time per token is taken from the ends, for it counts chunks", () => {
    const [stage, ...others] = stagesOf(PERF, "results/stage_1_lifecycle_metrics.json");
    expect(others).toEqual([]);
    expect(stage).toMatchObject({
      name: "stage_1_lifecycle_metrics.json",
      arrivals: { kind: "constant", rate: 6 },
      seconds: 60,
      promptTokens: 279,
      outputTokens: 181,
      recorded: {
        sent: 360,
        succeeded: 359,
        failed: 1,
        ttft: { mean: 0.06, p50: 0.06, p90: 0.09, p99: null },
        outputTokensPerSecond: 933.5,
      },
    });
    expect(stage!.recorded.tpot.mean).toBeCloseTo(3.44 / 180, 9);
    expect(stage!.cached.map(({ label }) => label)).toEqual(["nothing cached", "all cached"]);
  });
});

describe("guidellm", () => {
  it.each([
    [
      { type_: "constant", rate: 5 },
      { kind: "constant", rate: 5 },
    ],
    [
      { type_: "poisson", rate: 5 },
      { kind: "poisson", rate: 5 },
    ],
    [
      { type_: "concurrent", streams: 8 },
      { kind: "closed", callers: 8 },
    ],
    [{ type_: "synchronous" }, { kind: "closed", callers: 1 }],
    [
      { type_: "throughput", max_concurrency: 64 },
      { kind: "closed", callers: 64 },
    ],
  ])("is a stage for each benchmark, by its strategy: %j", (strategy, arrivals) => {
    const [first, second] = stagesOf({
      benchmarks: [benchmark({ type_: "synchronous" }), benchmark(strategy)],
    });
    expect(first!.arrivals).toEqual({ kind: "closed", callers: 1 });
    expect(second).toMatchObject({
      name: `benchmark 1 ${strategy.type_}`,
      arrivals,
      seconds: 30,
      promptTokens: 256,
      outputTokens: 128,
      recorded: {
        sent: 105,
        succeeded: 100,
        failed: 5,
        ttft: { mean: 0.04, p50: 0.04, p90: 0.08, p99: 0.12 },
        tpot: { mean: 0.008 },
        e2e: { mean: 1.2 },
      },
    });
  });

  it("says which strategies it knows", () => {
    const text = problems({ benchmarks: [benchmark({ type_: "wave" })] });
    expect(text).toMatch(
      /benchmarks\.0\.config\.strategy\.type_ is a strategy that is not known.*synchronous/,
    );
  });
});

describe("vllm bench serve", () => {
  it("is a Poisson stage of so many prompts", () => {
    expect(stagesOf(BENCH)[0]).toMatchObject({
      model: "meta-llama/Llama-3.1-8B",
      arrivals: { kind: "poisson", rate: 10 },
      seconds: 20,
      promptTokens: 512,
      outputTokens: 100,
      recorded: {
        sent: 200,
        succeeded: 198,
        failed: 2,
        ttft: { mean: 0.045, p50: 0.04, p90: null, p99: 0.12 },
        tpot: { mean: 0.009, p50: 0.0088 },
        e2e: { mean: null },
      },
    });
  });

  it("is bursty by its burstiness, closed by its concurrency, and all at once without either", () => {
    expect(stagesOf({ ...BENCH, burstiness: 0.25 })[0]!.arrivals).toEqual({ kind: "gamma", rate: 10, cv: 2 });
    const closed = stagesOf({ ...BENCH, request_rate: "inf", max_concurrency: 16 })[0]!;
    expect([closed.arrivals, closed.seconds]).toEqual([{ kind: "closed", callers: 16 }, 25]);
    const burst = stagesOf({ ...BENCH, request_rate: "inf" })[0]!;
    expect([burst.arrivals, burst.seconds]).toEqual([{ kind: "constant", rate: 20_000 }, 0.01]);
    expect(stagesOf({ ...BENCH, max_concurrency: 16 })[0]!.notes[0]).toMatch(/at most 16 .* left out/);
  });

  it("is read of SGLang, too, a document a line", () => {
    const one = { ...BENCH, model_id: undefined, mean_e2e_latency_ms: 900, median_e2e_latency_ms: 880 };
    const text = `${JSON.stringify(one)}\n${JSON.stringify({ ...one, request_rate: 20 })}\n`;
    const stages = readStages(source("sglang.jsonl", text));
    expect(stages.map(({ arrivals }) => "rate" in arrivals && arrivals.rate)).toEqual([10, 20]);
    expect(stages[0]!.recorded.e2e).toMatchObject({ mean: 0.9, p50: 0.88 });
  });

  it("names everything that is missing", () => {
    const text = problems({ ...BENCH, total_input_tokens: undefined, mean_tpot_ms: "fast" });
    expect(text).toMatch(/total_input_tokens is missing[\s\S]*mean_tpot_ms is/);
  });
});

it("no document is of two forms", () => {
  for (const document of [PERF, { benchmarks: [] }, BENCH]) {
    const text = JSON.stringify(document);
    const fitting = SUMMARY_FORMS.filter(({ matches }) => {
      const value = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const has = (...paths: readonly string[]) => paths.every((path) => Object.hasOwn(value, path));
      return matches({ has, get: (path: string) => value[path] } as never);
    });
    expect(fitting).toHaveLength(1);
  }
});
