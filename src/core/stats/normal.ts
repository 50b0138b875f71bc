// The standard normal distribution. Knows no samples.
import erfc from "@stdlib/math-base-special-erfc";

/** Probability of a normal below `z`. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}
