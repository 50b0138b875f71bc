// Reads timestamps to whole microseconds by hand: the host's own date type keeps milliseconds only, and is a
// clock that the core does not have. It does not know the formats.
import { shown } from "./shown.js";

/** How a timestamp is written; one file must not mix them, since each has another zero. */
export type ClockKind = "seconds" | "a date without offset" | "a date with offset";

/** A point of the trace's own clock, in whole microseconds: since 1970 for dates. */
export interface Timestamp {
  micros: number;
  clock: ClockKind;
}

/**
 * Latest time in seconds: more would leave the whole numbers that a double holds once it is in microseconds.
 */
const LATEST_SECONDS = 9_000_000_000;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;
const MICROS = 1_000_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** A date has at most 9 fraction digits, behind the dot at 19. */
const LAST_FRACTION_END = 29;
const MINUS = 45;
const PLUS = 43;
const DOT = 46;
const COLON = 58;

/**
 * Reads the first `end` characters as a date such as `2023-11-16 18:17:03.9799600` or
 * `2024-05-10T00:00:00.009930+00:00`: space or T, 0 to 9 fraction digits rounded to the nearest microsecond,
 * no offset (taken as UTC), Z or +hh:mm. Returns false for anything else and for dates that do not exist.
 */
export function readDate(text: string, end: number, into: Timestamp): boolean {
  const between = text.charCodeAt(10);
  if (end < 19 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return false;
  if ((between !== 32 && between !== 84) || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) {
    return false;
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1)) return false;
  if (!(day <= daysInMonth(year, month) && hour <= 23 && minute <= 59 && second <= 59)) return false;
  const zone = fractionEnd(text, 19, end);
  if (zone > LAST_FRACTION_END) return false;
  const offset = zone === end ? 0 : offsetMinutes(text, zone, end);
  if (Number.isNaN(offset)) return false;
  const minutes = (daysFromCivil(year, month, day) * 24 + hour) * 60 + minute - offset;
  into.micros = (minutes * 60 + second) * MICROS + fractionMicros(text, 19, zone);
  into.clock = zone === end ? "a date without offset" : "a date with offset";
  return true;
}

/** Reads a decimal number of seconds from 0 up, such as `12` or `1699.0625`, to the nearest microsecond. */
export function readSeconds(text: string, into: Timestamp): boolean {
  let index = 0;
  let whole = 0;
  for (; index < text.length && text.charCodeAt(index) !== DOT; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return false;
    whole = whole * 10 + digit;
    if (whole > LATEST_SECONDS) return false;
  }
  if (index === 0 || fractionEnd(text, index, text.length) !== text.length) return false;
  into.micros = whole * MICROS + fractionMicros(text, index, text.length);
  into.clock = "seconds";
  return true;
}

/** Says why a value is no timestamp, given that it is none. */
export function timestampProblem(value: string, secondsAllowed: boolean): string {
  if (value === "") return "is empty";
  const date = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(value);
  if (date !== null) return dateProblem(value, date.slice(1, 7).map(Number));
  if (secondsAllowed && /^-\d+(\.\d+)?$/.test(value)) return `is ${shown(value)}, but must not be negative`;
  if (secondsAllowed && /^\d+(\.\d+)?$/.test(value)) {
    return `is ${shown(value)}, above ${LATEST_SECONDS}: it must be in seconds, not in milliseconds`;
  }
  const seconds = secondsAllowed ? "seconds such as 12.5 or " : "";
  const wanted = `${seconds}a date such as 2024-05-10 00:00:00.009930`;
  return `is ${shown(value)}, but must be ${wanted}`;
}

function dateProblem(value: string, parts: readonly number[]): string {
  const [year, month, day] = parts as [number, number, number];
  let why = "no such time of day or offset";
  if (year < FIRST_YEAR || year > LAST_YEAR) why = `the year must be in ${FIRST_YEAR} to ${LAST_YEAR}`;
  else if (month < 1 || month > 12) why = "no such month";
  else if (day < 1 || day > daysInMonth(year, month)) why = "no such day";
  return `is ${shown(value)}: ${why}`;
}

/** Two digits as a number; NaN where there are none, which fails every comparison that follows. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : DAYS_IN_MONTH[month - 1]!;
}

/**
 * Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is the
 * last of its year and month lengths follow one linear formula: (153 m + 2) / 5 (Hinnant, "chrono-compatible
 * low-level date algorithms", days_from_civil). Good for the years from 0 on.
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = month <= 2 ? month + 9 : month - 3;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468;
}

/**
 * Where a fraction that starts at `from` ends: `from` itself when no dot with digits behind it stands there.
 */
function fractionEnd(text: string, from: number, end: number): number {
  if (from >= end || text.charCodeAt(from) !== DOT) return from;
  let index = from + 1;
  while (index < end && text.charCodeAt(index) >= 48 && text.charCodeAt(index) <= 57) index++;
  return index === from + 1 ? from : index;
}

/** Microseconds of the fraction in text[from, to), which is empty or a dot and digits. Halves go up. */
function fractionMicros(text: string, from: number, to: number): number {
  let micros = 0;
  for (let place = 1; place <= 6; place++) {
    micros = micros * 10 + (from + place < to ? text.charCodeAt(from + place) - 48 : 0);
  }
  return from + 7 < to && text.charCodeAt(from + 7) >= 53 ? micros + 1 : micros;
}

/** Minutes east of UTC in text[from, end), which must be Z or +hh:mm; NaN for anything else. */
function offsetMinutes(text: string, from: number, end: number): number {
  const sign = text.charCodeAt(from);
  if (sign === 90) return end === from + 1 ? 0 : Number.NaN;
  if ((sign !== PLUS && sign !== MINUS) || end !== from + 6 || text.charCodeAt(from + 3) !== COLON) {
    return Number.NaN;
  }
  const hours = twoDigits(text, from + 1);
  const minutes = twoDigits(text, from + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}
