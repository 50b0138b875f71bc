// Numbers on the axes and in the legends of charts. The tables of the page were written before it came here.

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** Three digits that matter: 1234567 -> `1.23M`. */
export function compact(value: number): string {
  const [size, unit] = UNITS.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}

const SPANS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "m"],
  [1, "s"],
] as const;

/** A stretch of simulated time in its two largest units: 94200 -> `1d2h`. */
export function span(seconds: number): string {
  const first = SPANS.findIndex(([size]) => seconds >= size);
  if (first < 0) return `${Number(seconds.toPrecision(3))}s`;
  const [size, unit] = SPANS[first]!;
  const whole = Math.floor(seconds / size);
  const rest = seconds - whole * size;
  const next = SPANS[first + 1];
  if (next === undefined) return `${Number(seconds.toFixed(1))}s`;
  const part = Math.floor(rest / next[0]);
  return part === 0 ? `${whole}${unit}` : `${whole}${unit}${part}${next[1]}`;
}

/** Distances between the marks of a time axis, in seconds: round ones only. */
export const TIME_STEPS: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600),
  ...[1, 2, 5, 7, 14, 28, 91, 182, 364].map((days) => days * 86_400),
];
