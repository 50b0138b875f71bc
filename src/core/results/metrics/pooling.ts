// How a number of many replications is made from theirs: one rule for each way there is. No rule is a default, since
// the first replication's value would pass for that of all. Knows values and the rows they stand in.
import { assert } from "../../base/assert.js";
import type { PooledValues } from "../../stats/pooled-values.js";
import type { SessionEstimate } from "../../stats/session-lives.js";
import { pooledSummary, type Summary } from "./summary.js";

/** What is pooled together: a row is left out of replications in which nothing was of it. */
export interface PooledRuns {
  /** How many replications there are, also of those without a row. */
  readonly runs: number;
  /**
   * For how many replications on seeds chosen at random the one of each row stands; together for as many as there are.
   */
  readonly factors: readonly number[];
  /** Of a trend that a row has under this name, what all of them measured together. */
  readonly pooledOf: (trend: string) => PooledValues;
  /** Of a source: what the lives of its sessions show in all of them together. */
  readonly livesOf?: () => SessionEstimate;
}

export interface PooledFrom<Whole = unknown> extends PooledRuns {
  readonly rows: readonly Whole[];
}

export interface PoolRule<Value, Whole = unknown> {
  /** What documents call it. */
  readonly name: string;
  pool(values: readonly Value[], from: PooledFrom<Whole>): Value;
}

type Counts = Readonly<Partial<Record<string, number>>>;
type Factors = Pick<PooledRuns, "factors">;

const weightedSum = (values: readonly number[], { factors }: Factors) =>
  values.reduce((sum, value, index) => sum + factors[index]! * value, 0);

export const SUM: PoolRule<number> = { name: "sum", pool: weightedSum };

/** Null where one of them has none. */
export const SUM_OR_NULL: PoolRule<number | null> = {
  name: "sum",
  pool: (values, from) => {
    const known = values.filter((value) => value !== null);
    return known.length < values.length ? null : weightedSum(known, from);
  },
};

/** Key by key, in the order in which keys come up. */
export const SUM_BY_NAME = {
  name: "sum",
  pool: <Value extends Counts>(values: readonly Value[], { factors }: Factors): Value => {
    const sums: Record<string, number> = {};
    for (const [index, counts] of values.entries()) {
      for (const [key, count] of Object.entries(counts)) {
        sums[key] = (sums[key] ?? 0) + factors[index]! * count!;
      }
    }
    return sums as Value;
  },
};

/** Of those that have a value; null if none has. */
export const MEAN: PoolRule<number | null> = { name: "mean", pool: meanOfKnown };

export function meanOfKnown(values: readonly (number | null)[], { factors }: Factors): number | null {
  let [sum, weight] = [0, 0];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    sum += factors[index]! * value;
    weight += factors[index]!;
  }
  return weight === 0 ? null : sum / weight;
}

/** What is always known. */
export const MEAN_OF_ALL: PoolRule<number> = {
  name: "mean",
  pool: (values, from) =>
    weightedSum(values, from) /
    weightedSum(
      values.map(() => 1),
      from,
    ),
};

/** A replication without a row counts as 0. */
export const MEAN_OVER_RUNS: PoolRule<number> = {
  name: "mean",
  pool: (values, from) => weightedSum(values, from) / from.runs,
};

export const MAX: PoolRule<number | null> = {
  name: "maximum",
  pool: (values) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  },
};

/** The text that most of them have, the first of those that as many have; null where none has any. */
export const MOST_OFTEN: PoolRule<string | null> = {
  name: "the most frequent",
  pool: (values, { factors }) => {
    const counts = new Map<string, number>();
    for (const [index, value] of values.entries()) {
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + factors[index]!);
    }
    const most = Math.max(...counts.values());
    return [...counts].find(([, count]) => count === most)?.[0] ?? null;
  },
};

/** A distribution of what all of them measured together, by the name of the trend that a threshold may ask for. */
export function pooledTrend(name: string): PoolRule<Summary> {
  return {
    name: "of all values together",
    pool: (values, { factors, pooledOf }) => pooledSummary(values, factors, pooledOf(name)),
  };
}

/** What the scenario decides and no seed can change: it is an error that it differs. */
export const SAME = {
  name: "the same in all",
  pool: <Value extends number | string | boolean | null | undefined>(values: readonly Value[]): Value => {
    const isSame = values.length > 0 && values.every((value) => value === values[0]);
    assert(isSame, "replications of one scenario agree on what it says");
    return values[0] as Value;
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
    pool: (_, from) => ratio(weightedSum(from.rows.map(part), from), weightedSum(from.rows.map(whole), from)),
  };
}

/** Of the lives of all of them, as one run would see them; null where no row has a value. */
export function ofAllLives(read: (estimate: SessionEstimate) => number | null): PoolRule<number | null> {
  return {
    name: "of all lives together",
    pool: (values, { livesOf }) => {
      assert(livesOf !== undefined, "a row of sessions is pooled with their lives");
      return values.some((value) => value !== null) ? read(livesOf()) : null;
    },
  };
}

/** A share or a ratio; null where it would be 0 / 0. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
