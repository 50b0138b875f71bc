// How many batches of one long run to take together, so that what is left may pass for independent samples. Knows
// values in order of time, and their weights, only.
import type { WeightedSample } from "../../stats/ratio.js";

/** Fewer batches than this say too little of how far they differ (Schmeiser, Operations Research 30, 1982). */
const LEAST_BATCHES = 8;
/** One-sided 10 % point of the standard normal, as Fishman and Yarberry's LABATCH has it (1997). */
const CRITICAL = 1.2815515655446004;

export interface BatchGroups {
  /** How many neighbouring batches make one. */
  readonly size: number;
  /**
   * By how much an interval from them has to be wider because even so they are visibly correlated: 1 where they are
   * not, infinite where they move together so much that they say nothing.
   */
  readonly inflation: number;
}

/** Of neighbours; beyond it a few batches show a trend rather than how far they vary. */
const MOST_CORRELATION = 0.8;

/**
 * Takes neighbours together two by two as long as von Neumann's test says that they are positively correlated, and at
 * least 8 are left (Fishman, Grouping observations in digital simulation, Management Science 24, 1978). What is tested
 * of a ratio's batches is how far each pulls it, w (v - R), so that a batch with hardly any weight does not count as
 * much as the others. What is still correlated then is taken for an autoregression of order 1, whose mean
 * varies (1 + r) / (1 - r) times as much as that of independent values (Tafazzoli and Wilson,
 * Skart, IIE Transactions 43, 2011).
 */
export function batchGroups(values: readonly WeightedSample[]): BatchGroups {
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const mean = values.reduce((sum, one) => sum + one.weight * one.value, 0) / total;
  let pulls = values.map((one) => one.weight * (one.value - mean));
  let size = 1;
  while (areCorrelated(pulls)) {
    if (Math.floor(pulls.length / 2) < LEAST_BATCHES) return { size, inflation: inflationOf(pulls) };
    pulls = inPairs(pulls);
    size *= 2;
  }
  return { size, inflation: 1 };
}

/**
 * How many neighbours to take together so that as few batches are left as may be: what quantiles need, because the
 * quantile of a short stretch says little of that of a long one, however independent of its neighbours it is.
 */
export function longestGroups(batches: number): number {
  let size = 1;
  while (Math.floor(batches / (2 * size)) >= LEAST_BATCHES) size *= 2;
  return size;
}

/** Of an odd number the last three together. */
function inPairs(values: readonly number[]): number[] {
  return groupsOf(values.length, 2).map(([from, until]) =>
    values.slice(from, until).reduce((sum, value) => sum + value, 0),
  );
}

/** Where groups of so many neighbours begin and end: what is left over at the end belongs to the last of them. */
export function groupsOf(count: number, size: number): [from: number, until: number][] {
  const groups = Math.floor(count / size);
  return Array.from({ length: groups }, (_, group) => [
    group * size,
    group === groups - 1 ? count : (group + 1) * size,
  ]);
}

function inflationOf(values: readonly number[]): number {
  const r = correlationOf(values);
  return r > MOST_CORRELATION ? Number.POSITIVE_INFINITY : Math.sqrt((1 + r) / (1 - r));
}

/**
 * Von Neumann's ratio of the mean square successive difference to the variance (Annals of Mathematical Statistics 12,
 * 1941), standardised as in Alexopoulos and Seila, Output Data Analysis (Handbook of Simulation, 1998, 7.2):
 * sqrt((n² - 1) / (n - 2)) (1 - sum (x_i+1 - x_i)² / (2 sum (x_i - mean)²)), close to normal from n = 8 on.
 */
function areCorrelated(values: readonly number[]): boolean {
  const n = values.length;
  return n >= 3 && Math.sqrt((n * n - 1) / (n - 2)) * correlationOf(values) > CRITICAL;
}

/** Of neighbours, as von Neumann's ratio has it; 0 where nothing varies. */
function correlationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let differences = 0;
  for (const [index, value] of values.entries()) {
    squares += (value - mean) ** 2;
    if (index > 0) differences += (value - values[index - 1]!) ** 2;
  }
  return squares === 0 ? 0 : 1 - differences / (2 * squares);
}
