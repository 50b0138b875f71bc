// A time that a scenario states, as a distribution of seconds. Knows the shape of what is stated, and no scenario.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { CENTURY, type Duration, seconds, toSeconds } from "../base/units.js";
import { LEAST_SIGMA } from "./distribution-problems.js";
import type { TimeSpec } from "./distribution-spec.js";

/** The ninth decile of the standard normal. */
const NINTH_DECILE = 1.2815515655446004;

/** One length, a log-normal by its median and its ninth decile or mean, or an exponential by its mean. */
export type StatedTime =
  | Duration
  | { readonly median: Duration; readonly p90: Duration }
  | { readonly median: Duration; readonly mean: Duration }
  | { readonly mean: Duration };

/** In seconds. A log-normal has p90 = median x exp(1.2816 sigma) and mean = median x exp(sigma squared / 2). */
export function timeDistribution(stated: StatedTime): TimeSpec {
  if (typeof stated === "number") return { dist: "constant", value: toSeconds(stated) };
  if (!("median" in stated)) return { dist: "exponential", mean: toSeconds(stated.mean) };
  return lognormalTime(toSeconds(stated.median), sigmaOf(stated));
}

/** A constant where it varies less than the sampler of log-normals takes. */
export function lognormalTime(median: number, sigma: number): TimeSpec {
  return sigma >= LEAST_SIGMA ? { dist: "lognormal", median, sigma } : { dist: "constant", value: median };
}

function sigmaOf(stated: Extract<StatedTime, { readonly median: Duration }>): number {
  const median = toSeconds(stated.median);
  if (median === 0) return 0;
  if ("p90" in stated) return ln(toSeconds(stated.p90) / median) / NINTH_DECILE;
  return Math.sqrt(2 * ln(toSeconds(stated.mean) / median));
}

/** Standard deviations of the normal that 1 draw in 30,000 is beyond, and so many means of an exponential. */
const FAR = { sigmas: 4, means: 10.36 };

/** As long as a draw is but for 1 in 30,000. */
export function longestTime(stated: StatedTime): Duration {
  if (typeof stated === "number") return stated;
  if (!("median" in stated)) return drawnTime(FAR.means * toSeconds(stated.mean));
  return drawnTime(toSeconds(stated.median) * exp(FAR.sigmas * sigmaOf(stated)));
}

/** Seconds as a duration; a century where the tail goes beyond one, which no run sees the end of. */
export function withinCentury(drawn: number): Duration {
  return seconds(Math.min(toSeconds(CENTURY), drawn));
}

/** A draw as such a duration that is never none, so that what begins ends later. */
export function drawnTime(drawn: number): Duration {
  return Math.max(1, withinCentury(drawn)) as Duration;
}
