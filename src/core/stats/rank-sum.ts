// The rank-sum test: whether one of two independent samples tends to be larger. Knows two samples of numbers only.
import { assert } from "../base/assert.js";
import { normalCdf } from "./normal.js";
import { doubledRanks } from "./ranks.js";

/** Values of both samples up to which the distribution is enumerated: a few million steps. */
const MOST_EXACT = 60;

/**
 * One-sided p of both samples being of one distribution, against the second's being larger (Mann and Whitney, On a test
 * of whether one of two random variables is stochastically larger than the other, Annals of Mathematical Statistics 18,
 * 1947; Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd edition, 2014, 4.1). The statistic is the
 * sum of the second sample's ranks among all, equal values sharing their mean rank. Given the values every choice of
 * which are the second sample's is as likely: up to 60 values these are enumerated, whatever the ties, and beyond the
 * sum is taken for normal with its own variance. Values may be infinite; an empty sample gives 1.
 */
export function rankSumP(first: readonly number[], second: readonly number[]): number {
  const all = [...second, ...first];
  assert(!all.some(Number.isNaN), "a value is a number");
  if (first.length === 0 || second.length === 0) return 1;
  const ranks = doubledRanks(all);
  const statistic = sumOf(ranks.slice(0, second.length));
  return all.length <= MOST_EXACT
    ? exactTail(ranks, second.length, statistic)
    : normalApproximation(ranks, second.length, statistic);
}

/** The least p that samples of these sizes can give: one choice of all. */
export function leastRankSumP(first: number, second: number): number {
  let choices = 1;
  for (let k = 1; k <= second; k++) choices *= (first + k) / k;
  return 1 / choices;
}

/** Probability that so many ranks drawn without replacement have at least this sum. */
function exactTail(ranks: readonly number[], size: number, statistic: number): number {
  const width = sumOf([...ranks].sort((one, other) => other - one).slice(0, size)) + 1;
  // In how many ways so many ranks have each sum.
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(width));
  ways[0]![0] = 1;
  for (const [index, rank] of ranks.entries()) {
    for (let count = Math.min(size, index + 1); count >= 1; count--) {
      const [less, these] = [ways[count - 1]!, ways[count]!];
      for (let sum = width - 1; sum >= rank; sum--) these[sum] = these[sum]! + less[sum - rank]!;
    }
  }
  const last = ways[size]!;
  return Math.min(1, sumOf(last.subarray(statistic)) / sumOf(last));
}

function normalApproximation(ranks: readonly number[], size: number, statistic: number): number {
  const n = ranks.length;
  const mean = sumOf(ranks) / n;
  const spread = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  const variance = (spread * size * (n - size)) / (n * (n - 1));
  if (variance === 0) return 1;
  // Ranks are doubled: 1 is half a rank, the correction for continuity.
  return normalCdf((size * mean - (statistic - 1)) / Math.sqrt(variance));
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum;
}
