// Files that people have and that are no trace: each is told what it is and what to do instead.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TRACE_FORMATS } from "../../../../../src/core/demand/trace/formats/formats.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { reading } from "../traces.js";

test.each([
  ["semicolons", "timestamp;input_tokens;output_tokens\n0,5;1;1\n", "between semicolons", "with commas"],
  ["numbers with commas", "0,5;1;1\n", "between semicolons", "points in numbers"],
  ["tabs", "timestamp\tinput_tokens\toutput_tokens\n0\t1\t1\n", "between tabs", "with commas"],
  [
    "columns of other names",
    "when,prompt,completion\n0,1,1\n",
    "no known trace format",
    'columns: { timestamp: "when", input_tokens: "prompt", output_tokens: "completion" }',
  ],
  ["metrics of a server", "# HELP vllm:request_success_total x\n", "Prometheus's text form", "counts"],
  [
    "a range query",
    '{"status":"success","data":{"resultType":"matrix","result":[]}}',
    "Prometheus query",
    "counts: FILE",
  ],
  ["counts per minute", "timestamp,count\n0,5\n", "counts of requests in steps of time", "counts: FILE"],
  ["k6's summary", '{"metrics":{"http_req_duration":{"avg":1}}}', "k6's summary", "docs/traces.md"],
  ["a HAR", '{"log":{"version":"1.2","entries":[]}}', "HTTP archive", "input_tokens"],
  [
    "a stage",
    '{"load_summary":{"count":1},"successes":{},"failures":{}}',
    "inference-perf's summary",
    "--stages",
  ],
  ["a run in sum", '{"completed":1,"request_throughput":2}', "serving benchmark", "--save-detailed"],
  [
    "AIPerf's summary",
    '{"request_latency":{"avg":1},"time_to_first_token":{"avg":1}}',
    "AIPerf's summary",
    "profile_export.jsonl",
  ],
  [
    "AIPerf's inputs",
    '{"data":[{"session_id":"a","payloads":[]}]}',
    "inputs of an AIPerf run",
    "profile_export.jsonl",
  ],
  [
    "guidellm without requests",
    '{"benchmarks":[{"metrics":{}}]}',
    "guidellm's benchmarks without",
    "run it again",
  ],
  [
    "lengths for Vidur",
    "num_prefill_tokens,num_decode_tokens\n1,2\n",
    "no column arrived_at",
    "add arrived_at",
  ],
  ["Locust's statistics", "Type,Name,Request Count,Failure Count\n", "Locust's statistics", "docs/traces.md"],
  [
    "an engine's log",
    "INFO loggers.py: Avg prompt throughput: 1.0 tokens/s\n",
    "log of an engine",
    "calibrate",
  ],
])("%s", (_, text, message, hint) => {
  const { error } = reading([text]);
  expect(error).toContain(`t:1:1 `);
  expect(error).toContain(message);
  expect(error).toContain(hint);
});

/** Beside the repository, where the project is worked on; they are not a part of it. */
const cases = join(import.meta.dirname, "../../../../../../shared/cases");

describe.skipIf(!existsSync(cases))("the small inputs that went wrong", () => {
  const text = (name: string) => readFileSync(join(cases, name), "utf8");
  const options = { stream: openStream("1", "test"), sessionStarts: { rate: 4 } };

  test.each([
    ["c29-k6.json", "k6's summary"],
    ["c29-prom.txt", "Prometheus's text form"],
    ["c29-servegen-off.jsonl", "offline workload of ServeGen"],
  ])("%s is told what it is", (name, message) => {
    expect(reading([text(name)], options)).toEqual({ rows: [], error: expect.stringContaining(message) });
  });

  test.each([
    [
      "c29-servegen.csv",
      [
        [0, 100, 10],
        [490_000, 100, 10],
      ],
    ],
    ["c29-sglang.jsonl", [[0, 1, 2]]],
    ["c29-sharegpt.json", [[0, 1, 3]]],
    [
      "c29-vllm.json",
      [
        [0, 10, 5],
        [700_000, 20, 6],
      ],
    ],
    [
      "c47-array.json",
      [
        [0, 1, 1],
        [1_000_000, 1, 1],
      ],
    ],
  ])("%s is read", (name, rows) => {
    const read = reading([text(name)], options);
    expect(read.error).toBe("");
    expect(read.rows.map(({ at, inputTokens, outputTokens }) => [at, inputTokens, outputTokens])).toEqual(
      rows,
    );
  });

  test("are all of their kind", () => {
    expect(readdirSync(cases).filter((name) => /^c(29|47)-/.test(name))).toHaveLength(8);
  });
});

test("no file that is a trace is refused", () => {
  const refused = TRACE_FORMATS.filter(({ firstLine }) => reading([firstLine]).error.includes("this is"));
  expect(refused.map(({ name }) => name)).toEqual([]);
});
