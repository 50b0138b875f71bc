// The gaps of a stationary renewal process, gamma distributed and of mean 1. Knows operational time only, which passes
// at the rate of the process that uses it.
import exp from "@stdlib/math-base-special-exp";
import { createDistribution } from "../../../random/distribution.js";
import { LEAST_CV } from "../../../random/distribution-problems.js";
import type { Stream } from "../../../random/stream.js";

export interface UnitGaps {
  /**
   * The wait for the first arrival from an arbitrary time, not just after an arrival. So the mean number of arrivals is
   * right from the start, and accounts do not all begin with a burst.
   */
  first(): number;
  /** The gap to the next arrival. */
  next(): number;
}

/** Gaps of this coefficient of variation, above 0. All chance is from the stream. */
export function createUnitGaps(cv: number, stream: Stream): UnitGaps {
  const unit = createDistribution({ dist: "exponential", mean: 1 }, stream);
  // A Poisson process has no memory, and is far cheaper to draw.
  if (cv === 1) return { first: unit.sample, next: unit.sample };
  const square = cv * cv;
  // The gap that one comes upon is the larger the likelier: of a gamma of shape k that makes one of shape k + 1.
  // It varies less than the other, at the least of a cv by half a millionth: as good as not at all.
  const longerCv = Math.max(LEAST_CV, cv / Math.sqrt(1 + square));
  const longer = createDistribution({ dist: "gamma", mean: 1 + square, cv: longerCv }, stream);
  return {
    // And one is anywhere within it.
    first: () => longer.sample() * stream.uniform(),
    // Shape k is shape k + 1 times a uniform number to the power of 1 / k, cheaper so than by that power (Stuart,
    // "Gamma-distributed products of independent random variables", Biometrika 49, 1962).
    next: () => longer.sample() * exp(-square * unit.sample()),
  };
}
