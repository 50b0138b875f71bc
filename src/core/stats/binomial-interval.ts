// An interval around a share that few trials tell of. Knows counts only.
import { assert } from "../base/assert.js";

export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** Halvings of the interval from 0 to 1: more than a double can tell apart. */
const HALVINGS = 60;

/**
 * Clopper and Pearson's exact interval ("The use of confidence or fiducial limits", Biometrika 26, 1934): the shares
 * under which neither as many hits nor as few have less than half of 1 - confidence. From 0 to 1 without trials.
 */
export function binomialInterval(hits: number, trials: number, confidence: number): ShareInterval {
  assert(hits >= 0 && hits <= trials, "hits are from 0 to all trials");
  assert(confidence > 0 && confidence < 1, "confidence is above 0 and below 1");
  const tail = (1 - confidence) / 2;
  return {
    low: hits === 0 ? 0 : root((share) => atLeast(hits, trials, share) >= tail),
    high: hits === trials ? 1 : root((share) => 1 - atLeast(hits + 1, trials, share) <= tail),
  };
}

/** The least share at which something holds that holds from some share on. */
function root(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Probability of so many hits or more. Terms are reckoned from the likeliest count outwards: none overflows. */
function atLeast(hits: number, trials: number, share: number): number {
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  const odds = share / (1 - share);
  let [all, counted] = [1, mode >= hits ? 1 : 0];
  for (let count = mode, term = 1; count < trials; count++) {
    term *= ((trials - count) / (count + 1)) * odds;
    all += term;
    if (count + 1 >= hits) counted += term;
  }
  for (let count = mode, term = 1; count > 0; count--) {
    term *= count / ((trials - count + 1) * odds);
    all += term;
    if (count - 1 >= hits) counted += term;
  }
  return counted / all;
}
