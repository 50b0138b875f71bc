// How long is still to go of a stretch that is under way when one first looks: what a renewal process begins with that
// has always been going on. Long stretches are met more often than short ones, in proportion to their length, and one
// looks at any point of them alike (the inspection paradox). Density of what is left: P(length > t) / mean.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import normal from "@stdlib/random-base-improved-ziggurat";
import { unreachable } from "../base/assert.js";
import { createDistribution } from "./distribution.js";
import type { LognormalSpec, TimeSpec } from "./distribution-spec.js";
import type { Stream } from "./stream.js";

/** A draw of what is left, in the unit of the distribution. */
export function residual(spec: TimeSpec, stream: Stream): number {
  switch (spec.dist) {
    case "constant":
      return spec.value * stream.uniform();
    // It has no memory.
    case "exponential":
      return createDistribution(spec, stream).sample();
    case "lognormal":
      return stream.uniform() * metLognormal(spec, stream);
    default:
      return unreachable(spec);
  }
}

/** Weighted by length, a log-normal is one again whose mean of the logarithm is larger by sigma squared. */
function metLognormal({ sigma, mean, median, mu }: LognormalSpec, stream: Stream): number {
  const variance = sigma * sigma;
  const centre = mu ?? (median === undefined ? ln(mean!) - variance / 2 : ln(median));
  const standard = normal.factory({ prng: () => stream.uniform() });
  return exp(centre + variance + sigma * standard());
}
