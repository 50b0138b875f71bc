// Files of the imported formats that are wrong: each is told with its place, or counted, and nothing is silent.
import { describe, expect, test } from "vitest";
import { readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { LONGEST_DOCUMENT, LONGEST_LINE } from "../../../../src/core/text/lines.js";
import { told } from "./told.js";
import { AZURE, GENERIC, reading } from "./traces.js";

const BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
const ROUNDS = "session_id,arrival_time,round_idx,prefix_len,input_len,output_len,tool_wait_after_ms\n";
const moon = (timestamp: unknown, more = "") =>
  `{"timestamp": ${timestamp}, "input_length": 5, "output_length": 1, "hash_ids": [1]${more}}\n`;
const otel = (span: object) => JSON.stringify({ spans: [span] });
const spanTimes = { start_time: "2026-02-25T12:00:00Z", end_time: "2026-02-25T12:00:01Z" };

test.each([
  [
    "mooncake with text for time",
    moon('"27000"'),
    "t:1:2 timestamp: must be a number of milliseconds, without quotes",
  ],
  [
    "mooncake with time that goes back",
    moon(5) + moon(4),
    "t:2:2 timestamp: goes back behind the row of line 1",
  ],
  [
    "mooncake without output",
    moon(5).replace('"output_length": 1', '"output_length": 0'),
    "output_length: is 0: rows",
  ],
  ["mooncake with negative time", moon(-5), "timestamp: is -5, but must be milliseconds"],
  ["a blank line inside", `${moon(1)}\n${moon(2)}`, "t:2:1 a blank line inside the trace"],
  ["a cut last line", moon(1) + moon(2).slice(0, 20), "t:2:1"],
  ["a cut only line", moon(1).slice(0, 40), "t:1:1 the JSON object that begins here does not end"],
  [
    "ragpulse with words for time",
    moon('"x"').replace("[1]", "{}"),
    't:1:2 timestamp: is "x", but must be seconds',
  ],
  [
    "bailian with text for time",
    '{"chat_id":1,"parent_chat_id":-1,"timestamp":"1","input_length":1,"output_length":1}',
    "timestamp: must be a number of seconds, without quotes",
  ],
  ["burstgpt with words", `${BURST}x,m,1,2,3,l`, 't:2:1 Timestamp: is "x"'],
  [
    "burstgpt with negative tokens",
    `${BURST}1,m,-1,2,3,l`,
    't:2:5 Request tokens: is "-1", but must not be negative',
  ],
  [
    "burstgpt with a column twice",
    `${BURST.trim()},Model\n`,
    't:1:1 column "Model" stands here a second time',
  ],
  [
    "multi-round without sessions",
    ROUNDS.replace("session_id", "sid"),
    'column "session_id" (or "id") is missing',
  ],
  [
    "multi-round with words",
    `${ROUNDS}1,x,0,0,5,5,0`,
    't:2:3 arrival_time: is "x", but must be milliseconds',
  ],
  ["chutes with words", "invocation_id,started_at,completed_at,it,ot\na,x,1,2,3", 't:2:3 started_at: is "x"'],
  [
    "azure-lmm with words",
    "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2025-02-01 00:00:01,x,1,2",
    't:2:21 NumImages: is "x"',
  ],
  [
    "tracelab without events",
    '{"session_id":"a","round_index":0,"prefix_tokens":0,"newly_append_tokens":5,"output_tokens":1,"timing_events":[]}',
    "timing_events: must hold the events",
  ],
  [
    "otel without counts or text",
    otel({ ...spanTimes, attributes: { "gen_ai.request.model": "m" } }),
    "spans[0].attributes.gen_ai.usage.input_tokens: is missing, and there is no text",
  ],
  [
    "otel without times",
    otel({ attributes: { "gen_ai.request.model": "m" } }),
    "spans[0].start_time: must be an ISO date",
  ],
  ["otel with a span that is none", '{"spans":[null]}', "t:1:1 spans[0]: must be an object"],
  [
    "tracelab with an event that is none",
    '{"session_id":"a","round_index":0,"prefix_tokens":0,"newly_append_tokens":5,"output_tokens":1,"timing_events":[null]}',
    "has an event without an ISO date",
  ],
  [
    "a pause that reaches too far",
    `${ROUNDS}1,1,0,0,5,5,99999999999999999\n1,1,1,0,5,5,0\n`,
    "t:3:3 arrival_time: lies, with the times counted from it, too far ahead",
  ],
  [
    "prompts that add up to too much",
    '{"session_id":"a","timestamp":0,"input_length":99999999,"output_length":9}\n{"session_id":"a","delay":1,"input_length":2,"output_length":3}',
    "t:2:1 the prompt adds up to more than",
  ],
  ["nothing but failures", `${BURST}1,m,5,0,5,l\n`, "no row is left (failed: no output: 1)"],
  [
    "otel attributes that are a list",
    otel({ ...spanTimes, attributes: ["gen_ai.request.model"] }),
    "spans[0].attributes: must be an object",
  ],
  [
    "otel attributes that are text",
    otel({ ...spanTimes, attributes: "gen_ai.request.model" }),
    "spans[0].attributes: must be an object",
  ],
  ["otel without requests", otel({ ...spanTimes, attributes: {} }), "the trace has a header but no rows"],
  [
    "a ServeGen table",
    "window_start_s,client,rate_rps,cv,pattern\n0,1,2,1,G",
    "this is a ServeGen client pool",
  ],
  ["a ServeGen chunk", "0,0.5,1.2,Gamma,0.69,2.88\n", "read it with readClientWindows"],
  [
    "Baseten's columns",
    "timestamp_start_unix_ms,input_tokens,output_tokens,provided_session_id\n",
    "rename the columns",
  ],
  ["Parquet", "PAR1\u0015\u0004", "this is a Parquet file"],
  ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\n", "run: git lfs pull"],
])("%s is told with its place", (_, text, message) => {
  expect(reading([text]).error).toContain(message);
});

describe("what is no fault", () => {
  test("a byte order mark and CRLF, whatever the format", () => {
    const text = `\uFEFF${BURST}5,m,10,2,12,l\n`.replaceAll("\n", "\r\n");
    expect(reading([text])).toMatchObject({ error: "", rows: [{ inputTokens: 10 }] });
    const json = `\uFEFF${moon(1)}`.replaceAll("\n", "\r\n");
    expect(reading([json])).toMatchObject({ error: "", rows: [{ inputTokens: 5 }] });
  });

  test("block ids that are none are counted and left out", () => {
    const report = newTraceReport();
    const [row] = [...readTrace([moon(1).replace("[1]", "[1, null]")], { file: "t" }, report)];
    expect(row?.blocks).toBeUndefined();
    expect(told(report)["ignored: hash_ids that are neither numbers nor text"]).toBe(1);
  });
});

describe("requests without output", () => {
  const azure = `${AZURE}2024-05-10 00:00:00,5,0\n2024-05-10 00:00:01,5,1\n`;

  test.each([
    ["azure-llm", azure],
    ["generic CSV", `${GENERIC}0,5,0\n1,5,1\n`],
    [
      "generic JSONL",
      '{"timestamp":0,"input_tokens":5,"output_tokens":0}\n{"timestamp":1,"input_tokens":5,"output_tokens":1}\n',
    ],
    ["mooncake", moon(0).replace('"output_length": 1', '"output_length": 0') + moon(1000)],
  ])("of %s can be left out and counted", (_, text) => {
    const report = newTraceReport();
    const rows = [...readTrace([text], { file: "t", zeroOutput: "drop" }, report)];
    expect(rows.map(({ at, outputTokens }) => [at, outputTokens])).toEqual([[0, 1]]);
    expect([report.rowsRead, report.rowsYielded, told(report, "dropped")]).toEqual([
      2,
      1,
      { "dropped: failed: no output": 1 },
    ]);
    expect(reading([text], { zeroOutput: "keep" }).rows.map(({ outputTokens }) => outputTokens)).toEqual([
      0, 1,
    ]);
  });
});

describe("time that goes back", () => {
  test("is sorted and counted where that is asked for, rows of one time staying in order", () => {
    const report = newTraceReport();
    const text = `${GENERIC}3,1,1\n1,2,1\n3,3,1\n1,4,1\n`;
    const rows = [...readTrace([text], { file: "t", inversions: "sort" }, report)];
    expect(rows.map(({ at, inputTokens }) => [at, inputTokens])).toEqual([
      [0, 2],
      [0, 4],
      [2_000_000, 1],
      [2_000_000, 3],
    ]);
    expect([report.inversions, report.rowsMoved]).toEqual([2, 2]);
  });

  test("further than the window reaches is told", () => {
    function* long() {
      yield GENERIC;
      for (let index = 0; index < 70_000; index++) yield `${100 + index},1,1\n`;
      yield "5,1,1\n";
    }
    const { error, rows } = reading(long(), { inversions: "sort" });
    expect(error).toContain("t:70002:1 timestamp: goes back behind a row that is out of reach");
    expect(rows.length).toBeGreaterThan(4000);
  });
});

describe("bounds", () => {
  function* endless(start: string) {
    yield start;
    for (let length = 0; length <= LONGEST_DOCUMENT + LONGEST_LINE; length += LONGEST_LINE)
      yield "1,".repeat(LONGEST_LINE / 2);
  }

  test("a line of JSON may be longer than one of CSV, but not endless", () => {
    const text = `{"id":"a","requests":[{"t":0,"in":5,"out":1,"hash_ids":[${"1,".repeat(LONGEST_LINE)}1]}]}`;
    expect(reading([text]).rows).toHaveLength(1);
    expect(reading(endless('{"requests":[')).error).toContain(`longer than ${LONGEST_DOCUMENT} characters`);
    expect(reading(endless("1,")).error).toContain(`longer than ${LONGEST_LINE} characters`);
  });
});
