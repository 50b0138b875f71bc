// Student's t distribution, as intervals and tests ask for it. Knows no samples.
import tCumulative from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { SurgefleetError } from "../base/errors.js";

/**
 * How many standard errors a two-sided interval reaches to either side. Throws INVALID_PARAMETER unless the confidence
 * is between 0 and 1.
 */
export function criticalT(confidence: number, degreesOfFreedom: number): number {
  checkConfidence(confidence);
  return tQuantile(1 - (1 - confidence) / 2, degreesOfFreedom);
}

/**
 * How many standard errors lie on one side, so that t is beyond it with this probability. Throws INVALID_PARAMETER
 * unless that is between 0 and 1.
 */
export function oneSidedT(risk: number, degreesOfFreedom: number): number {
  checkConfidence(risk);
  // The lower tail keeps its digits where 1 - risk would have lost them.
  return -tQuantile(risk, degreesOfFreedom);
}

/** Probability of a t at least so far from 0, on either side. */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  // The lower tail keeps its digits where 1 - p would have lost them.
  return Math.min(1, 2 * tCumulative(-Math.abs(t), degreesOfFreedom));
}

export function checkConfidence(confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  const message = `confidence must be above 0 and below 1, got ${confidence}: 0.95 means 95 %`;
  throw new SurgefleetError("INVALID_PARAMETER", message);
}
