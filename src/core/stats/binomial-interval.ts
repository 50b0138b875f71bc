// An interval around a share that few trials tell of. Knows counts only.
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import { assert } from "../base/assert.js";

export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Clopper and Pearson's exact interval ("The use of confidence or fiducial limits", Biometrika 26, 1934): the shares
 * under which neither as many hits nor as few have less than half of 1 - confidence. From 0 to 1 without trials.
 */
export function binomialInterval(hits: number, trials: number, confidence: number): ShareInterval {
  assert(hits >= 0 && hits <= trials, "hits are from 0 to all trials");
  assert(confidence > 0 && confidence < 1, "confidence is above 0 and below 1");
  const tail = (1 - confidence) / 2;
  return {
    low: hits === 0 ? 0 : betaQuantile(tail, hits, trials - hits + 1),
    high: binomialBound(hits, trials, tail),
  };
}

/** The upper end of it alone: the share is higher with no more than this risk. */
export function binomialBound(hits: number, trials: number, risk: number): number {
  return hits === trials ? 1 : betaQuantile(1 - risk, hits + 1, trials - hits);
}
