// Logarithms of ratios, on which changes of large and small values are alike. Knows numbers only.
import ln from "@stdlib/math-base-special-ln";

/** log((one + by) / (other + by)), where `by` keeps zeros apart from nothing; equal values, two zeros too, give 0. */
export function logRatio(one: number, other: number, by: number): number {
  return one === other ? 0 : ln((one + by) / (other + by));
}
