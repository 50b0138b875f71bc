import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyDraft } from "../../../src/core/demand/trace/format.js";
import { readDate, readSeconds, timestampProblem } from "../../../src/core/text/timestamp.js";
import { gear } from "../../support/mode.js";

/** Microseconds and clock of a date; undefined where it is refused. */
function date(text: string) {
  const draft = emptyDraft();
  return readDate(text, text.length, draft) ? [draft.micros, draft.clock] : undefined;
}

function secondsOf(text: string) {
  const draft = emptyDraft();
  return readSeconds(text, draft) ? draft.micros : undefined;
}

const NAIVE = "a date without offset";
const OFFSET = "a date with offset";
const NOON = Date.UTC(2024, 1, 29, 12) * 1000;

describe("readDate", () => {
  test.each([
    ["2024-02-29 12:00:00", NOON, NAIVE],
    ["2024-02-29T12:00:00", NOON, NAIVE],
    ["2024-02-29 12:00:00.5", NOON + 500_000, NAIVE],
    ["2024-02-29 12:00:00.0000004", NOON, NAIVE],
    ["2024-02-29 12:00:00.0000005", NOON + 1, NAIVE],
    ["2024-02-29 12:00:00.000001499", NOON + 1, NAIVE],
    ["2024-02-29 11:59:59.9999995", NOON, NAIVE],
    ["2024-02-29 12:00:00Z", NOON, OFFSET],
    ["2024-02-29 12:00:00.000009+00:00", NOON + 9, OFFSET],
    ["2024-02-29 14:30:00+02:30", NOON, OFFSET],
    ["2024-02-29 00:00:00.1-12:00", NOON + 100_000, OFFSET],
    ["2000-02-29 00:00:00", Date.UTC(2000, 1, 29) * 1000, NAIVE],
    ["1970-01-01 00:00:00", 0, NAIVE],
    ["2200-12-31 23:59:59", Date.UTC(2200, 11, 31, 23, 59, 59) * 1000, NAIVE],
  ])("reads %s", (text, micros, clock) => {
    expect(date(text)).toEqual([micros, clock]);
  });

  test.each([
    ["2024-13-01 00:00:00", "no such month"],
    ["2024-00-01 00:00:00", "no such month"],
    ["2024-01-00 00:00:00", "no such day"],
    ["2023-02-29 00:00:00", "no such day"],
    ["2100-02-29 00:00:00", "no such day"],
    ["2024-04-31 00:00:00", "no such day"],
    ["2024-01-01 24:00:00", "no such time of day"],
    ["2024-01-01 00:60:00", "no such time of day"],
    ["2024-01-01 00:00:60", "no such time of day"],
    ["2024-01-01 00:00:00+24:00", "no such time of day or offset"],
    ["1969-12-31 23:59:59", "the year must be in 1970 to 2200"],
    ["2201-01-01 00:00:00", "the year must be in 1970 to 2200"],
    ["2024-01-01 00:00:00.", "must be a date"],
    ["2024-01-01 00:00:00.1234567890", "must be a date"],
    ["2024-01-01 00:00:00+0000", "must be a date"],
    ["2024-01-01 00:00:00 UTC", "must be a date"],
    ["2024-01-01_00:00:00", "must be a date"],
    ["2024/01/01 00:00:00", "must be a date"],
    ["2024-01-01 00.00.00", "must be a date"],
    ["2024-1-1 00:00:00", "must be a date"],
    ["2024-01-01", "must be a date"],
    ["20x4-01-01 00:00:00", "must be a date"],
    ["2024-01-01 0-:00:00", "must be a date"],
    ["", "is empty"],
  ])("refuses %s", (text, problem) => {
    expect([date(text), timestampProblem(text, false)]).toEqual([
      undefined,
      expect.stringContaining(problem),
    ]);
  });

  test("agrees with the calendar of the host on every second of its range", () => {
    const first = 0;
    const last = Date.UTC(2200, 11, 31, 23, 59, 59) / 1000;
    const law = fc.property(fc.integer({ min: first, max: last }), (second) => {
      const text = new Date(second * 1000).toISOString().slice(0, 19);
      expect(date(text)).toEqual([second * 1_000_000, NAIVE]);
    });
    fc.assert(law, { numRuns: gear(500, 2000) });
  });
});

describe("seconds", () => {
  test.each([
    ["0", 0],
    ["12", 12_000_000],
    ["0.1", 100_000],
    ["1700000000.1234565", 1_700_000_000_123_457],
    ["0.00000049999", 0],
    ["9000000000", 9e15],
    ["-1", undefined],
    ["-0.5", undefined],
    ["", undefined],
    [".5", undefined],
    ["5.", undefined],
    ["1e3", undefined],
    ["+5", undefined],
    ["1.5.2", undefined],
    ["Infinity", undefined],
    ["1700000000000", undefined],
  ])("reads %s as %s", (text, micros) => {
    expect(secondsOf(text)).toBe(micros);
  });

  test.each([
    ["-3", "must not be negative"],
    ["1700000000000", "not in milliseconds"],
    ["abc", "must be seconds such as 12.5 or a date"],
  ])("explains %s", (text, problem) => {
    expect(timestampProblem(text, true)).toContain(problem);
  });
});
