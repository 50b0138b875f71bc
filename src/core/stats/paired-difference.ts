// How far two sets of samples of a ratio or a mean differ, and whether that could be chance. Knows samples, not what
// was simulated.
import { assert } from "../base/assert.js";
import { ratioOf, standardError, type WeightedSample } from "./ratio.js";
import { checkConfidence, criticalT, twoSidedP } from "./student.js";

/** Of a ratio, how much of it the order of additions may change. */
const ROUNDING = 1e-12;

export interface Difference {
  /** The two that differ, each of the samples that were compared. */
  readonly first: number;
  readonly second: number;
  /** The second less the first. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Probability of a difference at least so large, were there none: two-sided, by Student's t. */
  readonly p: number;
  /** Pairs, or samples of the smaller set. */
  readonly n: number;
}

/**
 * The difference of two ratios whose samples are paired by index, as they are under common random numbers: what moves
 * both of a pair cancels out (Law, Simulation Modeling and Analysis, 2015, 10.2.1 and 11.2). The standard error is that
 * of the pairwise differences of how far each sample pulls its ratio; n - 1 degrees of freedom. A pair with a sample
 * without weight is left out. With fewer than two pairs the interval is infinite and p is 1.
 */
export function pairedDifference(
  a: readonly WeightedSample[],
  b: readonly WeightedSample[],
  confidence: number,
): Difference {
  checkConfidence(confidence);
  assert(a.length === b.length, "paired samples are as many on both sides");
  const isKnown = (index: number) => a[index]!.weight > 0 && b[index]!.weight > 0;
  const first = ratioOf(a.filter((_, index) => isKnown(index)));
  const second = ratioOf(b.filter((_, index) => isKnown(index)));
  const n = first.pulls.length;
  const error = standardError(second.pulls.map((pull, index) => pull - first.pulls[index]!));
  return judged(first.value, second.value, error, n - 1, n, confidence);
}

/**
 * The difference of two ratios from independent sets of samples, of different size perhaps (Welch, The generalization
 * of "Student's" problem, Biometrika 34, 1947).
 */
export function welchDifference(
  a: readonly WeightedSample[],
  b: readonly WeightedSample[],
  confidence: number,
): Difference {
  checkConfidence(confidence);
  const hasWeight = ({ weight }: WeightedSample) => weight > 0;
  const [first, second] = [ratioOf(a.filter(hasWeight)), ratioOf(b.filter(hasWeight))];
  const [many, others] = [first.pulls.length, second.pulls.length];
  const [one, other] = [standardError(first.pulls) ** 2, standardError(second.pulls) ** 2];
  const freedom = (one + other) ** 2 / (one ** 2 / (many - 1) + other ** 2 / (others - 1));
  const error = Math.sqrt(one + other);
  return judged(first.value, second.value, error, freedom, Math.min(many, others), confidence);
}

function judged(
  first: number,
  second: number,
  error: number,
  freedom: number,
  n: number,
  confidence: number,
): Difference {
  const rounding = ROUNDING * Math.max(Math.abs(first), Math.abs(second));
  const difference = Math.abs(second - first) <= rounding ? 0 : second - first;
  const infinity = Number.POSITIVE_INFINITY;
  const sides = { first, second };
  if (n === 0) return { ...sides, difference: Number.NaN, low: Number.NaN, high: Number.NaN, p: 1, n };
  if (!Number.isFinite(error)) return { ...sides, difference, low: -infinity, high: infinity, p: 1, n };
  // Where nothing ever varied there is no freedom to reckon with either, and any difference is a real one.
  if (error <= rounding)
    return { ...sides, difference, low: difference, high: difference, p: difference === 0 ? 1 : 0, n };
  const half = criticalT(confidence, freedom) * error;
  return {
    ...sides,
    difference,
    low: difference - half,
    high: difference + half,
    p: twoSidedP(difference / error, freedom),
    n,
  };
}
