import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import { Contents } from "../../../../../src/core/demand/trace/contents.js";
import type { TraceForm } from "../../../../../src/core/demand/trace/format.js";
import { WRITTEN_FORMATS } from "../../../../../src/core/demand/trace/formats/formats.js";
import { genericWriter } from "../../../../../src/core/demand/trace/formats/generic-write.js";
import { mooncakeSessionWriter } from "../../../../../src/core/demand/trace/formats/mooncake-session-write.js";
import { type ReadTraceOptions, readTrace } from "../../../../../src/core/demand/trace/read-trace.js";
import type { TraceRow } from "../../../../../src/core/demand/trace/row.js";
import { type RowChanges, row } from "../../../tools/trace-fit/rows.js";

type FormatName = Exclude<ReadTraceOptions["format"], undefined>;

function contentsOf(rows: readonly TraceRow[]): Contents {
  const contents = new Contents();
  for (const each of rows) contents.add(each);
  return contents;
}

function written(rows: readonly TraceRow[], format: FormatName, form: TraceForm = "jsonl"): string[] {
  const { writer } = WRITTEN_FORMATS.find(({ name }) => name === format)!;
  return [...writer.lines(rows, contentsOf(rows), form)];
}

function roundTrip(rows: readonly TraceRow[], format: FormatName, form?: TraceForm): TraceRow[] {
  const text = written(rows, format, form);
  return [...readTrace(text, { file: "written", format })];
}

const name = fc.constantFrom("", "a", 'b "quoted", odd', "ü");
const anyForm = fc.constantFrom<TraceForm>("csv", "jsonl");
const tokens = fc.integer({ min: 1, max: 1_000_000 });

describe("generic", () => {
  const anyRow = fc.record({
    gap: fc.integer({ min: 0, max: 5_000_000 }),
    inputTokens: tokens,
    outputTokens: tokens,
    account: name,
    session: name,
    model: name,
    tier: name,
    hasCached: fc.boolean(),
  });

  it("gives back the same rows, to the microsecond", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), anyForm, (specs, form) => {
        let micros = 0;
        const rows = specs.map(({ gap, hasCached, ...rest }, index) => {
          micros += index === 0 ? 0 : gap;
          const cachedTokens = hasCached || form === "csv" ? Math.floor(rest.inputTokens / 2) : undefined;
          return row({ ...rest, cachedTokens, at: micros / 1e6 });
        });
        expect(genericWriter.losses(contentsOf(rows))).toEqual([]);
        expect(roundTrip(rows, "generic", form)).toEqual(rows);
      }),
    );
  });
});

it.each(WRITTEN_FORMATS)("$name says that it loses first tokens and how requests ended", ({ writer }) => {
  const rows = [row({ firstTokenAt: instant(5), outcome: "failed" })];
  expect(writer.losses(contentsOf(rows))).toEqual(
    expect.arrayContaining(["when first tokens came", "how requests ended"]),
  );
});

const sessionRows: readonly RowChanges[] = [
  { at: 0, session: "a", inputTokens: 1000, outputTokens: 100 },
  { at: 1.5, session: "b", inputTokens: 40, outputTokens: 10 },
  { at: 7.25, session: "a", think: 2.25, inputTokens: 1300, outputTokens: 50 },
  // Compacted: begins anew.
  { at: 30, session: "a", think: 20, inputTokens: 400, outputTokens: 60 },
  { at: 40, session: "a", think: 5, inputTokens: 500, outputTokens: 60 },
];

it("writes of a row what it says and nothing else, and reads any name again from JSON lines", () => {
  const one = row({ at: 1.5, inputTokens: 5, outputTokens: 6, cachedTokens: 0, account: "a", tier: "fast" });
  expect(written([one], "generic")).toEqual([
    '{"timestamp":1.5,"input_tokens":5,"output_tokens":6,"account":"a","tier":"fast","cached_tokens":0}\n',
  ]);
  // What no text file holds: half of a surrogate pair, and the mark of one that was lost.
  const text = fc.string().filter((each) => !/[\0\r\uFFFD]/.test(JSON.stringify(each)));
  const law = fc.property(text, text, (account, session) => {
    const rows = [row({ account, session }), row({ account: session, model: account })];
    expect(roundTrip(rows, "generic")).toEqual(rows);
  });
  fc.assert(law, { numRuns: 200 });
});

describe("mooncake-session", () => {
  it("gives back sessions with their whole prompts and think times", () => {
    const rows = sessionRows.map(row);
    const back = roundTrip(rows, "mooncake-session");
    expect(back.map((each) => ({ ...each, blockTokens: 0 }))).toEqual(rows);
  });

  it("gives back blocks of 512 tokens, of which a turn says only the new ones", () => {
    const blocks = { session: "a", blockTokens: 512 };
    const rows = [
      { ...blocks, at: 0, blocks: [1, 2, 3], inputTokens: 1500, outputTokens: 5 },
      { ...blocks, at: 9, think: 1, blocks: [1, 2, 3, 4], inputTokens: 2000, outputTokens: 5 },
      { ...blocks, at: 20, think: 1, blocks: [1, 9], inputTokens: 1000, outputTokens: 5 },
    ].map(row);
    const [, second] = written(rows, "mooncake-session");
    expect(second).toContain('"input_length":495,"output_length":5,"delay":1000,"hash_ids":[4]');
    expect(roundTrip(rows, "mooncake-session")).toEqual(rows);
  });

  it("says what it cannot say", () => {
    const rows = [
      row({ account: "x", tier: "fast", agent: "y", session: "s", blocks: [1], blockTokens: 16 }),
    ];
    expect(mooncakeSessionWriter.losses(contentsOf(rows)).join("\n")).toMatch(
      /accounts\ntiers\n.*sub-agents.*\n.*512/,
    );
  });
});

describe("weka", () => {
  it("gives back a session with pauses, answers, kinds and its sub-agents", () => {
    const ann = { session: "ann", model: "m" } as const;
    const rows = [
      { ...ann, at: 0, ended: 5, kind: "human" },
      { ...ann, agent: "x", at: 6, think: 1, ended: 8, kind: "human", inputTokens: 50 },
      { ...ann, agent: "x", at: 10, think: 2, ended: 13, kind: "tool", inputTokens: 70 },
      { ...ann, at: 20, think: 15, ended: 22, kind: "tool", inputTokens: 300 },
    ] as const;
    expect(
      roundTrip(rows.map(row), "weka").map((each) => ({ ...each, blockTokens: 0, thinkTime: undefined })),
    ).toEqual(rows.map((each) => ({ ...row(each), thinkTime: undefined })));
    const think = roundTrip(rows.map(row), "weka").map(({ thinkTime }) => (thinkTime ?? 0) / 1e6);
    expect(think.slice(1)).toEqual([1, 2, 15]);
  });
});
