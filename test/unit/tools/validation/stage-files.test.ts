import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import { readStages } from "../../../../src/core/internal.js";
import { source } from "./recording.js";
import { HEADER, KNOWN } from "./stages.js";

const problems = (text: string): string => {
  try {
    readStages(source("s.json", text));
    return "";
  } catch (error) {
    const issues = error instanceof SurgefleetError ? error.issues : [];
    return issues.map(({ line, message, hint }) => `${line} ${message} ${hint ?? ""}`).join("\n");
  }
};

describe("readStages", () => {
  it("knows a table of stages, and the JSON of load generators", () => {
    expect(readStages(source("s.csv", HEADER + KNOWN))).toHaveLength(1);
    expect(
      problems('{"mean_ttft_ms": NaN, "completed": 1, "total_output_tokens": 1, "request_rate": Infinity}'),
    ).toMatch(/is missing/);
    expect(problems('{"load_summary": {}, "successes": {}}')).toMatch(/is missing/);
  });

  it.each<[string, string, RegExp]>([
    ["a text", "hello\n", /^1 these are no summaries.*inference-perf.*guidellm.*\/metrics/],
    ["another document", '{"a": 1}', /^1 these are no summaries/],
    ["half a document", '{"a": 1\n', /^1 this is no JSON document/],
    ["a fault on a later line", '{\n"a": 1,\n}\n', /^3 this is no JSON document: expected a key/],
    ["a broken line", '{"mean_ttft_ms":1,"completed":1,"total_output_tokens":1}\n{\n', /^2 this is no JSON/],
    ["no benchmarks", '{"benchmarks": []}', /guidellm file has no stages/],
  ])("says of %s what is wrong and what it knows", (_, text, wanted) => {
    expect(problems(text)).toMatch(wanted);
  });

  // Every load generator whose single requests are read, and a table of any kind.
  it.each([
    "aiperf-records.jsonl",
    "inference-perf.json",
    "sglang-bench.jsonl",
    "vidur-metrics.csv",
    "azure-llm-2024.csv",
    "mooncake.jsonl",
  ])("says where single requests go: %s", (name) => {
    const text = readFileSync(join("test/fixtures/traces", name), "utf8");
    expect(problems(text)).toMatch(/requests one by one \([\w-]+\), no summary.*--requests/);
  });

  it("reads a document with a bound", () => {
    const chunk = `[${" ".repeat(1024 * 1024)}`;
    const endless = { file: "s.json", chunks: () => new Array<string>(70).fill(chunk) };
    expect(() => readStages(endless)).toThrow(SurgefleetError);
  });
});

it("refuses what is nested deeply", () => {
  const deep = `[{"x":${"[".repeat(20_000)}1${"]".repeat(20_000)}}]`;
  expect(() => readStages(source("s.json", deep))).toThrow(/no summaries of stages/);
});
