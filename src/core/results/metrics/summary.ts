// Many measured values in a few numbers: the statistics that a result has of every distribution, how they are read from
// a sketch and pooled over replications. Knows sketches, not what they are of.
import type { PooledValues } from "../../stats/pooled-values.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import type { WeightedDistribution } from "../../stats/weighted-distribution.js";

/** Of what a number is about, the largest share that may be missing because it takes too long. */
export const MOST_OPEN = 0.05;

const QUANTILES = {
  p1: 0.01,
  p5: 0.05,
  p25: 0.25,
  p50: 0.5,
  p75: 0.75,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
} as const;
type Quantile = keyof typeof QUANTILES;
const QUANTILE_NAMES = Object.keys(QUANTILES) as Quantile[];

/** What has no value where nothing was measured. */
export const MEASURED_STATISTICS = ["mean", "min", "max", ...QUANTILE_NAMES] as const;
/** All numbers of a summary, as a table lists them: from the smallest value to the largest. */
export const STATISTICS = ["count", "mean", "min", ...QUANTILE_NAMES, "max"] as const;

/** A distribution of measured values in a few numbers; all null when nothing was measured. */
export interface Summary extends Readonly<Record<(typeof MEASURED_STATISTICS)[number], number | null>> {
  readonly count: number;
  /** False when the quantiles come from a histogram of three significant digits. */
  readonly exact: boolean;
}

export function summary(sketch: QuantileSketch): Summary {
  // The sketch answers NaN while it is empty, and a result holds null instead.
  const value = (number: number) => (sketch.count === 0 ? null : number);
  const quantiles = sketch.quantiles(Object.values(QUANTILES));
  return {
    count: sketch.count,
    mean: value(sketch.mean),
    min: value(sketch.minimum),
    max: value(sketch.maximum),
    ...byQuantile((_, index) => value(quantiles[index]!)),
    exact: sketch.exact,
  };
}

/** Of what was not all seen to its end: a quantile that was not reached has no value. */
export function weightedSummary(values: WeightedDistribution): Summary {
  const { count, minimum: min, maximum: max } = values;
  const mean = values.meanUpTo(MOST_OPEN);
  return { count, mean, min, max, ...byQuantile((name) => values.quantile(QUANTILES[name])), exact: false };
}

/** Over replications: of all their values together, each replication as often as its factor says. */
export function pooledSummary(
  all: readonly Summary[],
  factors: readonly number[],
  pooled: PooledValues,
): Summary {
  const sum = (read: (one: Summary) => number) =>
    all.reduce((total, one, index) => total + factors[index]! * read(one), 0);
  const known = all.filter((one) => one.count > 0);
  const count = sum((one) => one.count);
  // Of what was not seen to its end in one of them, the mean of the others would leave out the largest.
  const isMeasured = known.length > 0 && known.every(({ mean }) => mean !== null);
  return {
    count,
    mean: isMeasured ? sum((one) => one.count * (one.mean ?? 0)) / count : null,
    min: count === 0 ? null : Math.min(...known.map((one) => one.min!)),
    max: count === 0 ? null : Math.max(...known.map((one) => one.max!)),
    ...byQuantile((name) => finiteOrNull(count === 0 ? Number.NaN : pooled.quantile(QUANTILES[name]))),
    exact: pooled.isExact,
  };
}

function byQuantile(read: (name: Quantile, index: number) => number | null): Record<Quantile, number | null> {
  const entries = QUANTILE_NAMES.map((name, index) => [name, read(name, index)] as const);
  return Object.fromEntries(entries) as Record<Quantile, number | null>;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
