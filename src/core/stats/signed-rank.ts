// Wilcoxon's signed-rank test: whether paired differences tend to be above 0. Knows differences only; what they are
// differences of, and on which scale, is the caller's.
import { assert } from "../base/assert.js";
import { normalCdf } from "./normal.js";
import { doubledRanks } from "./ranks.js";

/** Pairs up to which the distribution is exact: halves of halves are exact in a double so far. */
const MOST_EXACT = 50;

/**
 * One-sided p of the differences being symmetric about 0 or less, against their lying above it (Wilcoxon, Individual
 * comparisons by ranking methods, Biometrics Bulletin 1(6), 1945; Hollander, Wolfe and Chicken, Nonparametric
 * Statistical Methods, 3rd edition, 2014, 3.1). The statistic is the sum of the ranks, by size, of those above 0.
 * Equal sizes share their mean rank, and zeros are ranked with the rest and then left out (Pratt, Remarks on zeros and
 * ties in the Wilcoxon signed rank procedures, JASA 54, 1959). Given the sizes every sign is a fair coin: up to 50
 * differences other than 0 that distribution is enumerated, whatever the ties, and beyond it is taken for normal with
 * its own variance. Differences may be infinite; all zeros, or none at all, give 1.
 */
export function signedRankP(differences: readonly number[]): number {
  assert(!differences.some(Number.isNaN), "a difference is a number");
  const all = doubledRanks(differences.map(Math.abs));
  const signed = all.flatMap((rank, index) => {
    const difference = differences[index]!;
    return difference === 0 ? [] : [{ rank, isAbove: difference > 0 }];
  });
  if (signed.length === 0) return 1;
  const ranks = signed.map(({ rank }) => rank);
  const statistic = signed.reduce((sum, { rank, isAbove }) => (isAbove ? sum + rank : sum), 0);
  return ranks.length <= MOST_EXACT ? exactTail(ranks, statistic) : normalApproximation(ranks, statistic);
}

/** The least p that so many pairs can give. */
export function leastSignedRankP(pairs: number): number {
  return 2 ** -pairs;
}

/** Probability that fair coins choose ranks of at least this sum. */
function exactTail(ranks: readonly number[], statistic: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      const chosen = sum >= rank ? probability[sum - rank]! : 0;
      probability[sum] = (probability[sum]! + chosen) / 2;
    }
  }
  let tail = 0;
  for (let sum = total; sum >= statistic; sum--) tail += probability[sum]!;
  return Math.min(1, tail);
}

function normalApproximation(ranks: readonly number[], statistic: number): number {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank ** 2, 0) / 4;
  // Ranks are doubled: 1 is half a rank, the correction for continuity.
  return normalCdf((mean - (statistic - 1)) / Math.sqrt(variance));
}
