// On what scale an interval reaches as far to both sides: that of log-odds for shares, of logarithms for what is never
// below 0. Estimates of rare or bursty things err below more often than above, and these scales give some of it back.
// Knows numbers only.
import exp from "@stdlib/math-base-special-exp";

/**
 * `share`: from 0 to 1. `positive`: from 0 up. `excess`: from 1 up, where what counts is how far above 1 it is.
 * `plain`: any number.
 */
export type Scale = "share" | "positive" | "excess" | "plain";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** How far something reaches to either side of a value, in its own unit. */
export interface Reach {
  readonly below: number;
  readonly above: number;
}

/**
 * As far as it reaches to either side of the value, by the delta method (Korn and Graubard, Analysis of Health Surveys,
 * 1999, 3.3). Far from the ends of the scale, or close to the value, the scale makes no difference. At an end, where it
 * has no slope, and on a plain scale: value - below and value + above.
 */
export function around(value: number, reach: Reach, scale: Scale): Bounds {
  return { low: moved(value, -reach.below, scale), high: moved(value, reach.above, scale) };
}

function moved(value: number, by: number, scale: Scale): number {
  if (by === 0) return value;
  if (scale === "share" && value > 0 && value < 1) return shareAt(value, exp(by / (value * (1 - value))));
  if (scale === "positive" && value > 0) return value * exp(by / value);
  if (scale === "excess" && value > 1) return 1 + moved(value - 1, by, "positive");
  return value + by;
}

/** The share whose odds are so many times the given one's. */
export function shareAt(share: number, factor: number): number {
  // Not odds * factor / (1 + odds * factor): a factor past all doubles must give 1, not NaN.
  return share / (share + (1 - share) / factor);
}
