import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { type ReadStepLogOptions, readStepLog } from "../../../../src/core/tools/calibration/step-log.js";
import { bench, csv } from "./steps.js";

const read = (text: string, options: Omit<ReadStepLogOptions, "file"> = {}) =>
  readStepLog([text], { file: "s.csv", ...options });

function problems(text: string, options: Omit<ReadStepLogOptions, "file"> = {}): string {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof SurgefleetError) return error.message;
    throw error;
  }
  return "";
}

describe("a step log", () => {
  it("is read by the names of its columns, in any order, and others are passed over", () => {
    const { points } = read("kind,gpu_ms,prefill_tokens,sum_context,n_decode\nx,7.5,0,4096,4\n");
    expect(points).toEqual([
      {
        start: undefined,
        decoding: 4,
        context: 4096,
        prefillTokens: 0,
        priorContext: 0,
        area: 0,
        rows: 4,
        gpu: 7.5,
        host: undefined,
      },
    ]);
  });

  it("comes back as it was written", () => {
    const written = bench();
    const { points } = read(csv(written));
    expect(points.map((point) => ({ ...point, gpu: 0 }))).toEqual(
      written.map((point) => ({ ...point, gpu: 0 })),
    );
  });

  it("of a run has a start, and the rest of the wall time as the CPU part", () => {
    const text =
      "start_s,n_decode,sum_context,prefill_tokens,duration_ms,gpu_ms,rows_T\n1.5,1,48,0,6.5,6.25,1\n";
    const [point] = read(text).points;
    expect([point?.start, point?.gpu, point?.host]).toEqual([1.5, 6.25, 0.25]);
  });

  it("is understood by vLLM's names, with the KV cache's usage in place of the context", () => {
    const header =
      "num_ctx_requests,num_ctx_tokens,num_generation_requests,num_generation_tokens,vllm:kv_cache_usage_perc,iteration elapsed time";
    const { points, notes } = read(`${header}\n1,100,4,4,0.5,9.25\n`, { kvTokens: 8000 });
    expect(points[0]).toMatchObject({
      decoding: 4,
      prefillTokens: 100,
      context: 4000,
      gpu: 9.25,
      area: 5050,
    });
    expect(notes.join("\n")).toMatch(
      /wall time only[\s\S]*KV cache[\s\S]*cached before[\s\S]*one chunk[\s\S]*padded/,
    );
  });

  it("may have steps without work and steps that verify: they are left out and counted", () => {
    const { points, notes } = read(
      "n_decode,sum_context,prefill_tokens,gpu_ms,kq\n1,100,0,6,1\n1,100,0,7,4\n0,0,0,1,1\n",
    );
    expect(points).toHaveLength(1);
    expect(notes.join("\n")).toMatch(/1 steps that verify[\s\S]*1 steps without work/);
  });

  it.each<[string, string, RegExp]>([
    [
      "without a time",
      "n_decode,sum_context,prefill_tokens\n1,1,0\n",
      /s\.csv:1:1 no column has the time .*"gpu_ms"/,
    ],
    ["without context", "n_decode,prefill_tokens,gpu_ms\n1,0,6\n", /"sum_context" is missing.*--kv-tokens/],
    [
      "with a misspelt column",
      "n_decod,sum_context,prefill_tokens,gpu_ms\n",
      /"n_decode".*is "n_decod" meant\?/,
    ],
    [
      "with a column twice",
      "n_decode,n_decode,sum_context,prefill_tokens,gpu_ms\n",
      /stands in the header twice/,
    ],
    [
      "with usage but no size",
      "n_decode,kv_cache_usage,prefill_tokens,gpu_ms\n1,0.5,0,6\n",
      /say --kv-tokens N/,
    ],
    ["without rows", "n_decode,sum_context,prefill_tokens,gpu_ms\n", /a header but no steps/],
    [
      "with words for numbers",
      "n_decode,sum_context,prefill_tokens,gpu_ms\n1,10,0,fast\n",
      /s\.csv:2:8 "fast" is no number/,
    ],
    [
      "with a negative number",
      "n_decode,sum_context,prefill_tokens,gpu_ms\n-1,10,0,6\n",
      /s\.csv:2:1 "-1" is no number/,
    ],
    [
      "with a field too few",
      "n_decode,sum_context,prefill_tokens,gpu_ms\n1,10,0\n",
      /number of fields is 3.* 4/,
    ],
    ["with no time at all", "n_decode,sum_context,prefill_tokens,gpu_ms\n1,10,0,0\n", /s\.csv:2:1 .*above 0/],
    ["with rows lost", "n_decode,sum_context,prefill_tokens,gpu_ms,rows_T\n8,99,0,6,4\n", /4 rows are fewer/],
    [
      "with time lost",
      "n_decode,sum_context,prefill_tokens,gpu_ms,duration_ms\n8,99,0,6,5\n",
      /less wall time/,
    ],
  ])("%s is refused", (_, text, wanted) => {
    expect(problems(text)).toMatch(wanted);
  });

  it("tells every problem at once, and stops after twenty", () => {
    const bad = "n_decode,sum_context,prefill_tokens,gpu_ms\n".concat("x,10,0,6\n".repeat(50));
    expect(problems(bad).match(/is no number/g)).toHaveLength(20);
  });
});
