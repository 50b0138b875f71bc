// Zipf weights: how unequal accounts, and anything else that is ranked, share what there is. Knows ranks only.
import pow from "@stdlib/math-base-special-pow";

/** Weights of ranks 1 to `count`: rank r has r^-exponent, so that exponent 0 makes all ranks equal. */
export function zipfWeights(count: number, exponent: number): Float64Array {
  // Not the engine's own power, whose last bit differs between engines.
  return Float64Array.from({ length: count }, (_, index) => pow(index + 1, -exponent));
}
