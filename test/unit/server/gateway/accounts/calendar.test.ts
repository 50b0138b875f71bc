import fc from "fast-check";
import { expect, it } from "vitest";
import type { Duration, Instant } from "../../../../../src/core/base/units.js";
import {
  calendarWindows,
  evenWindows,
  PERIODS,
} from "../../../../../src/core/server/gateway/accounts/calendar.js";

const HOUR = 3600e6;
const at = (hours: number) => (hours * HOUR) as Instant;
const seconds = (iso: string) => Date.parse(iso) / 1000;
const zone = (hours: number) => (hours * HOUR) as Duration;

it("begins a day at midnight of its zone: eight hours after UTC's on the Pacific coast", () => {
  const days = calendarWindows("day", seconds("2026-11-30T00:00:00Z"), zone(-8));
  expect([0, 7.9, 8, 31.9, 32].map((hour) => days.of(at(hour)))).toEqual([0, 0, 1, 1, 2]);
  expect([0, 1, 2].map((day) => days.beginOf(day) / HOUR)).toEqual([-16, 8, 32]);
});

it("begins an hour with the clock, in zones of half an hour, too", () => {
  const hours = calendarWindows("hour", seconds("2026-11-30T00:10:00Z"), zone(5.5));
  expect([1, 2].map((hour) => hours.beginOf(hour) / HOUR)).toEqual([1 / 3, 4 / 3]);
});

it("begins a month on its first day, however long the one before was", () => {
  const months = calendarWindows("month", seconds("2024-01-31T12:00:00Z"), zone(0));
  const days = [1, 2, 3, 12].map((month) => months.beginOf(month) / (24 * HOUR));
  expect(days).toEqual([0.5, 29.5, 60.5, 335.5 - 1 + 1]);
  expect([0, 12, 12 + 29 * 24].map((hour) => months.of(at(hour)))).toEqual([0, 1, 2]);
});

it("is the calendar of the language, in every zone, from whenever on", () => {
  const law = fc.property(
    fc.constantFrom(...PERIODS),
    fc.integer({ min: 0, max: 4e9 }),
    fc.integer({ min: -56, max: 56 }),
    fc.double({ min: 0, max: 20_000, noNaN: true }),
    (period, startsAt, quarters, hours) => {
      const windows = calendarWindows(period, startsAt, (quarters * 15 * 60e6) as Duration);
      const now = Math.round(hours * HOUR) as Instant;
      const local = new Date(startsAt * 1000 + quarters * 15 * 60_000 + Math.floor(now / 1000));
      const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
      const begin = { month: Date.UTC(year, month, 1), day: Date.UTC(year, month, day) };
      const hour = begin.day + local.getUTCHours() * 3_600_000;
      const expected = ({ ...begin, hour }[period] - startsAt * 1000 - quarters * 15 * 60_000) * 1000;
      const window = windows.of(now);
      return (
        windows.beginOf(window) === expected &&
        windows.beginOf(window + 1) > now &&
        windows.of(0 as Instant) === 0
      );
    },
  );
  fc.assert(law, { numRuns: 1000 });
});

it("has windows of one length from wherever it begins", () => {
  const even = evenWindows(10, 3);
  expect([0, 6, 7, 17].map((time) => even.of(time as Instant))).toEqual([0, 0, 1, 2]);
});
