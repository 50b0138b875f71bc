// How long one step of a replica takes. Any function of the number of sequences and of the prefill chunk, but linear
// in the summed context: that is what lets many steps of an unchanged batch be summed in closed form.
import type { ProfileNode } from "./file/profile-keys.js";

export interface StepProfile {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** True where numbers come from a datasheet and not from a measurement of this model on this GPU. */
  readonly estimate: boolean;
  /** Rows that a decoding sequence takes in a step: 1, or with speculative decoding 1 + the tokens drafted. */
  readonly tokensPerSequence: number;
  /** Chance that a drafted token is accepted given that those before it were; unused where tokensPerSequence is 1. */
  readonly acceptance: number;
  /** What the profile says about the replica it is for; scenarios may then leave it out. */
  readonly node?: ProfileNode;
  /** Microseconds of a step with this many decoding sequences and prefill tokens, before any attention to context. */
  base(decoding: number, prefillTokens: number): number;
  /** Microseconds for each token of context, summed over the decoding sequences. */
  slope(decoding: number): number;
  /**
   * Microseconds that prefill chunks add for attention. `area` is the sum over chunks of c * (x + (c + 1) / 2) and
   * `priorContext` the sum of x, for a chunk of c tokens after x tokens that are already cached.
   */
  prefill(area: number, priorContext: number): number;
  /** Microseconds that a compute-bound step saves after a pause in such work; 0 for a step that memory bounds. */
  boost?(decoding: number, prefillTokens: number): number;
  /** Microseconds over which that boost of the clock comes back, and goes. */
  readonly boostMemory?: number;
}

/** Microseconds in the unit of profile files. */
export const MICROS_PER_MILLI = 1000;
