// GPU time of one pass of one model over a batch, in milliseconds: what every kind of profile comes down to before
// speculative decoding and the host are added (speculative.ts, build.ts).

export interface PassTimes {
  /**
   * Milliseconds of a pass in which each decoding sequence takes `rowsEach` rows, beside so many prefill tokens,
   * before any attention to context.
   */
  base(decoding: number, rowsEach: number, prefillTokens: number): number;
  /** Milliseconds for each token of context, summed over the decoding sequences. */
  slope(decoding: number, rowsEach: number): number;
  /** Milliseconds of attention in prefill; `area` and `priorContext` as in StepProfile. */
  prefill(area: number, priorContext: number): number;
  /** What a clock that goes down with compute-bound work does to a pass with prefill. Left out: nothing. */
  readonly clock?: PassClock;
}

/** Milliseconds of `base`: what a compute-bound pass saves at a rested clock, what another loses at a low one. */
export interface PassClock {
  boost(tokens: number): number;
  drag(tokens: number): number;
  readonly decodeDrag: number;
  readonly memoryMs: number;
  readonly restMs: number;
}
