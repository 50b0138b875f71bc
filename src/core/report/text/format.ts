// Numbers as people read them: three digits that matter, a unit, thousands apart. The result itself is never
// rounded; only its print is. Always the same in every locale, so that two runs print the same bytes.
import type { MetricUnit } from "../../results/metrics/units.js";

const SIGNIFICANT = 3;
const MOST_DIGITS = 7;
/** What is closer to 0 is printed as 0, whatever its unit. */
const LEAST = 1e-12;

/** 1234567 -> `1,234,567`. Rounds to whole numbers. */
export function count(value: number): string {
  return thousands(value.toFixed(0));
}

/** A count where it is one, and an average otherwise. */
export function level(value: number): string {
  return Number.isInteger(value) ? count(value) : number(value);
}

/** Significant digits, without an exponent and none lost before the point: 12345.6 -> `12,346`. */
export function number(value: number, digits = SIGNIFICANT): string {
  if (Math.abs(value) < LEAST) return "0";
  // Rounded first: 9.999 is then a 10.0 and not a 10.00.
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.min(20, Math.max(0, digits - 1 - magnitude(rounded)));
  return thousands(value.toFixed(decimals));
}

/** The power of ten of a number's first digit: 2 for 999. Read from its digits, which are the same on every engine. */
export function magnitude(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

/** A large count in three digits: 1234567 -> `1.23M`. */
export function short(value: number): string {
  if (value < 1e4) return count(value);
  const [unit, size] = SHORT_UNITS.find(([, least]) => value >= least * 0.9995)!;
  return `${number(value / size)}${unit}`;
}

const SHORT_UNITS = [
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
] as const;

/** Events per second, to four digits: the rate of a trace is known that well. 5.53042 -> `5.530/s`. */
export function rate(perSecond: number): string {
  return `${perSecond >= 1000 || perSecond === 0 ? count(perSecond) : perSecond.toPrecision(4)}/s`;
}

/** A share of one: 0.00082 -> `0.082%`. Trailing zeros say nothing here and are dropped. */
export function percent(share: number, digits = SIGNIFICANT): string {
  return `${trimZeros(number(share * 100, digits))}%`;
}

/** A share of one with its sign, two decimals in all of them, to be compared at a glance: `+0.42%`, `-12.30%`. */
export function signedPercent(share: number): string {
  return `${share < 0 ? "-" : "+"}${Math.abs(share * 100).toFixed(2)}%`;
}

/** A probability that is of interest where it is small: 0.0041, `<0.001`. */
export function probability(p: number): string {
  return p < 0.001 ? "<0.001" : number(p, 2);
}

/** A measured time in seconds: `0.8us`, `123ms`, `1.23s`, `125s`. */
export function time(seconds: number, digits = SIGNIFICANT): string {
  if (seconds === 0) return "0s";
  if (seconds < 0.9995e-3) return `${number(seconds * 1e6, digits)}us`;
  if (seconds < 0.9995) return `${number(seconds * 1e3, digits)}ms`;
  return `${number(seconds, digits)}s`;
}

/** A stretch of simulated time, the way scenarios write it: `1d2h`, `9m30s`, `0.5s`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${trimZeros(number(seconds))}s`;
  let rest = Math.round(seconds);
  let text = "";
  for (const [unit, length] of SPAN_UNITS) {
    const whole = Math.floor(rest / length);
    if (whole > 0) text += `${whole}${unit}`;
    rest -= whole * length;
  }
  return text;
}

const SPAN_UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Dollars and cents; three digits where there are only a few cents. */
export function dollars(value: number): string {
  return `$${value >= 0.0995 ? thousands(value.toFixed(2)) : number(value)}`;
}

/** A value of a threshold's metric, in its unit. */
export function measured(value: number, unit: MetricUnit, digits = SIGNIFICANT): string {
  switch (unit) {
    case "share":
      return percent(value, digits);
    case "seconds":
      return time(value, digits);
    case "count":
      return count(value);
    case "dollars":
      return dollars(value);
    case "tokens_per_second":
      return `${number(value, digits)} tok/s`;
    case "ratio":
      return number(value, digits);
  }
}

/**
 * How values of a unit are printed beside each other: in as many digits, up to seven, as tell them apart; in no more
 * than otherwise where seven do not.
 */
export function measuredApart(values: readonly number[], unit: MetricUnit): (value: number) => string {
  const different = [...new Set(values)];
  const isApart = (digits: number) =>
    new Set(different.map((value) => measured(value, unit, digits))).size === different.length;
  let digits = SIGNIFICANT;
  while (digits < MOST_DIGITS && !isApart(digits)) digits++;
  return (value) => measured(value, unit, isApart(digits) ? digits : SIGNIFICANT);
}

/**
 * A value with its interval, the unit said once: `0.081% [0.074, 0.089]`. As many decimals as show three digits of the
 * value and two of how far the interval reaches. An open side shows as a question mark: `1.2s [0.8, ?]`. Without an
 * interval: the value alone.
 */
export function interval(value: number, low: number | null, high: number | null, unit: MetricUnit): string {
  if (low === null && high === null) return measured(value, unit);
  return within(value, low, high, scaleOf(Math.max(Math.abs(value), high ?? 0), unit));
}

/** The same of a difference: `-2.7 pp [-3.1, -2.3]`, where points are not percent of what they are added to. */
export function difference(value: number, low: number | null, high: number | null, unit: MetricUnit): string {
  const most = Math.max(...[value, low ?? 0, high ?? 0].map(Math.abs));
  const scale =
    unit === "share" ? { size: 0.01, before: "", after: " pp", digits: MOST_DIGITS } : scaleOf(most, unit);
  if (low !== null && high !== null) return within(value, low, high, scale);
  const shown = number(Math.abs(value) / scale.size);
  return `${value < 0 ? "-" : ""}${scale.before}${shown}${scale.after}`;
}

interface Scale {
  readonly size: number;
  readonly before: string;
  readonly after: string;
  /** However narrow the interval, no more digits of the value are shown for its sake. */
  readonly digits: number;
}

/** Five tell values apart that differ by a ten-thousandth. Of shares near all it is the rest that matters. */
const DIGITS = 5;

function within(
  value: number,
  low: number | null,
  high: number | null,
  { size, before, after, digits }: Scale,
): string {
  const [center, from, to] = [value / size, (low ?? value) / size, (high ?? value) / size];
  const largest = Math.max(Math.abs(center), Math.abs(to));
  // No more of a cent than four digits have.
  const most = before === "$" ? Math.max(2, decimalsFor(Math.abs(center), 4)) : 12;
  const wanted = Math.max(
    decimalsFor(largest, 3),
    isNoise(to - from, center) ? 0 : Math.min(decimalsFor((to - from) / 2, 2), decimalsFor(largest, digits)),
    // However wide the interval, a value that is not 0 never shows as 0.
    decimalsFor(Math.abs(center), 2),
  );
  const decimals = Math.min(wanted, most);
  // Adding 0 leaves no "-0" of what rounds to nothing.
  const rounded = (one: number) => Number(one.toFixed(decimals)) + 0;
  const show = (one: number) => trimZeros(thousands(rounded(one).toFixed(decimals)));
  const bounds = [low === null ? "?" : show(from), high === null ? "?" : show(to)];
  return `${before}${show(center)}${after} [${bounds.join(", ")}]`;
}

/** Sums of the same numbers in another order differ by as much: no interval is meant. */
const isNoise = (width: number, center: number) => width < 1e-9 * Math.abs(center);

/** Decimals that show so many significant digits. */
function decimalsFor(value: number, digits: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  return Math.max(0, digits - 1 - magnitude(value));
}

/** In what a value of a unit is printed: one of what, and what stands around the number. */
function scaleOf(value: number, unit: MetricUnit): Scale {
  switch (unit) {
    case "share":
      return { size: 0.01, before: "", after: "%", digits: MOST_DIGITS };
    case "seconds":
      if (value < 0.9995e-3) return { size: 1e-6, before: "", after: "us", digits: DIGITS };
      return value < 0.9995
        ? { size: 1e-3, before: "", after: "ms", digits: DIGITS }
        : { size: 1, before: "", after: "s", digits: DIGITS };
    case "dollars":
      return { size: 1, before: "$", after: "", digits: MOST_DIGITS };
    case "tokens_per_second":
      return { size: 1, before: "", after: " tok/s", digits: DIGITS };
    case "count":
    case "ratio":
      return { size: 1, before: "", after: "", digits: DIGITS };
  }
}

function thousands(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const start = whole.startsWith("-") ? 1 : 0;
  const head = start + ((whole.length - start) % 3 || 3);
  const grouped = [whole.slice(0, head), ...(whole.slice(head).match(/\d{3}/g) ?? [])].join(",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function trimZeros(digits: string): string {
  if (!digits.includes(".")) return digits;
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, digits[end - 1] === "." ? end - 1 : end);
}
