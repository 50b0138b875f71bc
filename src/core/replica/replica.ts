// One serving replica, as the fleet sees it: it takes sequences while they fit, and tells of first tokens and
// completions. Who a sequence belongs to is an integer that it hands back.
import type { Instant } from "../base/units.js";

/** A sequence to serve. The true output length is physics here: policies never see it. */
export interface SequenceWork {
  readonly inputTokens: number;
  /** Part of the input whose KV is already there; prefill skips it. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Told by a replica, in the order of simulated time. */
export interface ReplicaListener {
  firstToken(sequence: number, now: Instant): void;
  /** The sequence has left and its memory is free. */
  completed(sequence: number, now: Instant): void;
}

export interface Replica {
  /** How many sequences may be inside at once, and how many are. */
  readonly slots: number;
  readonly slotsBusy: number;
  /** Sequences that could join at once, as far as anything but memory is concerned. */
  readonly openings: number;
  /** Tokens of KV cache, and how many are reserved (LAW-12: never more than there are). */
  readonly kvTokens: number;
  readonly kvUsed: number;
  /**
   * Tokens of KV cache that the prompts inside take, prefilled yet or not, and what they have generated so far.
   * Reservations hint at outputs to come; this does not.
   */
  readonly kvClaimed: number;

  /** Whether a sequence that needs this many KV tokens could join now. */
  fits(kvTokens: number): boolean;
  /** Takes a sequence that fits. It joins the batch at the next step boundary. */
  admit(sequence: number, work: SequenceWork, now: Instant): void;
  /** Drops a sequence, finished or not, and returns the tokens it had generated. */
  cancel(sequence: number, now: Instant): number;
  /** Tokens that a sequence inside has generated so far. */
  generated(sequence: number, now: Instant): number;
  /** The event this replica scheduled has come. */
  wake(now: Instant): void;
}

/** KV tokens that a sequence reserves for its whole stay: its prompt and all it will generate. */
export function kvNeeded(work: SequenceWork): number {
  return work.inputTokens + work.outputTokens;
}
