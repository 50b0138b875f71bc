// Many tests and many intervals at once, so that the chance of even one false alarm stays what a single one's would be.
// Holds whatever depends on what. Knows probabilities only.
import { assert } from "../base/assert.js";
import { checkConfidence } from "./student.js";

/**
 * Adjusted p values, in the order given: a hypothesis is rejected at a level where its adjusted p is at most that. From
 * the smallest p on, each times how many are left, and never below the one before (Holm, A simple sequentially
 * rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979). A p value that is NaN counts as 1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const comparable = pValues.map((p) => (Number.isNaN(p) ? 1 : p));
  const order = comparable.map((_, index) => index).sort((a, b) => comparable[a]! - comparable[b]!);
  const adjusted = comparable.map(() => 1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.min(1, Math.max(least, comparable[index]! * (order.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}

export interface TwoFamilies {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * Adjusted p values of two families of hypotheses, of which the first has `share` of the level and the second the rest,
 * each by Holm's procedure. A family all of which is rejected hands its part to the other, which then has all of the
 * level; an empty one has none to begin with. All together err no more often than the level says: it is the graphical
 * procedure of Bretz, Maurer, Brannath and Posch (A graphical approach to sequentially rejective multiple test
 * procedures, Statistics in Medicine 28, 2009) with no way out of a family before all of it is rejected.
 */
export function gatekept({ first, second }: TwoFamilies, share: number): TwoFamilies {
  assert(share > 0 && share < 1, "each family has a part of the level");
  const [one, other] = [holmAdjusted(first), holmAdjusted(second)];
  const all = (adjusted: readonly number[], part: number) => Math.max(0, ...adjusted) / part;
  const [allOfFirst, allOfSecond] = [all(one, share), all(other, 1 - share)];
  const within = (adjusted: readonly number[], part: number, allElse: number) =>
    adjusted.map((p) => Math.min(1, p / part, Math.max(p, allElse)));
  return { first: within(one, share, allOfSecond), second: within(other, 1 - share, allOfFirst) };
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
