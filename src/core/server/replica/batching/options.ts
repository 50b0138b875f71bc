// What a replica with continuous batching is made of; both forms of it take the same.
import type { Stream } from "../../../random/stream.js";
import type { StepProfile } from "../../profile/step-profile.js";
import type { MemoryOptions } from "../kv/memory.js";

export interface BatchingOptions extends MemoryOptions {
  readonly profile: StepProfile;
  readonly maxSequences: number;
  /**
   * Tokens a step may process: those of the decoding sequences, the rest for prefill chunks. At least `maxSequences`
   * times the tokens of a decoding sequence.
   */
  readonly maxBatchedTokens: number;
  /** Sequences that prefill at a time. Others stay outside, so that what comes next is decided there. */
  readonly maxPrefillSequences: number;
  /** Whether a step is decided while the one before it runs: see step-ahead.ts. */
  readonly stepAhead: boolean;
  /** Decides which drafted tokens are accepted; unused without speculative decoding. */
  readonly chance: Stream;
}
