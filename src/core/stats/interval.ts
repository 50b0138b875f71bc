// Intervals around what was estimated from few samples: a mean over replications, a rate that was never seen
// to differ from 0. Assumes independent samples; making them so is the caller's business.
import expm1 from "@stdlib/math-base-special-expm1";
import log1p from "@stdlib/math-base-special-log1p";
import { assert } from "../base/assert.js";
import { evenRisks, ratioEstimate, reachOf } from "./ratio.js";
import { checkConfidence } from "./student.js";

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
  /** How many samples it rests on. */
  readonly n: number;
}

/**
 * Student's t interval around the mean, with as many degrees of freedom as the samples' spread is worth (`freedomOf`).
 * One sample tells nothing about the spread, so its interval is infinite; without samples all is NaN. Throws
 * INVALID_PARAMETER unless the confidence is between 0 and 1.
 */
export function meanInterval(samples: readonly number[], confidence: number): MeanInterval {
  checkConfidence(confidence);
  const estimate = ratioEstimate(samples.map((value) => ({ value, weight: 1 })));
  const { value: mean, n } = estimate;
  const halfWidth = n === 0 ? Number.NaN : reachOf(estimate, evenRisks(confidence)).above;
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, n };
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
  return trials === 0 ? 1 : -expm1(log1p(-confidence) / trials);
}
