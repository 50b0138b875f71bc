import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { duration, instant } from "../../../../src/core/base/units.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import type { TraceRow } from "../../../../src/core/demand/trace/row.js";
import { type TraceTransform, transformTrace } from "../../../../src/core/demand/trace/transform.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { told } from "./told.js";

const BARE = {
  cachedTokens: undefined,
  account: "",
  model: "",
  tier: "",
  agent: "",
  thinkTime: undefined,
} as const;

function row(at: number, session = "", inputTokens = 1): TraceRow {
  const recorded = { firstTokenAt: instant(at + 3), endedAt: instant(at + 7), outcome: "completed" } as const;
  const rest = { ...recorded, blocks: undefined, blockTokens: 0, kind: "" } as const;
  return { ...BARE, ...rest, at: instant(at), session, inputTokens, outputTokens: 1 };
}

function transformed(
  rows: readonly TraceRow[],
  transform: TraceTransform,
  seed = "1",
  report = newTraceReport(),
) {
  return [...transformTrace(() => rows, transform, openStream(seed, "sample"), report)];
}

const ats = (rows: readonly TraceRow[]) => rows.map(({ at }) => at);
const five = [0, 10, 20, 30, 40].map((at) => row(at));

test("nothing asked for, nothing changed", () => {
  expect(transformed(five, {})).toEqual(five);
});

test("a window takes what arrives from its start to before its end, and begins at 0 again", () => {
  const report = newTraceReport();
  const rows = transformed(five, { from: duration(10), to: duration(30) }, "1", report);
  expect(rows.map(({ at, firstTokenAt, endedAt }) => [at, firstTokenAt, endedAt])).toEqual([
    [0, 3, 7],
    [10, 13, 17],
  ]);
  expect(told(report)).toEqual({ "dropped: before the window": 1 });
});

test("a window reads no further than its end", () => {
  let read = 0;
  function* endless() {
    for (;;) yield row(read++);
  }
  expect([...transformTrace(endless, { to: duration(5) }, openStream("1", "s"))]).toHaveLength(5);
  expect(read).toBe(6);
});

test("a rate is scaled by compressing arrivals; responses take as long as before", () => {
  const rows = transformed(five, { rateScale: 4 });
  expect(rows.map(({ at, firstTokenAt, endedAt }) => [at, firstTokenAt, endedAt])).toEqual([
    [0, 3, 7],
    [3, 6, 10],
    [5, 8, 12],
    [8, 11, 15],
    [10, 13, 17],
  ]);
});

describe("a sample", () => {
  const sessions = Array.from({ length: 4000 }, (_, index) => row(index, `s${index % 1000}`));

  test("takes sessions whole, about the share asked for, and counts the others", () => {
    const report = newTraceReport();
    const kept = transformed(sessions, { sample: 0.3 }, "1", report);
    const perSession = new Map<string, number>();
    for (const { session } of kept) perSession.set(session, (perSession.get(session) ?? 0) + 1);
    expect(new Set(perSession.values())).toEqual(new Set([4]));
    // 1,000 sessions at 0.3: four standard deviations are 58.
    expect(Math.abs(perSession.size - 300)).toBeLessThan(58);
    expect(told(report)["dropped: outside the sample"]).toBe(4000 - kept.length);
  });

  test("is the same for the same stream and another for another", () => {
    expect(transformed(sessions, { sample: 0.3 })).toEqual(transformed(sessions, { sample: 0.3 }));
    expect(transformed(sessions, { sample: 0.3 })).not.toEqual(transformed(sessions, { sample: 0.3 }, "2"));
  });

  test("draws rows without a session one by one", () => {
    const rows = Array.from({ length: 4000 }, (_, index) => row(index));
    // Four standard deviations of 4,000 draws at 0.25 are 110.
    expect(Math.abs(transformed(rows, { sample: 0.25 }).length - 1000)).toBeLessThan(110);
  });
});

describe("a repetition", () => {
  test("goes on one mean gap behind the last row, with sessions of its own", () => {
    const rows = transformed([row(0, "a"), row(10, "b"), row(20, "")], { repeat: 3 });
    expect(ats(rows)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
    expect(rows.map(({ session }) => session)).toEqual(["a", "b", "", "a#2", "b#2", "", "a#3", "b#3", ""]);
  });

  test("stops at the limit without opening the trace again", () => {
    let opened = 0;
    const open = () => {
      opened++;
      return five;
    };
    expect([...transformTrace(open, { repeat: 9, limit: 5 }, openStream("1", "s"))]).toHaveLength(5);
    expect(opened).toBe(1);
  });
});

test("rows stay in order and their number is what the parts say, whatever is asked for", () => {
  const trace = fc
    .array(fc.nat(1000), { minLength: 1 })
    .map((times) => times.sort((a, b) => a - b).map((at) => row(at)));
  const transform = fc.record({
    rateScale: fc.double({ min: 0.01, max: 100, noNaN: true }),
    repeat: fc.integer({ min: 1, max: 4 }),
    limit: fc.nat(300),
  });
  const law = fc.property(trace, transform, (rows, asked) => {
    const got = transformed(rows, asked);
    expect(got).toHaveLength(Math.min(asked.limit, rows.length * asked.repeat));
    expect(ats(got)).toEqual([...ats(got)].sort((a, b) => a - b));
  });
  fc.assert(law, { numRuns: 200 });
});
