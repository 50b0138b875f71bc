// How much larger than an estimate a variance may be. Knows degrees of freedom only.
import { assert } from "../base/assert.js";

/** The lower 10 % point of the normal. */
const NORMAL = -1.2815515655446004;

/**
 * So many times its estimate a variance of normal samples may be, with a risk of 10 % to be more yet: f over the lower
 * 10 % point of chi-square with f degrees of freedom, by Wilson and Hilferty (The distribution of chi-square, PNAS 17,
 * 1931), within 7 % from 2 degrees on and 1 % from 7 on.
 */
export function varianceMargin(freedom: number): number {
  assert(freedom >= 1, "a variance has at least one degree of freedom");
  const part = 2 / (9 * freedom);
  const root = 1 - part + NORMAL * Math.sqrt(part);
  return 1 / (root * root * root);
}
