// How a number of many replications is made from theirs: one rule for each way there is. No rule is a default, since
// the first replication's value would pass for that of all. Knows values and the rows they stand in.
import { assert } from "../../base/assert.js";
import { meanOf, pooledSummary, type Summary } from "./summary.js";

/** The rows that are pooled, and of how many replications: a row is left out of those in which nothing was of it. */
export interface PooledFrom<Whole = unknown> {
  readonly rows: readonly Whole[];
  readonly runs: number;
}

export interface PoolRule<Value, Whole = unknown> {
  /** What documents call it. */
  readonly name: string;
  pool(values: readonly Value[], from: PooledFrom<Whole>): Value;
}

type Counts = Readonly<Partial<Record<string, number>>>;

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

export const SUM: PoolRule<number> = { name: "sum", pool: sumOf };

/** Key by key, in the order in which keys come up. */
export const SUM_BY_NAME = {
  name: "sum",
  pool: <Value extends Counts>(values: readonly Value[]): Value => {
    const sums: Record<string, number> = {};
    for (const counts of values) {
      for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count!;
    }
    return sums as Value;
  },
};

/** Of those that have a value; null if none has. */
export const MEAN: PoolRule<number | null> = { name: "mean", pool: meanOf };

/** What is always known. */
export const MEAN_OF_ALL: PoolRule<number> = {
  name: "mean",
  pool: (values) => sumOf(values) / values.length,
};

/** A replication without a row counts as 0. */
export const MEAN_OVER_RUNS: PoolRule<number> = {
  name: "mean",
  pool: (values, { runs }) => sumOf(values) / runs,
};

export const MAX: PoolRule<number | null> = {
  name: "maximum",
  pool: (values) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  },
};

export const QUANTILE_MEANS: PoolRule<Summary> = { name: "means of quantiles", pool: pooledSummary };

/** What the scenario decides and no seed can change: it is an error that it differs. */
export const SAME = {
  name: "the same in all",
  pool: <Value extends number | string | boolean | null>(values: readonly Value[]): Value => {
    const first = values[0];
    const isSame = values.every((value) => value === first);
    assert(first !== undefined && isSame, "replications of one scenario agree on what it says");
    return first;
  },
};

/** The first of these that any of them is. */
export function firstOf<const Value>(order: readonly Value[]): PoolRule<Value> {
  return { name: "the worst", pool: (values) => order.find((one) => values.includes(one))! };
}

/** Both sums are over the rows: a rate of rates would weigh a short replication like a long one. */
export function ratioOfSums<Whole>(
  part: (row: Whole) => number,
  whole: (row: Whole) => number,
): PoolRule<number | null, Whole> {
  return {
    name: "ratio of sums",
    pool: (_, { rows }) => ratio(sumOf(rows.map(part)), sumOf(rows.map(whole))),
  };
}

/** Null where no row has a value; one without counts as 0. */
export function weightedMean<Whole>(weight: (row: Whole) => number): PoolRule<number | null, Whole> {
  return {
    name: "weighted mean",
    pool: (values, { rows }) => {
      const total = sumOf(values.map((value, index) => (value ?? 0) * weight(rows[index]!)));
      return values.some((value) => value !== null) ? ratio(total, sumOf(rows.map(weight))) : null;
    },
  };
}

/** A share or a ratio; null where it would be 0 / 0. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
