// Every format from a small file written by hand, with all that its rows must say.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectFormat, TRACE_FORMATS } from "../../../../src/core/demand/trace/formats/formats.js";
import { recordsOf } from "../../../../src/core/demand/trace/formats/records.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { told as toldOf } from "./told.js";
import { cutAt, reading } from "./traces.js";

const folder = join(import.meta.dirname, "../../../fixtures/traces");
const text = (name: string) => readFileSync(join(folder, name), "utf8");

const EMPTY = {
  cachedTokens: undefined,
  account: "",
  session: "",
  model: "",
  tier: "",
  agent: "",
  thinkTime: undefined,
  endedAt: undefined,
  firstTokenAt: undefined,
  outcome: "",
  blocks: undefined,
  blockTokens: 0,
  kind: "",
};

const done = { outcome: "completed" };

function imported(name: string, options: Omit<ReadTraceOptions, "file"> = {}) {
  const report = newTraceReport();
  const rows = [...readTrace([text(name)], { file: name, ...options }, report)];
  const { format, rowsRead, rowsYielded, inversions, rowsMoved } = report;
  const counts = { format, rowsRead, rowsYielded, inversions, rowsMoved };
  return {
    rows,
    counts,
    dropped: toldOf(report, "dropped"),
    notes: toldOf(report, "repaired", "estimated", "ignored"),
    assumed: toldOf(report, "assumed"),
    report,
  };
}

/** A row as [at, input, output] and what else it says. */
function row(at: number, inputTokens: number, outputTokens: number, more: object = {}) {
  return { ...EMPTY, at, inputTokens, outputTokens, ...more };
}

const counts = (format: string, rowsRead: number, more: object = {}) => ({
  format,
  rowsRead,
  rowsYielded: rowsRead,
  inversions: 0,
  rowsMoved: 0,
  ...more,
});

describe("azure-lmm", () => {
  test("is read without its images, which are counted", () => {
    const { rows, counts: told, notes, report } = imported("azure-lmm.csv");
    expect(rows).toEqual([row(0, 120, 30), row(250_000, 900, 41), row(3_000_001, 77, 5)]);
    expect(told).toEqual(counts("azure-lmm", 3));
    expect(notes).toEqual({ "ignored: NumImages": 2 });
    expect([report.clock, report.firstMicros]).toEqual(["a date with offset", 1_738_368_001_000_000]);
  });
});

describe("burstgpt", () => {
  test("version 1: failures are left out and counted", () => {
    const { rows, counts: told, dropped } = imported("burstgpt-v1.csv");
    expect(rows).toEqual([
      row(0, 472, 18, { model: "ChatGPT", kind: "human", ...done }),
      row(40_000_000, 230, 25, { model: "GPT-4", ...done }),
    ]);
    expect(told).toEqual(counts("burstgpt", 3, { rowsYielded: 2 }));
    expect(dropped).toEqual({ "dropped: failed: no output": 1 });
  });

  test("version 2: the pause is from the end of the response before in the session", () => {
    const { rows, notes } = imported("burstgpt-v2.csv");
    const chat = { model: "ChatGPT", kind: "human", session: "c1", ...done };
    expect(rows).toEqual([
      row(0, 100, 20, { ...chat, endedAt: 2_500_000 }),
      row(500_000, 50, 8, { model: "GPT-4", endedAt: 1_750_000, ...done }),
      row(9_500_000, 140, 10, { ...chat, endedAt: 12_500_000, thinkTime: 7_000_000 }),
      row(10_500_000, 160, 4, { ...chat, endedAt: 11_500_000, thinkTime: 0 }),
    ]);
    expect(notes).toEqual({
      "repaired: requests that their session sent before the response to the one before ended": 1,
      "ignored: Total tokens": 5,
    });
  });
});

describe("chutes", () => {
  const [kimi, qwen] = [{ model: "kimi" }, { model: "qwen" }];
  const answered = (firstTokenAt: number, endedAt: number) => ({
    firstTokenAt,
    endedAt,
    ...done,
  });

  test("is sorted, and its dirt is counted", () => {
    const { rows, counts: told, dropped, notes, assumed } = imported("chutes.csv");
    expect(rows).toEqual([
      row(0, 3_000_000, 12, {
        ...kimi,
        account: "u2",
        cachedTokens: 2_500_000,
        ...answered(100_000, 200_000),
      }),
      row(1_000_000, 1000, 40, { ...kimi, account: "u1", ...answered(1_200_000, 2_500_000) }),
      row(1_700_000, 80, 9, { ...qwen, account: "u3", cachedTokens: 80, ...answered(1_800_000, 1_900_000) }),
    ]);
    expect(told).toEqual(counts("chutes", 5, { rowsYielded: 3, inversions: 1, rowsMoved: 1 }));
    expect(dropped).toEqual({ "dropped: failed: not completed": 1, "dropped: failed: no output": 1 });
    expect(notes).toEqual({
      "repaired: cached tokens above the prompt's length, cut to it": 1,
      ...Object.fromEntries(
        ["invocation_id", "function_name", "instance_id"].map((name) => [`ignored: ${name}`, 5]),
      ),
    });
    expect(assumed).toEqual({ "assumed: prompts above 2,000,000 tokens, kept as they are": 1 });
  });

  test("takes dates for its times as well", () => {
    const header = "invocation_id,started_at,completed_at,it,ot\n";
    const dates = `${header}x,1970-01-01 00:00:01.5,1970-01-01 00:00:02,10,2\n`;
    const [only] = [...readTrace([dates], { file: "t" })];
    expect(only).toEqual(row(0, 10, 2, { endedAt: 500_000, ...done }));
  });
});

test("rows that are spread over a clock's step take their answers along", () => {
  const header = "invocation_id,started_at,completed_at,it,ot,ttft\n";
  const rows = ["x,1000000,1500000,10,2,0.25\n", "y,1000000,1500000,10,2,0.25\n"].join("");
  const dequantize = 2_000_000 as never;
  const [first, second] = readTrace([header + rows], { file: "t", dequantize });
  expect(first).toEqual(row(0, 10, 2, { firstTokenAt: 250_000, endedAt: 500_000, ...done }));
  expect(second).toEqual(row(1_000_000, 10, 2, { firstTokenAt: 1_250_000, endedAt: 1_500_000, ...done }));
});

describe("mooncake", () => {
  const blocks = (...ids: number[]) => ({ blocks: ids, blockTokens: 512 });

  test("has milliseconds and blocks of 512 tokens, and says how it was taken", () => {
    const { rows, counts: told, report } = imported("mooncake.jsonl");
    expect(rows).toEqual([
      row(0, 1100, 7, blocks(1, 2, 3)),
      row(0, 600, 5, blocks(1, 4)),
      row(0, 20, 5, blocks(5)),
      row(3_000_000, 1600, 9, blocks(1, 2, 3, 6)),
      row(3_000_000, 30, 9, blocks(7)),
    ]);
    expect(told).toEqual(counts("mooncake", 5));
    expect(Object.keys(toldOf(report)).join()).toContain("name the format mooncake-session");
  });

  test("spreads rows of one time over the clock's step, not past the next row", () => {
    const spread = imported("mooncake.jsonl", { dequantize: 3_000_000 as never });
    expect(spread.rows.map(({ at }) => at)).toEqual([0, 1_000_000, 2_000_000, 3_000_000, 4_500_000]);
    expect(spread.notes).toEqual({ "repaired: rows of equal time spread over the clock's step": 5 });
    const wide = imported("mooncake.jsonl", { dequantize: 9_000_000 as never });
    expect(wide.rows.map(({ at }) => at)).toEqual([0, 1_000_000, 2_000_000, 3_000_000, 7_500_000]);
  });

  test("leaves the blocks out where they are not wanted", () => {
    expect(imported("mooncake.jsonl", { blocks: false }).rows[0]).toEqual(row(0, 1100, 7));
  });
});

describe("mooncake-session", () => {
  const a = (...blocks: number[]) => ({ session: "a", blocks, blockTokens: 512 });

  test("adds each turn to what its session had, and starts anew at a restart", () => {
    const { rows, counts: told, notes, report } = imported("mooncake-session.jsonl");
    expect(rows).toEqual([
      row(0, 1000, 50, a(1, 2)),
      row(1_000_000, 900, 20, { session: "b", blocks: [1, 9], blockTokens: 512 }),
      row(1_500_500, 1250, 30, { ...a(1, 2, 3), thinkTime: 1_500_500 }),
      row(2_000_500, 1350, 10, { ...a(1, 2, 3, 4), thinkTime: 500_000 }),
      row(3_000_500, 600, 5, { ...a(8), thinkTime: 1_000_000 }),
    ]);
    expect(told).toEqual(counts("mooncake-session", 5, { inversions: 1, rowsMoved: 2 }));
    expect(notes).toEqual({
      "estimated: times of turns, from their delays alone: as if responses had taken none": 3,
      "ignored: group_id": 2,
    });
    expect(Object.keys(toldOf(report)).join()).toContain("name the format mooncake");
  });

  test("takes prompts for whole ones where the format is named mooncake", () => {
    const whole = text("mooncake-session.jsonl").replaceAll(/"delay":/g, '"timestamp":');
    const rows = [...readTrace([whole], { file: "t", format: "mooncake", inversions: "sort" })];
    expect(rows.map(({ inputTokens }) => inputTokens)).toEqual([1000, 70, 900, 600, 200]);
    expect(rows.map(({ session }) => session)).toEqual(["a", "a", "b", "a", "a"]);
  });

  test("makes sessions of rows without ids where the format is named", () => {
    const rows =
      '{"timestamp":5,"input_length":10,"output_length":2}\n{"delay":7,"input_length":3,"output_length":1}\n';
    const read = [...readTrace([rows], { file: "t", format: "mooncake-session" })];
    expect(read).toEqual([
      row(0, 10, 2, { session: "session-1" }),
      row(7000, 15, 1, { session: "session-1", thinkTime: 7000 }),
    ]);
  });
});

test("bailian: seconds, blocks of 16 tokens, sessions by descent", () => {
  const { rows, counts: told, notes, assumed } = imported("bailian.jsonl");
  const chat = (session: string, ...blocks: number[]) => ({ session, blocks, blockTokens: 16 });
  expect(rows).toEqual([
    row(0, 40, 12, chat("1", 1, 2, 3)),
    row(386_000, 16, 3, chat("2", 9)),
    row(8_886_000, 64, 4, chat("1", 1, 2, 3, 4)),
    row(19_136_000, 70, 8, chat("1", 1, 2, 3, 4, 5)),
    row(19_886_000, 10, 8, chat("6", 6)),
  ]);
  expect(told).toEqual(counts("bailian", 5));
  expect(notes).toEqual({ "ignored: type": 5, "ignored: turn": 5 });
  expect(assumed).toEqual({
    "assumed: chats that follow one that is not in the file, taken for first ones": 1,
  });
});

test("ragpulse: text for seconds, an inversion sorted, a blank last line", () => {
  const { rows, counts: told } = imported("ragpulse.jsonl");
  const human = (session: string) => ({ session, kind: "human" });
  expect(rows).toEqual([
    row(0, 3100, 190, human("s1")),
    row(8_000_000, 700, 4, human("s1")),
    row(11_000_000, 500, 86, human("s2")),
  ]);
  expect(told).toEqual(counts("ragpulse", 3, { inversions: 1, rowsMoved: 1 }));
});

test("tracelab: from the last input event to the last output event, blocks as the prefixes say", () => {
  const { rows, counts: told } = imported("tracelab.jsonl");
  const common = { model: "m", blockTokens: 64 };
  const s1 = { ...common, session: "s1", account: "u1" };
  expect(rows).toEqual([
    row(0, 64, 4, { ...common, session: "s2", account: "p2", cachedTokens: 0, blocks: [6], kind: "human" }),
    row(1_151_000, 200, 31, {
      ...s1,
      cachedTokens: 128,
      blocks: [0, 1, 2, 3],
      kind: "human",
      endedAt: 11_836_000,
    }),
    row(31_938_000, 300, 12, {
      ...s1,
      cachedTokens: 192,
      blocks: [0, 1, 2, 4, 5],
      kind: "tool",
      endedAt: 44_669_000,
      thinkTime: 20_102_000,
    }),
  ]);
  expect(told).toEqual(counts("tracelab", 3, { inversions: 1, rowsMoved: 2 }));
});

test("multi-round: columns by name, what a round adds, times from the waits", () => {
  const { rows, counts: told, notes } = imported("multi-round.csv");
  expect(rows).toEqual([
    row(0, 2000, 200, { session: "7", cachedTokens: 0, kind: "human" }),
    row(150_000, 900, 50, { session: "8", cachedTokens: 0, kind: "human" }),
    row(300_000, 2500, 131, { session: "7", cachedTokens: 2200, kind: "tool", thinkTime: 300_000 }),
    row(454_500, 3431, 104, { session: "7", cachedTokens: 2631, kind: "tool", thinkTime: 154_500 }),
  ]);
  expect(told).toEqual(counts("multi-round", 4, { inversions: 1, rowsMoved: 2 }));
  expect(notes).toEqual({
    "estimated: times of later rounds, from the waits before them alone: as if responses had taken none": 2,
  });
});

test.each([
  ["1", "completed"],
  ['"ERROR"', "failed"],
  ["0", ""],
])("otel-genai: a span of status %s is %s", (code, outcome) => {
  const usage = '"gen_ai.request.model":"m","gen_ai.usage.input_tokens":1,"gen_ai.usage.output_tokens":1';
  const times = '"start_time":"2026-02-25T12:00:00","end_time":"2026-02-25T12:00:01"';
  const span = `{${times},"status":{"code":${code}},"attributes":{${usage}}}`;
  expect([...readTrace([`{"spans":[${span}]}`], { file: "t" })]).toEqual([
    row(0, 1, 1, { session: "trace-1", model: "m", endedAt: 1_000_000, outcome }),
  ]);
});

test("otel-genai: overlapping requests are sub-agents, missing counts are estimated", () => {
  const { rows, counts: told, notes, assumed } = imported("otel-genai.json");
  const t1 = { session: "t1" };
  expect(rows).toEqual([
    row(0, 100, 20, { ...t1, model: "big", endedAt: 2_000_000 }),
    row(2_500_000, 140, 30, { ...t1, model: "big", endedAt: 5_000_000, thinkTime: 500_000 }),
    row(3_000_000, 3, 2, { ...t1, agent: "~2", model: "small", endedAt: 5_500_000, thinkTime: 1_000_000 }),
    row(5_250_000, 9, 2, {
      ...t1,
      agent: "tool",
      model: "small",
      cachedTokens: 4,
      endedAt: 6_000_000,
      thinkTime: 250_000,
    }),
  ]);
  expect(told).toEqual(counts("otel-genai", 4));
  expect(notes).toMatchObject({
    "ignored: spans that ask no model": 1,
    "estimated: token counts, from their text": 2,
  });
  expect(Object.keys(assumed)).toHaveLength(1);
});

describe("detection", () => {
  const first = (name: string) => {
    for (const record of recordsOf([text(name)], name)) return record.text;
    return "";
  };

  const names = TRACE_FORMATS.map((format) => format.name);
  /** Files are named after their format. */
  const formatOf = (file: string) =>
    names.filter((name) => file.startsWith(name)).sort((a, b) => b.length - a.length)[0];

  /** ServeGen's pools of clients are no traces: see servegen.test.ts. */
  const traces = readdirSync(folder).filter((file) => !/^servegen-(chunk|dataset|windows)/.test(file));

  test.each(traces)("tells %s by its first record and takes it for nothing else", (file) => {
    const messages: string[] = [];
    const found = detectFormat(first(file), (_c, _f, message) => messages.push(message));
    expect([found?.name, messages]).toEqual([formatOf(file), []]);
  });

  test("has a file for every format", () => {
    const known = new Set(traces.map(formatOf));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

test("every file gives the same rows or the same error wherever its text is cut", () => {
  const texts = readdirSync(folder).map(text);
  const law = fc.property(fc.constantFrom(...texts), fc.array(fc.nat()), (whole, cuts) => {
    expect(reading(cutAt(whole, cuts))).toEqual(reading([whole]));
  });
  fc.assert(law, { numRuns: 300 });
});
