// How long one step of a replica takes. Any function of the number of sequences and of the prefill chunk, but linear
// in the summed context: that is what lets many steps of an unchanged batch be summed in closed form.

export interface StepProfile {
  readonly name: string;
  /** Where the numbers come from; a profile without a measurement says that it is an estimate. */
  readonly source: string;
  /** Microseconds of a step with this many decoding sequences and prefill tokens, before any attention to context. */
  base(decoding: number, prefillTokens: number): number;
  /** Microseconds for each token of context, summed over the decoding sequences. */
  slope(decoding: number): number;
  /**
   * Microseconds that prefill chunks add for attention. `area` is the sum over chunks of c * (x + (c + 1) / 2) and
   * `priorContext` the sum of x, for a chunk of c tokens after x tokens that are already cached.
   */
  prefill(area: number, priorContext: number): number;
}

/** A profile given by four numbers in microseconds: enough for theory and for a first guess. */
export interface LinearProfileSpec {
  readonly base: number;
  readonly perSequence: number;
  readonly perContextToken: number;
  readonly perPrefillToken: number;
}

export function linearProfile(spec: LinearProfileSpec): StepProfile {
  return {
    name: "linear",
    source: "given in the scenario",
    base: (decoding, prefillTokens) =>
      spec.base + spec.perSequence * decoding + spec.perPrefillToken * prefillTokens,
    slope: () => spec.perContextToken,
    prefill: () => 0,
  };
}
