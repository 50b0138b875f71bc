import fc from "fast-check";
import { expect, it } from "vitest";
import { dayOfDate, daysOfMonth, firstDayOf, monthOf } from "../../../src/core/base/civil-date.js";

const DAY = 86_400_000;
const date = fc.record({
  year: fc.integer({ min: 1600, max: 2800 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
});

it("counts the days to a date as the calendar of the language does", () => {
  const law = fc.property(date, ({ year, month, day }) => {
    return dayOfDate(year, month, day) === Date.UTC(year, month - 1, day) / DAY;
  });
  fc.assert(law, { numRuns: 500 });
  expect([dayOfDate(1970, 1, 1), dayOfDate(2000, 3, 1), dayOfDate(2029, 1, 1)]).toEqual([0, 11_017, 21_550]);
});

it("knows how long months are, leap years by the century, too", () => {
  const lengths = [2023, 2024, 1900, 2000].map((year) => daysOfMonth(year, 2));
  expect(lengths).toEqual([28, 29, 28, 29]);
  expect(Array.from({ length: 12 }, (_, month) => daysOfMonth(2026, month + 1))).toEqual([
    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
  ]);
});

it("puts each day into its month, whose first day it knows", () => {
  const law = fc.property(fc.integer({ min: -200_000, max: 400_000 }), (day) => {
    const month = monthOf(day);
    const at = new Date(day * DAY);
    const first = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1) / DAY;
    return firstDayOf(month) === first && firstDayOf(month + 1) > day;
  });
  fc.assert(law, { numRuns: 500 });
});
