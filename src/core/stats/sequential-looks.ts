// When to look at replications that are still coming in, and how much each look may risk so that all of them together
// err no more often than a single one. Knows counts and probabilities only.
import { assert } from "../base/assert.js";

const GROWTH = 1.35;

/**
 * After how many replications to look: from `first` on each time about a third more, and at last after `most`. Looks
 * that grow so cost at most a third of the replications over looking after every one, and are few.
 */
export function lookSizes(most: number, first = 4): number[] {
  assert(Number.isSafeInteger(most) && most >= 1, "there is at least one replication");
  assert(Number.isSafeInteger(first) && first >= 1, "a look is at some replications");
  const sizes: number[] = [];
  for (let size = first; size < most; size = Math.max(size + 1, Math.round(size * GROWTH))) sizes.push(size);
  return [...sizes, most];
}

/**
 * Of the risk of all looks together, the part that each may take, where it is known when they come: in proportion to
 * what has come since the look before, so that the last ones, which know most, may risk most. By Bonferroni's
 * inequality they err together no more often than that, whenever one stops and however the looks depend on each other.
 * Spending an error in proportion to what is known is Lan and DeMets' (Discrete sequential boundaries for clinical
 * trials, Biometrika 70(3), 1983).
 */
export function spentByLooks(sizes: readonly number[]): number[] {
  const most = sizes.at(-1) ?? 0;
  return sizes.map((size, index) => (size - (sizes[index - 1] ?? 0)) / most);
}

/**
 * The same for the k-th of looks, from 1 on, of which nobody knows how many there will be: 1 / (k (k + 1)), which adds
 * up to 1 over endlessly many (Darling and Robbins, Confidence sequences for mean, variance, and median, PNAS 58,
 * 1967).
 */
export function spentAtLook(k: number): number {
  assert(Number.isSafeInteger(k) && k >= 1, "looks are counted from 1");
  return 1 / (k * (k + 1));
}
