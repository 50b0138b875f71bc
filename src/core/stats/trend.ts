// Whether a level grows: its rises over equal stretches, put to Student's one-sided test. Knows numbers and no fleet.
import { mean, sampleStandardDeviation, sampleVariance } from "simple-statistics";
import { assert } from "../base/assert.js";
import { effectiveNumber, ratioEstimate } from "./ratio.js";
import { criticalT } from "./student.js";

/** Stretches of a window. More of them see shorter swings as noise, and fewer longer ones. */
export const STRETCHES = 16;
/** The last of them, by which growth that has ended is told from growth that goes on. */
const LATE = STRETCHES / 4;
const SETTLED = STRETCHES / 2;
/** The stretches after the first in which a start begins to wear off, and by what share of its distance at least. */
const SOON = STRETCHES / 4;
const LEAST_SOON = 0.25;

/** Two-sided, so that a test to one side errs in 2 of 100. */
const CONFIDENCE = 0.96;

/** Mean of |x|, x standard normal: in standard errors, how far a walk without a drift gets that never goes below 0. */
const REFLECTED = Math.sqrt(2 / Math.PI);

export interface Rise {
  /** From the first level to the last. */
  readonly total: number;
  /** As much as `total` would be if all stretches were like the last quarter of them. */
  readonly late: number;
  /** Of many runs, the standard error of `late`; 0 of one, whose noise at the end is in the error of the total. */
  readonly lateError: number;
  /** Standard error of the total, and the independent samples behind it. */
  readonly error: number;
  readonly samples: number;
  /** Standard error of the rise of one run. */
  readonly walk: number;
}

/**
 * How far a level rises, from its values at the edges of equal stretches. What comes in less what goes out of a queue
 * is about independent from one stretch to the next while the queue grows, so that the rises of stretches say how sure
 * their sum is: a random walk has no drift, and what only fluctuates adds up to nothing. `samples` says how many of
 * them were seen, where levels between were not.
 */
export function riseOf(levels: readonly number[], samples: number): Rise {
  assert(levels.length === STRETCHES + 1, "levels stand at the edges of all stretches");
  const rises = levels.slice(1).map((level, index) => level - levels[index]!);
  const late = rises.slice(-LATE).reduce((sum, rise) => sum + rise, 0);
  const error = sampleStandardDeviation(rises) * Math.sqrt(STRETCHES);
  return {
    total: levels.at(-1)! - levels[0]!,
    late: (late * STRETCHES) / LATE,
    lateError: 0,
    error,
    samples,
    walk: error,
  };
}

/** The mean of independent rises, of one run each; each stands for so many. */
export function meanRise(
  rises: readonly Pick<Rise, "total" | "late" | "walk">[],
  factors: readonly number[],
): Rise {
  const meanOf = (part: "total" | "late" | "walk") =>
    weighted(
      rises.map((rise) => rise[part]),
      factors,
    );
  const { value: total, error } = meanOf("total");
  const { value: late, error: lateError } = meanOf("late");
  return { total, late, lateError, error, samples: samplesOf(factors), walk: meanOf("walk").value };
}

export interface GoesOn {
  /** How fast a rise still is at the end, at least, over its mean. */
  readonly share: number;
  /**
   * Of many runs, whether it is to be beyond chance that it still rises there: what fills up from empty rises in each
   * of them for sure, so that only its end tells that from growth.
   */
  readonly isSure: boolean;
}

/**
 * Whether the rise is beyond chance, errs in 2 of 100, and still goes on at the end. Over many runs chance is no
 * measure of it: each that began empty rises, though its queue would not grow for ever.
 */
export function isGrowth(rise: Rise, goesOn: GoesOn): boolean {
  const { total, late, lateError, error, samples, walk } = rise;
  const critical = criticalT(CONFIDENCE, samples - 1);
  if (total <= critical * error || total <= REFLECTED * walk) return false;
  if (goesOn.isSure && late <= critical * lateError) return false;
  return late >= goesOn.share * total;
}

/** The largest rise that is not excluded. */
export function mostRise({ total, error, samples }: Rise): number {
  return total + criticalT(CONFIDENCE, samples - 1) * error;
}

export interface Start {
  /**
   * First stretch over the mean of the second half, less 1. 0 where the second half is nothing, and where the next
   * quarter is as the first stretch was: that is no start that wears off, but a load that changes later.
   */
  readonly off: number;
  readonly isBeyondChance: boolean;
}

/** Confidence of what is said of a start. */
const START_CONFIDENCE = 0.995;

/** Whether a series begins elsewhere than where it stays, from the means of equal stretches. */
export function startOf(means: readonly number[]): Start {
  assert(means.length === STRETCHES, "there is a mean for every stretch");
  const settled = means.slice(-SETTLED);
  const level = mean(settled);
  const soon = mean(means.slice(1, 1 + SOON)) - means[0]!;
  const wearsOff = soon / (level - means[0]!) >= LEAST_SOON;
  if (level <= 0 || !wearsOff) return { off: 0, isBeyondChance: false };
  // Of a mean of stretches, and of one stretch more.
  const error = sampleStandardDeviation(settled) * Math.sqrt(1 + 1 / SETTLED);
  const distance = Math.abs(means[0]! - level);
  const isBeyondChance = distance > criticalT(START_CONFIDENCE, SETTLED - 1) * error;
  return { off: means[0]! / level - 1, isBeyondChance };
}

/** The same of what independent runs say of it, one number each; each stands for so many. */
export function meanStart(offs: readonly number[], factors: readonly number[]): Start {
  const { value: off, error } = weighted(offs, factors);
  const distance = criticalT(START_CONFIDENCE, samplesOf(factors) - 1) * error;
  return { off, isBeyondChance: Math.abs(off) > distance };
}

function weighted(values: readonly number[], factors: readonly number[]) {
  return ratioEstimate(values.map((value, index) => ({ value, weight: factors[index]! })));
}

/** Samples of equal weight that are worth as much, at least two. */
function samplesOf(factors: readonly number[]): number {
  return Math.max(2, effectiveNumber(factors));
}

/**
 * Whether a level that lies above its usual values falls so fast that it would be back in so many times the time, from
 * the means of the halves of what was seen.
 */
export function isFalling(levels: readonly number[], usual: readonly number[], times: number): boolean {
  const half = Math.floor(levels.length / 2);
  if (half < 2 || usual.length < 2) return false;
  const [first, second] = [levels.slice(0, half), levels.slice(-half)];
  const fall = mean(first) - mean(second);
  const error = Math.sqrt((sampleVariance(first) + sampleVariance(second)) / half);
  const excess = mean(first) - mean([...usual]);
  const isAbove = excess > 2 * sampleStandardDeviation([...usual]);
  // The middles of the halves are half the time apart.
  return isAbove && fall > error && excess - fall <= 2 * fall * (times - 1);
}
