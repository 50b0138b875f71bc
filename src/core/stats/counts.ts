// Two counts of one stream of events over stretches of different lengths: how far their rates lie apart. Knows numbers
// only.
import ln from "@stdlib/math-base-special-ln";
import { mean, sampleVariance } from "simple-statistics";

export interface Count {
  readonly count: number;
  readonly seconds: number;
}

/** Variance of counts over their mean: 1 of a Poisson process, more where events come in clumps. At least 1. */
export function dispersionOf(counts: readonly number[]): number {
  const center = mean([...counts]);
  return center > 0 ? Math.max(1, sampleVariance([...counts]) / center) : 1;
}

/**
 * In standard errors, how far one rate lies above a share of another, on the scale of logarithms. Of counts a and b of
 * a Poisson process the error is sqrt(1 / a + 1 / b), with a half added to each for those near 0 (Woolf, Annals of
 * Human Genetics 19, 1955; Haldane, ibid. 20, 1956), times the root of their dispersion.
 */
export function rateDistance(one: Count, other: Count, share: number, dispersion: number): number {
  const [a, b] = [one.count + 0.5, other.count + 0.5];
  const ratio = ((a / b) * other.seconds) / one.seconds;
  return ln(ratio / share) / Math.sqrt(dispersion * (1 / a + 1 / b));
}
