// How long one step of a replica takes. Any function of the number of sequences and of the prefill chunk, but linear
// in the summed context: that is what lets many steps of an unchanged batch be summed in closed form.
import type { ProfileNode } from "./file/profile-keys.js";

export interface StepProfile {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** True where numbers come from a datasheet and not from a measurement of this model on this GPU. */
  readonly estimate: boolean;
  /** How far step times of one card may be from these, as a share of them; undefined where that is not known. */
  readonly uncertainty?: number;
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
  /** How the clock of the GPU answers to compute-bound steps. Left out: not at all. */
  readonly clock?: ProfileClock;
}

/** What the times above take for granted: a clock that is down in compute-bound steps and rested in all others. */
export interface ProfileClock {
  /** Microseconds that a compute-bound step saves while the clock is rested; 0 for a step that memory bounds. */
  boost(decoding: number, prefillTokens: number): number;
  /** Microseconds that a step with prefill which memory bounds loses while the clock is down; 0 for others. */
  drag(decoding: number, prefillTokens: number): number;
  /** Share by which steps that only decode take longer while the clock is down. */
  readonly decodeDrag: number;
  /** Microseconds of compute-bound steps over which it goes down. */
  readonly memory: number;
  /** Microseconds of anything else over which it comes back. */
  readonly rest: number;
}

/** Microseconds in the unit of profile files. */
export const MICROS_PER_MILLI = 1000;
