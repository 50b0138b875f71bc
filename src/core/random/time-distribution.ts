// A time that a scenario states, as a distribution of seconds. Knows the shape of what is stated, and no scenario.
import ln from "@stdlib/math-base-special-ln";
import { type Duration, toSeconds } from "../base/units.js";
import type { DistributionSpec } from "./distribution-spec.js";

/** The ninth decile of the standard normal. */
const NINTH_DECILE = 1.2815515655446004;

/** One length, a log-normal by its median and ninth decile, or an exponential by its mean. */
export type StatedTime =
  | Duration
  | { readonly median: Duration; readonly p90: Duration }
  | { readonly mean: Duration };

/** In seconds. A log-normal has p90 = median x exp(1.2816 sigma). */
export function timeDistribution(stated: StatedTime): DistributionSpec {
  if (typeof stated === "number") return { dist: "constant", value: toSeconds(stated) };
  if ("mean" in stated) return { dist: "exponential", mean: toSeconds(stated.mean) };
  const median = toSeconds(stated.median);
  return { dist: "lognormal", median, sigma: ln(toSeconds(stated.p90) / median) / NINTH_DECILE };
}
