// The units in which a file's times may be, and whether times look as if they were in another one. Knows numbers, not
// formats.
import { MICROS_PER_SECOND } from "../../base/units.js";

export const TIME_UNITS = ["s", "ms", "us", "ns"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

const WORDS: Readonly<Record<TimeUnit, string>> = {
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

/** Microseconds of a unit. */
const MICROS: Readonly<Record<Exclude<TimeUnit, "ns">, number>> = { s: 1_000_000, ms: 1000, us: 1 };

/** Digits by which the point moves to the right from the unit to microseconds. */
const DIGITS: Readonly<Record<TimeUnit, number>> = { s: 6, ms: 3, us: 0, ns: -3 };

export const unitWord = (unit: TimeUnit): string => WORDS[unit];

/** As for dates: more would leave the whole numbers that a double holds. */
const LATEST_MICROS = 9e15;

/** A number of units as whole microseconds; NaN below 0 and beyond what is possible. */
export function microsOf(value: number, unit: TimeUnit): number {
  const micros = unit === "ns" ? value / 1000 : value * MICROS[unit];
  return micros >= 0 && micros <= LATEST_MICROS ? Math.round(micros) : Number.NaN;
}

/**
 * The same of digits with or without a fraction, by their digits: nanoseconds since 1970 are no number that a double
 * holds. NaN for anything else.
 */
export function microsOfText(text: string, unit: TimeUnit): number {
  const [, whole, fraction = ""] = /^(\d{1,32})(?:\.(\d{1,64}))?$/.exec(text) ?? [];
  if (whole === undefined) return Number.NaN;
  const digits = whole + fraction;
  const point = whole.length + DIGITS[unit];
  const micros = Number(point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0");
  const next = point >= 0 ? digits.charCodeAt(point) : Number.NaN;
  // Halves go up.
  const rounded = next >= 53 ? micros + 1 : micros;
  return rounded <= LATEST_MICROS ? rounded : Number.NaN;
}

export function unitProblem(unit: TimeUnit): string {
  const most = { s: "9e9", ms: "9e12", us: "9e15", ns: "9e18" } as const;
  return `must be ${WORDS[unit]} from 0 to ${most[unit]}`;
}

/** Rows below which a few of them may come at once, or days apart. */
export const MANY_ROWS = 20;
/** Requests a second above what the largest public services say that they have. */
const FASTEST = 10_000;
/** Seconds between requests, on average, that few traces have: gaps of 0.3 s are that long where ms are read as s. */
const SLOWEST = 300;

/** What is strange about so many rows over so many microseconds; undefined where nothing is. */
export function implausibleTimes(rows: number, micros: number): string | undefined {
  if (rows < MANY_ROWS) return undefined;
  const seconds = micros / MICROS_PER_SECOND;
  const lie = `the ${rows} rows lie`;
  if (seconds < 1) return `${lie} within ${Number(seconds.toPrecision(3))} s`;
  if (rows / seconds > FASTEST) return `${lie} closer than ${FASTEST} a second, which no fleet serves`;
  const apart = Math.round(seconds / rows);
  if (apart > SLOWEST) return `${lie} ${apart} s from each other, on average`;
  return undefined;
}
