// Quantities with units as zod types: durations, rates, shares, counts. A string carries its unit, a number
// is in the base unit. Decimal prefixes are applied to the text, so that "0.07M" is 70000 and not
// 70000.00000000001.
import * as z from "zod";
import { CENTURY, type Duration, MICROS_PER_MINUTE, MICROS_PER_SECOND } from "../base/units.js";
import { quote } from "./words.js";

/** Limits of a quantity, in the unit that the parsed value has. */
interface Bounds {
  readonly above?: number;
  readonly from?: number;
  readonly below?: number;
  readonly to?: number;
}

type Quantity<Value> = z.ZodType<Value, string | number>;

interface Kind {
  readonly pattern: RegExp;
  /** What would have been right, for the message. */
  readonly expected: string;
  /** The number branch of the JSON Schema. */
  readonly plain: (error: z.core.$ZodErrorMap) => z.ZodType<number, number>;
  /** The value of "number unit"; a plain number has the unit "". */
  readonly convert: (number: string, unit: string) => number;
  readonly show: (value: number) => string;
}

/** Moves the decimal point in the text of a number: exact where multiplying is not. */
function shift(number: string, places: number): number {
  const [mantissa, exponent = "0"] = number.split("e");
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

function sayBounds({ above, from, below, to }: Bounds, show: (value: number) => string): string {
  if (from !== undefined && to !== undefined) return `from ${show(from)} to ${show(to)}`;
  const parts: string[] = [];
  if (from !== undefined) parts.push(`at least ${show(from)}`);
  if (above !== undefined) parts.push(`more than ${show(above)}`);
  if (to !== undefined) parts.push(`at most ${show(to)}`);
  if (below !== undefined) parts.push(`less than ${show(below)}`);
  return parts.join(" and ");
}

/** The bounds of a key instead of those of its unit, where it has some. */
function narrow(wide: Bounds, own: Bounds): Bounds {
  const hasLower = own.above !== undefined || own.from !== undefined;
  const hasUpper = own.below !== undefined || own.to !== undefined;
  const { above, from, below, to } = wide;
  return {
    ...(!hasLower && above !== undefined && { above }),
    ...(!hasLower && from !== undefined && { from }),
    ...(!hasUpper && below !== undefined && { below }),
    ...(!hasUpper && to !== undefined && { to }),
    ...own,
  };
}

/** The bounds as JSON Schema has them, for values that have no unit. */
function schemaBounds({ above, from, below, to }: Bounds): Readonly<Record<string, number>> {
  return {
    ...(from !== undefined && { minimum: from }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(to !== undefined && { maximum: to }),
    ...(below !== undefined && { exclusiveMaximum: below }),
  };
}

function inside(value: number, bounds: Bounds): boolean {
  if (!Number.isFinite(value)) return false;
  if (bounds.from !== undefined && value < bounds.from) return false;
  if (bounds.above !== undefined && value <= bounds.above) return false;
  if (bounds.to !== undefined && value > bounds.to) return false;
  return bounds.below === undefined || value < bounds.below;
}

function outOfRange(input: unknown, bounds: Bounds, show: (value: number) => string): string {
  return `${quote(input)} is out of range: it must be ${sayBounds(bounds, show)}`;
}

function quantity<Value extends number>(kind: Kind, bounds: Bounds): Quantity<Value> {
  const error: z.core.$ZodErrorMap = (issue) => `${quote(issue.input)} is not ${kind.expected}`;
  const text = z.string({ error }).regex(kind.pattern, { error });
  return z.union([text, kind.plain(error)], { error }).transform((input, context): Value => {
    const [, number = "", unit = ""] = kind.pattern.exec(String(input)) ?? ["", String(input), ""];
    const value = kind.convert(number, unit);
    if (inside(value, bounds)) return value as Value;
    context.issues.push({ code: "custom", message: outOfRange(input, bounds, kind.show), input });
    return z.NEVER;
  });
}

const nonNegative = (error: z.core.$ZodErrorMap) => z.number({ error }).min(0, { error });

const LONGEST_UNIT_FIRST = ["d", "h", "m", "s", "ms", "us"];

function micros(number: string, unit: string): number {
  if (unit === "us") return shift(number, 0);
  if (unit === "ms") return shift(number, 3);
  if (unit === "" || unit === "s") return shift(number, 6);
  const minutes = { m: 1, h: 60, d: 24 * 60 }[unit] ?? Number.NaN;
  return Number(number) * minutes * MICROS_PER_MINUTE;
}

/** A duration in the largest unit that writes it as a whole number. */
export function showDuration(value: number): string {
  if (value === 0) return "0s";
  for (const unit of LONGEST_UNIT_FIRST) {
    const size = micros("1", unit);
    if (value % size === 0) return `${value / size}${unit}`;
  }
  return `${value}us`;
}

/** A share as a percentage, to six digits. */
export const showShare = (part: number): string => `${Number((part * 100).toPrecision(6))}%`;

const DURATION: Kind = {
  pattern: /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/,
  expected: "a duration: write a number and a unit (us, ms, s, m, h, d) like 250ms, or a number of seconds",
  plain: nonNegative,
  convert: micros,
  show: showDuration,
};

/** "14d", "250ms" or a number of seconds, rounded once to whole microseconds. Bounds are in microseconds. */
export function duration(bounds: Bounds = {}): Quantity<Duration> {
  const convert = (number: string, unit: string) => {
    const exact = micros(number, unit);
    // What is written as a positive time must not round to none.
    return exact > 0 ? Math.max(1, Math.round(exact)) : exact;
  };
  return quantity<Duration>({ ...DURATION, convert }, narrow({ from: 0, to: CENTURY }, bounds));
}

/** As `duration`, but kept as a real number of microseconds: "0.05us" stays 0.05. For costs per token. */
export function fineDuration(bounds: Bounds = {}): Quantity<number> {
  return quantity<number>(DURATION, narrow({ from: 0, to: 60 * MICROS_PER_MINUTE }, bounds));
}

/** Kept apart from `micros`: what is written in seconds stays the very number that it is. */
function inSeconds(number: string, unit: string): number {
  if (unit === "us") return shift(number, -6);
  if (unit === "ms") return shift(number, -3);
  return Number(number) * ({ m: 60, h: 3600, d: 86_400 }[unit] ?? 1);
}

/** A time that is a real number of seconds, also "500ms": for the parameters of a distribution. */
export function time(own: Bounds = {}): Quantity<number> {
  const bounds = narrow({ from: 0, to: MOST_SECONDS }, own);
  const kind: Kind = {
    ...DURATION,
    plain: (error) => z.number({ error }).meta(schemaBounds(bounds)),
    convert: inSeconds,
    show: (value) => `${value}s`,
  };
  return quantity<number>(kind, bounds);
}

/** Thirty years. */
const MOST_SECONDS = 1e9;

const SIZES: Readonly<Record<string, number>> = { "": 0, k: 3, M: 6, G: 9 };
const PERIODS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };
const MOST_PER_SECOND = 1e12;
/** What comes more seldom comes in no run. */
export const LEAST_ARRIVALS_PER_SECOND = 1e-9;

function perSecond(number: string, unit: string): number {
  const [size = "", period = "s"] = unit.split("/");
  return shift(number, SIZES[size] ?? Number.NaN) / (PERIODS[period] ?? Number.NaN);
}

/** "20/s", "6000/min", "3.6M/min" or a number per second; parsed to a positive number per second. */
export function rate(bounds: Bounds = {}): Quantity<number> {
  const kind: Kind = {
    pattern: /^(\d+(?:\.\d+)?)([kMG]?\/(?:s|min|h|d))$/,
    expected: "a rate: write a number and a unit (/s, /min, /h, /d) like 6000/min, or a number per second",
    plain: nonNegative,
    convert: perSecond,
    show: (value) => `${value}/s`,
  };
  return quantity<number>(kind, narrow({ above: 0, to: MOST_PER_SECOND }, bounds));
}

/** "0.1%" or a number from 0 to 1; parsed to a number from 0 to 1. */
export function share(bounds: Bounds = {}): Quantity<number> {
  const kind: Kind = {
    pattern: /^(\d+(?:\.\d+)?)(%)$/,
    expected: "a share: write a percentage like 0.1%, or a number from 0 to 1",
    plain: (error) => z.number({ error }).min(0, { error }).max(1, { error }),
    convert: (number, unit) => shift(number, unit === "%" ? -2 : 0),
    show: (value) => `${shift(String(value), 2)}%`,
  };
  return quantity<number>(kind, narrow({ from: 0, to: 1 }, bounds));
}

const SIZED = /^(\d+(?:\.\d+)?)([kMG])$/;
const sized = (number: string, unit: string) => shift(number, SIZES[unit] ?? Number.NaN);

/** "32k", "3.6M" or a whole number, within the bounds. */
export function count(from: number, to: number): Quantity<number> {
  const kind: Kind = {
    pattern: SIZED,
    expected: "a whole number (also with k, M or G, like 32k)",
    plain: (error) => z.int({ error }).meta(schemaBounds({ from, to })),
    convert: (number, unit) => {
      const value = sized(number, unit);
      return Number.isSafeInteger(value) ? value : Number.NaN;
    },
    show: String,
  };
  return quantity<number>(kind, { from, to });
}

const MOST_TOKENS = 1e9;

/** A real number of tokens, also "32k": for the parameters of a distribution. */
export function amount(own: Bounds = {}): Quantity<number> {
  const bounds = narrow({ above: 0, to: MOST_TOKENS }, own);
  const kind: Kind = {
    pattern: SIZED,
    expected: "a number (also with k, M or G, like 32k)",
    plain: (error) => z.number({ error }).meta(schemaBounds(bounds)),
    convert: sized,
    show: String,
  };
  return quantity<number>(kind, bounds);
}

/** A plain real number within the bounds. */
export function real(bounds: Bounds): z.ZodType<number, number> {
  return z
    .number({ error: (issue) => `${quote(issue.input)} is not a number` })
    .refine((value) => inside(value, bounds), { error: (issue) => outOfRange(issue.input, bounds, String) })
    .meta(schemaBounds(bounds));
}

export const MINUTE: number = MICROS_PER_MINUTE;
export const MILLISECOND: number = MICROS_PER_SECOND / 1000;

/** The names that a scenario gives to its pools, paths and traffic sources. */
export const name = z
  .string({ error: (issue) => `${quote(issue.input)} is not a name` })
  // JavaScript puts keys that are whole numbers before all others: such names would change the order of results.
  .regex(/^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, {
    error: (issue) =>
      `${quote(issue.input)} is not a name: letters, digits, "-" and "_", one letter at least, at most 64`,
  });

export const notEmpty = (map: object): boolean => Object.keys(map).length > 0;
