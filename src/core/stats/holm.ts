// Many tests and many intervals at once, so that the chance of even one false alarm stays what a single one's would be.
// Holds whatever depends on what. Knows probabilities only.
import { assert } from "../base/assert.js";
import { checkConfidence } from "./student.js";

/**
 * Which of the hypotheses are rejected, in the order given: from the smallest p value on, each as long as p is at most
 * alpha over how many are left (Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
 * Statistics 6, 1979). A p value that is NaN rejects nothing and counts as a test all the same.
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  assert(alpha > 0 && alpha < 1, "a level is above 0 and below 1");
  const comparable = pValues.map((p) => (Number.isNaN(p) ? 1 : p));
  const order = comparable.map((_, index) => index).sort((a, b) => comparable[a]! - comparable[b]!);
  const rejected = comparable.map(() => false);
  for (const [rank, index] of order.entries()) {
    if (comparable[index]! > alpha / (order.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}

/**
 * The confidence that each of m intervals needs for all of them to hold at once with the given one, by Bonferroni's
 * inequality: Sidak's is hardly wider and asks for more.
 */
export function simultaneousConfidence(m: number, confidence: number): number {
  assert(Number.isSafeInteger(m) && m >= 1, "there is at least one interval");
  checkConfidence(confidence);
  return 1 - (1 - confidence) / m;
}
