// One serving replica, as the fleet sees it: it takes sequences while they fit, and reports first tokens and
// completions. The request that a sequence belongs to is an integer that it hands back.
import type { Instant } from "../../base/units.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import type { StatedPrompt } from "../attempts/stated/prompt.js";

/** A sequence to serve. The true output length is physics here: what decides does not see it. */
export interface SequenceWork extends StatedPrompt {
  readonly outputTokens: number;
  /** The `max_tokens` that was stated: an output that long ends when everyone knows it does. */
  readonly maxTokens: number;
}

/** Told by a replica, in the order of simulated time. */
export interface ReplicaListener {
  firstToken(sequence: number, now: Instant): void;
  /** The sequence has left and its memory is free. */
  completed(sequence: number, now: Instant): void;
  /** The sequence lost its memory and will be computed again, by and by. It stays inside. */
  preempted(sequence: number, now: Instant): void;
}

/** How a replica enters the kernel: the queue and the integers its own events carry. */
export interface ReplicaClock {
  readonly events: EventQueue;
  readonly kind: number;
  /** Also its place among the replicas whose events fall on one and the same instant. */
  readonly subject: number;
}

/** What replicas have done since they were made; steps and epochs only where it works in steps. */
export interface ReplicaWork {
  steps: number;
  /** Stretches of steps that were computed at once. */
  epochs: number;
  preemptions: number;
  /** Tokens of KV that preempted sequences lost. */
  lostTokens: number;
}

/** What a replica that was lost had done of a sequence: see `generated` and `prefilled`. */
export interface HaltedSequence {
  readonly sequence: number;
  readonly generated: number;
  readonly prefilled: number;
}

export interface Replica {
  /** How many sequences may be inside at once, and how many are. */
  readonly slots: number;
  readonly slotsBusy: number;
  /** Sequences that could join at once, as far as anything but memory is concerned. */
  readonly openings: number;
  /** The same without that one of those inside. */
  openingsWithout(sequence: number): number;
  /** The highest rank that it lets in at all; Infinity for any. */
  readonly rankLimit: number;
  /** Tokens of KV cache. */
  readonly kvTokens: number;
  /** May be one and the same for several replicas, which then count together. */
  readonly work: ReplicaWork;

  /**
   * Tokens of KV cache that the sequences inside take: prompts, prefilled yet or not, and what they have generated,
   * the token in progress included; what several of them share counts once. It tells nothing of outputs to come.
   */
  kvUsed(now: Instant): number;
  /** The most that `kvUsed` has been since the last call of `forgetPeak`. */
  kvPeak(now: Instant): number;
  forgetPeak(now: Instant): void;

  /** Whether a sequence could join now. */
  fits(prompt: StatedPrompt, now: Instant): boolean;
  /** Prompt tokens that a sequence would not have to compute here. */
  cacheHit(prompt: StatedPrompt, now: Instant): number;
  /** Takes a sequence that fits; it joins the batch at the next step boundary. Returns the prompt tokens it skips. */
  admit(sequence: number, work: SequenceWork, now: Instant): number;
  /** Drops a sequence, finished or not, and returns the tokens it had generated. Not in `Phase.completion`. */
  cancel(sequence: number, now: Instant): number;
  /**
   * Loses everything that is inside, caches too, and stops: hands back the sequences, in the order in which they were
   * admitted, tells nothing and has no event any more. Not in `Phase.completion`. It takes none from then on.
   */
  halt(now: Instant): readonly HaltedSequence[];
  /** Tokens of its prompt that a sequence inside has computed since it was admitted, or last lost its memory. */
  prefilled(sequence: number, now: Instant): number;
  /** Tokens that a sequence inside has generated so far. */
  generated(sequence: number, now: Instant): number;
  /** The same of all sequences inside, in no order that means anything. */
  visitGenerated(now: Instant, visit: (sequence: number, generated: number) => void): void;
  /**
   * From now on it works at that share of its profile's speed: 1 is as the profile says, at 0.5 a step takes twice as
   * long, and at 0 it hangs (speed.ts has the bounds). What is left of the step in progress takes longer or shorter
   * accordingly. While it hangs, time stands still for it: it has no event, holds what is inside in the state of that
   * instant, and still lets sequences in through its openings; when it goes on at the speed from before, all comes
   * later by as long as it hung. Neither in `Phase.completion` nor in `Phase.step`, and not once it has halted.
   */
  setSpeed(speed: number, now: Instant): void;
  /** The event this replica scheduled has come. Returns whether it may have room that it did not have before. */
  wake(now: Instant): boolean;
}
