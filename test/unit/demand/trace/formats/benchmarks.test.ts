// What benchmarks and other simulators wrote, from small files in the documented form of each: what its rows must say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ReadTraceOptions, readTrace } from "../../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport, type TraceReport } from "../../../../../src/core/demand/trace/report.js";
import type { TraceRow } from "../../../../../src/core/demand/trace/row.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { told } from "../told.js";
import { reading } from "../traces.js";

const folder = join(import.meta.dirname, "../../../../fixtures/traces");
const text = (name: string) => readFileSync(join(folder, name), "utf8");

/** Findings by what was found, without their kind. */
function bare(findings: Readonly<Record<string, number | null>>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(findings).map(([what, count]) => [what.replace(/^\w+: /, ""), count]),
  );
}

const assumed = (report: TraceReport) => Object.keys(bare(told(report, "assumed")));

type Options = Omit<ReadTraceOptions, "file">;

function imported(name: string, options: Options = {}) {
  const report = newTraceReport();
  const rows = [...readTrace([text(name)], { file: name, ...options }, report)];
  return {
    rows: rows.map(said),
    dropped: bare(told(report, "dropped")),
    warnings: assumed(report),
    notes: bare(told(report, "repaired")),
  };
}

/** What rows of benchmarks say: [at, input, output, first token, end, outcome], and the rest where it is said. */
function said(row: TraceRow): readonly unknown[] {
  const { at, inputTokens, outputTokens, firstTokenAt, endedAt, outcome } = row;
  const { cachedTokens, session, thinkTime } = row;
  const rest = Object.entries({ cachedTokens, session, thinkTime }).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  const times = [at, inputTokens, outputTokens, firstTokenAt, endedAt, outcome];
  return rest.length === 0 ? times : [...times, Object.fromEntries(rest)];
}

const KEEP = { zeroOutput: "keep" } as const;
const stream = () => openStream("1", "test");

describe("vllm-bench", () => {
  test("has each request where it was sent, with its first token, its end and its error", () => {
    const { rows, warnings } = imported("vllm-bench.jsonl", KEEP);
    expect(rows).toEqual([
      [0, 10, 3, 100_000, 130_000, "completed"],
      [600_000, 30, 1, 650_000, 650_000, "completed"],
      [700_000, 20, 2, 900_000, 920_000, "completed"],
      [1_500_000, 40, 0, undefined, undefined, "timed_out"],
    ]);
    expect(warnings).toEqual(["requests without output, kept with 0 tokens"]);
  });

  test("leaves out failures unless asked for them, and counts them", () => {
    const { rows, dropped } = imported("vllm-bench.jsonl");
    expect(rows).toHaveLength(3);
    expect(dropped).toEqual({ "failed: no output": 1 });
  });

  const run = (changes: object) =>
    JSON.stringify({
      completed: 2,
      input_lens: [10, 20],
      output_lens: [5, 6],
      ttfts: [0.5, 0.25],
      itls: [[0.5], [0.25]],
      ...changes,
    });

  test("draws times of sending at the rate that the file names where it has none, and says so", () => {
    const many = {
      completed: 500,
      input_lens: Array(500).fill(1),
      output_lens: Array(500).fill(1),
      ttfts: undefined,
      itls: undefined,
    };
    const report = newTraceReport();
    const whole = run({ ...many, request_rate: 4, burstiness: 0.5 });
    const rows = [...readTrace([whole], { file: "t", stream: stream() }, report)];
    // 499 gaps of mean 1/4 s and a coefficient of variation of 1.41: the sum's is 0.063.
    expect(rows.at(-1)!.at / 1e6).toBeGreaterThan(0.8 * 125);
    expect(rows.at(-1)!.at / 1e6).toBeLessThan(1.2 * 125);
    expect(assumed(report).join()).toContain("drawn anew at its request_rate of 4/s and burstiness 0.5");
  });

  test("has all requests at once, or as many under way as there were, where no rate held them back", () => {
    const ats = (changes: object) => reading([run(changes)]).rows.map(({ at }) => at);
    expect(ats({ request_rate: "inf" })).toEqual([0, 0]);
    expect(ats({ request_rate: "inf", max_concurrency: 1 })).toEqual([0, 1_000_000]);
  });

  test("takes how long requests took as the tool says it, where it does", () => {
    const { rows } = reading([run({ start_times: [0, 1], latencies: [3, null] })]);
    expect(rows.map(({ endedAt }) => endedAt)).toEqual([3_000_000, 1_500_000]);
  });

  test.each([
    ["no time at all", {}, "t:1:1 request_rate: is missing, and start_times is missing"],
    ["a ramp", { ramp_up_strategy: "linear" }, "ramp_up_strategy: the rate was ramped"],
    [
      "a trace's times",
      { request_rate: "trace" },
      "request_rate: requests were sent at the times of a trace",
    ],
    ["a list too short", { ttfts: [1] }, "ttfts: has 1 entries, but input_lens has 2"],
    ["no list", { ttfts: 1 }, "ttfts: must be a list"],
    [
      "a count that is none",
      { output_lens: [5, 1.5] },
      'output_lens[1]: is "1.5", but must be a whole number',
    ],
    ["a time that is none", { start_times: [1, "x"] }, 'start_times[1]: is "\\"x\\"", but must be seconds'],
    ["a time too few", { start_times: [1, null] }, "start_times: must be a list of seconds"],
    ["gaps that are none", { itls: [1, []] }, "itls[0]: must be a list of seconds"],
    ["a concurrency of 0", { request_rate: "inf", max_concurrency: 0 }, "max_concurrency: is"],
  ])("refuses %s", (_, changes, message) => {
    expect(reading([run(changes)]).error).toContain(message);
  });

  test("draws the same times whenever nothing gives it chance, so that a file can be read by itself", () => {
    const ats = () => reading([run({ request_rate: 4 })]).rows.map(({ at }) => at);
    expect(ats()).toEqual(ats());
    expect(ats()[1]).toBeGreaterThan(0);
  });

  test("says where it lists another number of answers than it counts", () => {
    const report = newTraceReport();
    expect([...readTrace([run({ request_rate: "inf", completed: 9 })], { file: "t" }, report)]).toHaveLength(
      2,
    );
    expect(assumed(report)).toContain("the file says 9 completed requests, but lists 2");
  });
});

describe("sglang-bench", () => {
  const first = [
    [0, 100, 2, 500_000, 1_000_000, "completed", { cachedTokens: 0 }],
    [0, 200, 3, 250_000, 500_000, "completed", { cachedTokens: 64 }],
    [500_000, 300, 1, 625_000, 625_000, "completed", { cachedTokens: 0 }],
  ];

  test("works times of sending out from the requests under way, its runs one after the other", () => {
    const { rows, warnings } = imported("sglang-bench.jsonl");
    expect(rows).toEqual([...first, [1_000_000, 50, 4, 1_250_000, 2_000_000, "completed"]]);
    expect(warnings.join()).toMatch(/2 requests at most were under way.*several runs/);
  });

  test("reads one run of several", () => {
    expect(imported("sglang-bench.jsonl", { benchmark: 1 }).rows).toEqual(first);
    expect(imported("sglang-bench.jsonl", { benchmark: 2 }).rows).toEqual([
      [0, 50, 4, 250_000, 1_000_000, "completed"],
    ]);
  });
});

test("aiperf-records: units as they stand, pauses of sessions, warm-up left out", () => {
  const { rows, dropped } = imported("aiperf-records.jsonl", KEEP);
  expect(rows).toEqual([
    [0, 80, 0, undefined, 1_000_000, "failed", { session: "s2" }],
    [500_000, 550, 9, 750_000, 1_500_000, "completed", { session: "s1" }],
    [3_500_000, 600, 4, 3_600_000, 4_000_000, "completed", { session: "s1", thinkTime: 2_000_000 }],
  ]);
  expect(dropped).toEqual({ "outside the measurement: its benchmark_phase is another than profiling": 1 });
});

test("inference-perf: counts and token times wherever the version or the fields asked for have them", () => {
  expect(imported("inference-perf.json", KEEP).rows).toEqual([
    [0, 7, 0, undefined, 250_000, "timed_out"],
    [500_000, 40, 3, 750_000, 2_000_000, "completed", { cachedTokens: 16 }],
    [3_000_000, 9, 2, 3_500_000, 4_000_000, "completed", { session: "s" }],
  ]);
});

describe("guidellm", () => {
  test("has benchmarks of both forms one after the other, requests by how they ended", () => {
    const { rows, warnings, notes } = imported("guidellm.json", KEEP);
    expect(rows).toEqual([
      [0, 90, 0, undefined, 2_000_000, "timed_out"],
      [500_000, 128, 12, 750_000, 1_500_000, "completed", { cachedTokens: 64 }],
      [1_000_000, 100, 5, undefined, 2_000_000, ""],
      [10_000_000, 10, 4, 10_250_000, 11_000_000, "completed"],
    ]);
    expect(notes).toMatchObject({
      "requests that were not sent, left out": 1,
      "requests under way when their benchmark ended, kept with the output so far": 1,
    });
    expect(warnings.join()).toContain("the file holds 2 benchmarks");
  });

  test("reads one benchmark of several, and none that is not there", () => {
    expect(imported("guidellm.json", { benchmark: 2 }).rows).toEqual([
      [0, 10, 4, 250_000, 1_000_000, "completed"],
    ]);
    const { error } = reading([text("guidellm.json")], { benchmark: 3 });
    expect(error).toContain("benchmarks: has 2 entries: there is no benchmark 3");
  });
});

test("guidellm: conversations of a benchmark are sessions, those of its agents apart", () => {
  const request = (at: number, info: object) => ({
    info: { ...info, timings: { request_start: at } },
    ...{ prompt_tokens: 5, output_tokens: 5 },
  });
  const run = (requests: readonly object[]) => ({ requests: { successful: requests } });
  const first = [{ conversation_id: "c" }, { conversation_id: "c", agent_id: "a" }, { agent_id: "a" }];
  const benchmarks = [
    run(first.map((info, at) => request(at, info))),
    run([request(9, { conversation_id: "c" })]),
  ];
  const { rows } = reading([JSON.stringify({ benchmarks })]);
  expect(rows.map(({ session }) => session)).toEqual(["c", "c a", "", "c#2"]);
});

test("vidur: seconds, in any order, whole numbers as pandas writes them", () => {
  expect(imported("vidur.csv").rows).toEqual([
    [0, 200, 10, undefined, undefined, ""],
    [250_000, 100, 20, undefined, undefined, ""],
    [1_750_000, 300, 5, undefined, undefined, ""],
  ]);
});

test("vidur-metrics: gaps add up to times", () => {
  const { rows, warnings } = imported("vidur-metrics.csv");
  expect(rows).toEqual([
    [0, 100, 10, 250_000, 1_500_000, "completed"],
    [750_000, 200, 20, 1_250_000, 2_750_000, "completed"],
    [1_000_000, 30, 3, undefined, undefined, ""],
  ]);
  expect(warnings.join()).toContain("simulation");
  const swapped = text("vidur-metrics.csv").replace("\n3,", "\n0,");
  expect(reading([swapped]).error).toContain("Request Id: is 0, behind 1");
});

test("servegen-csv: tokens of images, audio and video are a part of the prompt", () => {
  const { rows, dropped } = imported("servegen-csv.csv");
  expect(rows).toEqual([
    [0, 1700, 10, undefined, undefined, ""],
    [490_000, 100, 10, undefined, undefined, ""],
  ]);
  expect(dropped).toEqual({ "failed: no output": 1 });
  const odd = text("servegen-csv.csv").replace("[576, 1024]", "[576, x]");
  expect(reading([odd]).error).toContain('image_tokens: is "[576, x]", but must be a list of token counts');
});

describe("chat-text", () => {
  test("has the first prompt and answer of each conversation, at the rate that is asked for", () => {
    const options = { sessionStarts: { rate: 4 }, stream: stream() };
    const { rows, dropped, warnings, notes } = imported("chat-text.json", options);
    expect(rows.map(([, input, output]) => [input, output])).toEqual([
      [1, 3],
      [9, 1],
    ]);
    expect(dropped).toEqual({ "no prompt with an answer to it": 1 });
    expect(notes).toEqual({
      "turns behind the first of their conversation, left out": 2,
    });
    expect(warnings.join()).toContain("estimated at 4 characters a token, and times are drawn");
  });

  test("asks for a rate: nothing else tells when requests come", () => {
    expect(reading([text("chat-text.json")]).error).toContain("sessionStarts: { rate: 4/s }");
  });
});
