// Jain's index: how evenly something is shared out, as one number. Knows numbers only.

/**
 * Jain's index of fairness, (sum of x)² / (n · sum of x²) of n shares, each 0 or more: 1 where all are equal, k / n
 * where k of them are equal and the rest are 0, so from 1 / n to 1; the same whatever all are multiplied by. It is
 * 1 / (1 + c²) with c the coefficient of variation, and the share of them that would be satisfied if k were equal and
 * the rest had nothing. Null where nothing was shared out, 0 / 0, and of no shares. Source: Jain, Chiu and Hawe, A
 * quantitative measure of fairness and discrimination for resource allocation in shared computer systems, DEC TR-301,
 * 1984.
 */
export function jainIndex(shares: ArrayLike<number>): number | null {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < shares.length; index++) {
    const share = shares[index]!;
    sum += share;
    squares += share * share;
  }
  if (!(squares > 0)) return null;
  const n = shares.length;
  // The two sums are rounded apart from each other.
  return Math.min(1, Math.max(1 / n, (sum * sum) / (n * squares)));
}
