// Whether a level grows: its rises over equal stretches, put to Student's one-sided test. Knows numbers and no fleet.
import { mean, sampleStandardDeviation } from "simple-statistics";
import { assert } from "../base/assert.js";
import { criticalT } from "./student.js";

/** Stretches of a window. More of them see shorter swings as noise, and fewer longer ones. */
export const STRETCHES = 16;
/** The last of them, by which growth that has ended is told from growth that goes on. */
const LATE = STRETCHES / 4;
const SETTLED = STRETCHES / 2;

/** Two-sided, so that a test to one side errs in 2 of 100. */
const CONFIDENCE = 0.96;

export interface Rise {
  /** From the first level to the last. */
  readonly total: number;
  /** As much as `total` would be if all stretches were like the last quarter of them. */
  readonly late: number;
  /** Standard error of the total, and the independent samples behind it. */
  readonly error: number;
  readonly samples: number;
}

/**
 * How far a level rises, from its values at the edges of equal stretches. What comes in less what goes out of a queue is
 * about independent from one stretch to the next while the queue grows, so that the rises of stretches say how sure
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
    error,
    samples,
  };
}

/** The mean of independent rises, of one run each. */
export function meanRise(rises: readonly Pick<Rise, "total" | "late">[]): Rise {
  const totals = rises.map(({ total }) => total);
  const spread = rises.length > 1 ? sampleStandardDeviation(totals) : Number.POSITIVE_INFINITY;
  return {
    total: mean(totals),
    late: mean(rises.map(({ late }) => late)),
    error: spread / Math.sqrt(rises.length),
    samples: rises.length,
  };
}

/** Whether the rise is beyond chance, errs in 2 of 100, and still went on at the end by `goesOn` times its mean. */
export function isGrowth({ total, late, error, samples }: Rise, goesOn: number): boolean {
  return total > criticalT(CONFIDENCE, samples - 1) * error && late >= goesOn * total;
}

/** The largest rise that is not excluded. */
export function mostRise({ total, error, samples }: Rise): number {
  return total + criticalT(CONFIDENCE, samples - 1) * error;
}

export interface Start {
  /** First stretch over the mean of the second half, less 1; 0 where the second half is nothing. */
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
  if (level <= 0) return { off: 0, isBeyondChance: false };
  // Of a mean of stretches, and of one stretch more.
  const error = sampleStandardDeviation(settled) * Math.sqrt(1 + 1 / SETTLED);
  const distance = Math.abs(means[0]! - level);
  const isBeyondChance = distance > criticalT(START_CONFIDENCE, SETTLED - 1) * error;
  return { off: means[0]! / level - 1, isBeyondChance };
}

/** The same of what independent runs say of it, one number each. */
export function meanStart(offs: readonly number[]): Start {
  const off = mean([...offs]);
  if (offs.length < 2) return { off, isBeyondChance: false };
  const error = sampleStandardDeviation([...offs]) / Math.sqrt(offs.length);
  return { off, isBeyondChance: Math.abs(off) > criticalT(START_CONFIDENCE, offs.length - 1) * error };
}
