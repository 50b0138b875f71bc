import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { StepLines } from "../../../../src/core/tools/calibration/iteration-log.js";
import { readStepLog } from "../../../../src/core/tools/calibration/step-log.js";

const step = (index: number, context: number, decoding: number, millis: string, rest: string) =>
  `(EngineCore_DP0 pid=7) INFO 11-30 13:00:0${index} [loggers.py:182] Engine 000: Iteration(${index}): 1 context requests, ` +
  `${context} context tokens, ${decoding} generation requests, ${decoding} generation tokens, ` +
  `iteration elapsed time: ${millis} ms${rest}\n`;

const LOG = [
  "(APIServer pid=1) INFO 11-30 12:59:00 [api_server.py:1] vLLM API server version 0.27.1\n",
  "(EngineCore_DP0 pid=7) INFO 11-30 12:59:30 [kv_cache_utils.py:1319] GPU KV cache size: 458,128 tokens\n",
  step(0, 512, 0, "21.75", ", GPU KV cache usage: 0.1%"),
  step(1, 0, 4, "9.25", ", GPU KV cache usage: 12.5%"),
  'INFO:     127.0.0.1:55206 - "POST /v1/completions HTTP/1.1" 200 OK\n',
  step(2, 0, 0, "8.00", " (dummy), GPU KV cache usage: 12.5%"),
  step(3, 256, 8, "14.50", ", KV cache usage: 50.0%"),
];

describe("what vLLM prints of its iterations", () => {
  it("is a step log: usage in percent, dummies left out, the cache as it said at its start", () => {
    const { points, notes } = readStepLog(LOG, { file: "vllm.log" });
    expect(points.map(({ decoding, prefillTokens, gpu }) => [decoding, prefillTokens, gpu])).toEqual([
      [0, 512, 21.75],
      [4, 0, 9.25],
      [8, 256, 14.5],
    ]);
    expect(points.map(({ context }) => context)).toEqual([0, 57_266, 229_064]);
    expect(notes.join("\n")).toMatch(/vLLM printed[\s\S]*1 dummy steps[\s\S]*458128 tokens/);
  });

  it("goes by the size of the cache that the caller gives", () => {
    const { points } = readStepLog(LOG, { file: "vllm.log", kvTokens: 1000 });
    expect(points[2]!.context).toBe(500);
  });

  it("keeps the lines' own numbers for messages", () => {
    const bad = [...LOG.slice(0, 4), step(9, 0, 4, "0", ", GPU KV cache usage: 12.5%")];
    try {
      readStepLog(bad, { file: "vllm.log" });
      expect.unreachable();
    } catch (error) {
      expect(error instanceof SurgefleetError && error.issues[0]).toMatchObject({ line: 5 });
    }
  });

  it("says what is missing of an older vLLM, which prints no usage", () => {
    expect(() => readStepLog([step(0, 1, 2, "3", "")], { file: "vllm.log" })).toThrow(
      /"sum_context" is missing/,
    );
  });

  it("is not looked for in a table, and a text without any is told of as the table that it is not", () => {
    const table = "n_decode,sum_context,prefill_tokens,gpu_ms\n1,10,0,5\n";
    const lines = new StepLines([table], "s.csv");
    expect(Array.from(lines.read(), ({ text }) => text)).toEqual(table.trim().split("\n"));
    expect(lines.isPrinted).toBe(false);
    expect(() => readStepLog(["hello\nworld\n"], { file: "s.csv" })).toThrow(/no column has the time/);
  });

  it("reads endless digits and lines without delay", () => {
    const hostile = `Iteration(${"1".repeat(150_000)}): ${"9".repeat(150_000)}\n`;
    expect(() => readStepLog([hostile, `Iteration(${" ".repeat(1500)}\n`], { file: "s.csv" })).toThrow(
      /no column/,
    );
  });
});
