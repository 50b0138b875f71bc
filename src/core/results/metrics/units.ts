// What one unit of a metric is: its range, the suffixes that a bound may have, and how documents write it. Knows units
// only; how a report prints a value is the report's business.

export interface UnitSpec {
  /** What messages call a value of it. */
  readonly name: string;
  /** As the columns and thresholds of documents have it. */
  readonly text: string;
  /** What no value goes beyond. */
  readonly range: readonly [least: number, most: number];
  /** Of a threshold's bound, with what the number before it is multiplied by. */
  readonly suffixes: Readonly<Record<string, number>>;
}

const FROM_ZERO = [0, Number.POSITIVE_INFINITY] as const;
const LARGE = { k: 1e3, M: 1e6 };

export const UNITS = {
  share: { name: "a rate", text: "share", range: [0, 1], suffixes: { "%": 1e-2 } },
  seconds: { name: "a time", text: "s", range: FROM_ZERO, suffixes: { us: 1e-6, ms: 1e-3, s: 1 } },
  tokens_per_second: { name: "a speed", text: "tokens/s", range: FROM_ZERO, suffixes: LARGE },
  count: { name: "a count", text: "", range: FROM_ZERO, suffixes: LARGE },
  dollars: { name: "a cost", text: "US$", range: FROM_ZERO, suffixes: LARGE },
  ratio: { name: "a ratio", text: "ratio", range: FROM_ZERO, suffixes: {} },
} as const satisfies Readonly<Record<string, UnitSpec>>;

/** What one unit of a metric is. Trends counted with `count` are always plain counts. */
export type MetricUnit = keyof typeof UNITS;

export const METRIC_UNITS = Object.keys(UNITS) as MetricUnit[];

export function unitSpec(unit: MetricUnit): UnitSpec {
  return UNITS[unit];
}
