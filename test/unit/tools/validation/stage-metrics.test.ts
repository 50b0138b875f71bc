// Written by hand after vllm/v1/metrics/loggers.py.
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { isMetricsText, readMetricsStage } from "../../../../src/core/tools/validation/stage-metrics.js";
import { source } from "./recording.js";

const L = 'engine="0",model_name="m"';
const histogram = (name: string, buckets: readonly (readonly [string, number])[], sum: number) =>
  [
    `# TYPE vllm:${name} histogram`,
    ...buckets.map(([le, count]) => `vllm:${name}_bucket{${L},le="${le}"} ${count}.0`),
    `vllm:${name}_count{${L}} ${buckets.at(-1)![1]}.0`,
    `vllm:${name}_sum{${L}} ${sum}`,
  ].join("\n");
const snapshot = (count: number) =>
  [
    "# HELP vllm:num_requests_running Number of requests in model execution batches.",
    `vllm:num_requests_running{${L}} 3.0`,
    `vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="27500"} 1.0`,
    `vllm:prefix_cache_queries_total{${L}} ${300 * count}.0`,
    `vllm:prefix_cache_hits_total{${L}} ${75 * count}.0`,
    `vllm:generation_tokens_total{${L}} ${50 * count}.0`,
    histogram("request_prompt_tokens", [["+Inf", count]], 300 * count),
    histogram("request_generation_tokens", [["+Inf", count]], 50 * count),
    histogram(
      "e2e_request_latency_seconds",
      [
        ["0.5", count / 2],
        ["1.0", count],
        ["+Inf", count],
      ],
      0.5 * count,
    ),
    histogram(
      "time_to_first_token_seconds",
      [
        ["0.02", 0],
        ["0.04", count],
        ["+Inf", count],
      ],
      0.03 * count,
    ),
    histogram(
      "request_time_per_output_token_seconds",
      [
        ["0.01", count],
        ["+Inf", count],
      ],
      0.008 * count,
    ),
    "",
  ].join("\n");
const file = (text: string) => source("after.prom", text);

describe("vLLM's /metrics", () => {
  it("is a stage since the engine began: lengths, cached share and cache as counted, quantiles from buckets", () => {
    const stage = readMetricsStage(file(snapshot(200)), { seconds: 100 });
    expect(stage).toMatchObject({
      arrivals: { kind: "poisson", rate: 2 },
      promptTokens: 300,
      outputTokens: 50,
      cached: [{ label: "as counted", tokens: 75 }],
      settings: { kvTokens: 440_000, replicas: 1 },
    });
    const { ttft, tpot, e2e, outputTokensPerSecond } = stage.recorded;
    expect(ttft.mean).toBeCloseTo(0.03, 9);
    expect(ttft.p50).toBeCloseTo(0.03, 9);
    expect([tpot.mean, e2e.mean].map((one) => Math.round(one! * 1e4))).toEqual([80, 5000]);
    expect([e2e.p50, e2e.p90]).toEqual([0.5, expect.closeTo(0.9, 9)]);
    expect(outputTokensPerSecond).toBe(100);
  });

  it("is what came since the snapshot before", () => {
    const stage = readMetricsStage(file(snapshot(200)), { seconds: 50, since: file(snapshot(100)) });
    expect(stage.arrivals).toEqual({ kind: "poisson", rate: 2 });
    expect(stage.recorded.ttft.p50).toBeCloseTo(0.03, 9);
  });

  it("says nothing beyond the last bound of a histogram", () => {
    const late = snapshot(100).replace('le="1.0"} 100', 'le="1.0"} 60');
    expect(readMetricsStage(file(late), { seconds: 10 }).recorded.e2e.p90).toBeNull();
  });

  it("asks for the time that it was shown over, and for vLLM's own metrics", () => {
    expect(() => readMetricsStage(file(snapshot(1)), {})).toThrow(/--over TIME.*--since FILE/);
    expect(() => readMetricsStage(file("# HELP go_gc x\ngo_gc 1\n"), { seconds: 1 })).toThrow(
      SurgefleetError,
    );
    expect(() => readMetricsStage(file(snapshot(5)), { seconds: 1, since: file(snapshot(5)) })).toThrow(
      /no request has ended/,
    );
  });

  it("is known by how it begins", () => {
    expect([snapshot(1), "vllm:x 1", "# TYPE vllm:x gauge", "rate_per_s,x", "{"].map(isMetricsText)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
