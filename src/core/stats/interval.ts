// Intervals around what was estimated from few samples: a mean over replications, a rate that was never seen
// to differ from 0. Assumes independent samples; making them so is the caller's business.
import exp from "@stdlib/math-base-special-exp";
import expm1 from "@stdlib/math-base-special-expm1";
import log1p from "@stdlib/math-base-special-log1p";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { assert } from "../base/assert.js";
import { checkConfidence, criticalT } from "./student.js";

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
  /** How many samples it rests on. */
  readonly n: number;
}

/**
 * Student's t interval around the mean. One sample tells nothing about the spread, so its interval is
 * infinite; without samples all is NaN. Throws INVALID_PARAMETER unless the confidence is between 0 and 1.
 */
export function meanInterval(samples: readonly number[], confidence: number): MeanInterval {
  checkConfidence(confidence);
  const n = samples.length;
  if (n === 0) {
    return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, halfWidth: Number.NaN, n };
  }
  const center = mean([...samples]);
  const halfWidth = n === 1 ? Number.POSITIVE_INFINITY : studentHalfWidth(samples, confidence);
  return { mean: center, low: center - halfWidth, high: center + halfWidth, halfWidth, n };
}

/**
 * Student's t interval around the mean of times, speeds and whatever else is never below 0, reckoned on the scale of
 * its logarithm by the delta method: means of skewed samples err below more often than above, and this gives some of it
 * back. Where the error is small the scale makes no difference. As `meanInterval` where anything is 0 or below.
 */
export function positiveMeanInterval(
  samples: readonly number[],
  confidence: number,
): Omit<MeanInterval, "halfWidth"> {
  const { halfWidth, ...plain } = meanInterval(samples, confidence);
  const isPositive = samples.every((sample) => sample > 0) && Number.isFinite(halfWidth);
  return isPositive ? { ...plain, ...aroundPositive(plain.mean, halfWidth) } : plain;
}

/** As far as the half-width says to either side, on the scale of logarithms. */
export function aroundPositive(value: number, halfWidth: number): { low: number; high: number } {
  const factor = exp(halfWidth / value);
  return { low: value / factor, high: value * factor };
}

/**
 * The highest rate that is still plausible after `trials` independent trials without an event: the p at which
 * seeing none has probability 1 - confidence, so 1 - (1 - confidence)^(1 / trials). At 95 % this is about 3
 * over the trials (Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249(13),
 * 1983). Without trials every rate is plausible. Throws INVALID_PARAMETER unless the confidence is between 0
 * and 1.
 */
export function ruleOfThree(trials: number, confidence: number): number {
  checkConfidence(confidence);
  assert(trials >= 0, "trials are counted from 0 up");
  // For many trials the power is so close to 1 that subtracting it would lose every digit.
  return -expm1(log1p(-confidence) / trials);
}

function studentHalfWidth(samples: readonly number[], confidence: number): number {
  const n = samples.length;
  return (criticalT(confidence, n - 1) * sampleStandardDeviation([...samples])) / Math.sqrt(n);
}
