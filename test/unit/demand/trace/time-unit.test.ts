// Units of times, and times that look as if they were in another one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  implausibleTimes,
  MANY_ROWS,
  microsOf,
  microsOfText,
  TIME_UNITS,
} from "../../../../src/core/demand/trace/time-unit.js";
import { GENERIC, reading } from "./traces.js";

test("a number is the same time in every unit", () => {
  const of = {
    s: "1700000000.123457",
    ms: "1700000000123.457",
    us: "1700000000123457",
    ns: "1700000000123457000",
  };
  for (const unit of TIME_UNITS)
    expect([unit, microsOfText(of[unit], unit)]).toEqual([unit, 1_700_000_000_123_457]);
  expect([microsOf(0.5, "s"), microsOf(0.5, "ms"), microsOf(0.5, "us"), microsOf(1499, "ns")]).toEqual([
    500_000, 500, 1, 1,
  ]);
});

test("text and numbers give the same microseconds", () => {
  const law = fc.property(
    fc.nat(),
    fc.nat(999),
    fc.constantFrom(...TIME_UNITS),
    (whole, thousandths, unit) => {
      const text = `${whole}.${String(thousandths).padStart(3, "0")}`;
      expect(Math.abs(microsOfText(text, unit) - microsOf(Number(text), unit))).toBeLessThanOrEqual(1);
    },
  );
  fc.assert(law, { numRuns: 500 });
});

test("what is no time is none", () => {
  for (const text of ["", "-1", "1e3", "1.", "x", "9000000001"]) expect(microsOfText(text, "s")).toBeNaN();
  expect([microsOf(-1, "s"), microsOf(Number.NaN, "s"), microsOf(9.1e9, "s")]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});

describe("times that cannot be", () => {
  test.each([
    [MANY_ROWS, 999_999, /within 1 s/],
    [MANY_ROWS - 1, 999_999, undefined],
    [MANY_ROWS, 1_000_000, undefined],
    [30_000, 2_000_000, /closer than 10000 a second/],
    [20_000, 2_000_000, undefined],
    [MANY_ROWS, 301e6 * MANY_ROWS, /lie 301 s from each other/],
    [MANY_ROWS, 300e6 * MANY_ROWS, undefined],
  ])("%d rows over %d µs", (rows, micros, words) => {
    const doubt = implausibleTimes(rows, micros);
    if (words === undefined) expect(doubt).toBeUndefined();
    else expect(doubt).toMatch(words);
  });
});

describe("a unit that is given", () => {
  const two = `${GENERIC}1000,5,5\n3000,5,5\n`;

  test.each([
    ["s", 2e9],
    ["ms", 2e6],
    ["us", 2e3],
    ["ns", 2],
  ] as const)("%s is that of the times", (unit, at) => {
    expect(reading([two], { unit }).rows.map((row) => row.at)).toEqual([0, at]);
  });

  test("of nanoseconds since 1970 is exact to the microsecond", () => {
    const text = `${GENERIC}1700000000000001000,5,5\n1700000000000003000,5,5\n`;
    expect(reading([text], { unit: "ns" }).rows.map((row) => row.at)).toEqual([0, 2]);
    const json = [1, 3].map(
      (at) => `{"timestamp":170000000000000${at}000,"input_tokens":1,"output_tokens":1}\n`,
    );
    expect(reading(json, { unit: "ns" }).rows.map((row) => row.at)).toEqual([0, 2]);
    expect(reading([text]).error).toContain(
      "must be seconds from 0 to 9e9 (name the unit of the times: unit: ms)",
    );
  });

  test("means nothing to dates", () => {
    const text = `${GENERIC}2024-05-10 00:00:00,5,5\n`;
    expect(reading([text], { unit: "s" }).error).toContain(
      "timestamp: is a date, which has no unit (leave unit out)",
    );
  });
});
