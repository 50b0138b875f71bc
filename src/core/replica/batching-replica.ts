// Continuous batching, step by step: the reference for every quicker form. At a step boundary every running
// sequence gets one token; what is left of the token budget goes to waiting prefills in order, in chunks. A prefill
// that completes in a step yields its first token at the end of that step. Knows sequences and steps; what a
// request is, who sent it and what it costs are the business of others.
//
// Time: while the batch stays the same (an epoch), step durations form an arithmetic progression. Its first term and
// its increment are rounded to 2^-20 microseconds, so that the sum of any number of steps is exact in a double and
// a form that jumps over many steps lands on the very same microsecond.
import { assert } from "../base/assert.js";
import { type Instant, START } from "../base/units.js";
import type { EventQueue } from "../kernel/event-queue.js";
import { Phase } from "../kernel/phase.js";
import type { StepProfile } from "./profile.js";
import { kvNeeded, type Replica, type ReplicaListener, type SequenceWork } from "./replica.js";

export interface BatchingOptions {
  readonly profile: StepProfile;
  readonly maxSequences: number;
  /**
   * Tokens a step may process: one for each decoding sequence, the rest for prefill chunks. At least `maxSequences`.
   */
  readonly maxBatchedTokens: number;
  /** Sequences that prefill at a time. Others stay outside, so that who comes next is decided there. */
  readonly maxPrefillSequences: number;
  /** Capacity of the KV cache in tokens. */
  readonly kvTokens: number;
}

/** How a replica enters the kernel: the queue and the integers its own events carry. */
export interface ReplicaClock {
  readonly events: EventQueue;
  readonly kind: number;
  readonly subject: number;
}

interface Sequence {
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly kvTokens: number;
  /** Prompt tokens whose KV is there: cached or prefilled. */
  prefilled: number;
  /** Prompt tokens that the step in progress adds. */
  chunk: number;
  generated: number;
}

const GRAIN = 2 ** 20;
/** Beyond this many microseconds an epoch's sums could lose bits: start another. */
const EPOCH_MOST = 2 ** 33;

export class BatchingReplica implements Replica {
  readonly slots: number;
  readonly kvTokens: number;
  kvUsed = 0;
  readonly #options: BatchingOptions;
  readonly #clock: ReplicaClock;
  readonly #listener: ReplicaListener;
  /** In the order in which they joined; who completes at the same boundary leaves in this order. */
  readonly #decoding: Sequence[] = [];
  readonly #prefilling: Sequence[] = [];
  /** Who left and who got a first token at the boundary in hand: scratch, kept to allocate nothing. */
  readonly #leaving: Sequence[] = [];
  readonly #answered: Sequence[] = [];
  /** Context of all decoding sequences, and prompts of all prefilling ones. */
  #sumContext = 0;
  #sumPrompts = 0;
  #stepping = false;
  /** Whether a wake-up for this very instant is already in the queue. */
  #starting = false;
  /** The epoch: where it began, how many of its steps are done, and its progression. */
  #origin: Instant = START;
  #steps = 0;
  #first = 0;
  #increment = 0;
  #batchChanged = true;

  constructor(options: BatchingOptions, clock: ReplicaClock, listener: ReplicaListener) {
    this.#options = options;
    this.slots = options.maxSequences;
    this.kvTokens = options.kvTokens;
    this.#clock = clock;
    this.#listener = listener;
  }

  get slotsBusy(): number {
    return this.#decoding.length + this.#prefilling.length;
  }

  get openings(): number {
    const places = this.#options.maxPrefillSequences - this.#prefilling.length;
    return Math.min(places, this.slots - this.slotsBusy);
  }

  get kvClaimed(): number {
    return this.#sumContext + this.#sumPrompts;
  }

  fits(kvTokens: number): boolean {
    return this.openings > 0 && this.kvUsed + kvTokens <= this.kvTokens;
  }

  admit(id: number, work: SequenceWork, now: Instant): void {
    const kvTokens = kvNeeded(work);
    assert(this.fits(kvTokens), "LAW-12: a sequence starts only if its KV fits");
    this.kvUsed += kvTokens;
    // Even a fully cached prompt needs its last token computed, to yield the first new one.
    const prefilled = Math.min(work.cachedTokens, work.inputTokens - 1);
    const { inputTokens, outputTokens } = work;
    this.#prefilling.push({ id, inputTokens, outputTokens, kvTokens, prefilled, chunk: 0, generated: 0 });
    this.#sumPrompts += inputTokens;
    if (!this.#stepping && !this.#starting) this.#wakeAt(now, Phase.step);
  }

  cancel(id: number): number {
    const inBatch = this.#decoding.findIndex((sequence) => sequence.id === id);
    const list = inBatch >= 0 ? this.#decoding : this.#prefilling;
    const index = inBatch >= 0 ? inBatch : list.findIndex((sequence) => sequence.id === id);
    assert(index >= 0, "a cancelled sequence is inside");
    const [sequence] = list.splice(index, 1);
    if (inBatch >= 0) {
      this.#sumContext -= sequence!.inputTokens + sequence!.generated;
      this.#batchChanged = true;
    } else this.#sumPrompts -= sequence!.inputTokens;
    this.kvUsed -= sequence!.kvTokens;
    return sequence!.generated;
  }

  generated(id: number): number {
    const has = (sequence: Sequence) => sequence.id === id;
    return (this.#decoding.find(has) ?? this.#prefilling.find(has))?.generated ?? 0;
  }

  wake(now: Instant): void {
    if (this.#stepping) {
      this.#stepping = false;
      this.#endStep(now);
      if (this.slotsBusy > 0 && !this.#starting) this.#wakeAt(now, Phase.step);
    } else {
      this.#starting = false;
      if (this.slotsBusy > 0) this.#startStep(now);
    }
  }

  #wakeAt(at: Instant, phase: Phase): void {
    this.#starting = phase === Phase.step;
    this.#clock.events.schedule(at, phase, this.#clock.kind, this.#clock.subject);
  }

  #startStep(now: Instant): void {
    this.#stepping = true;
    const end = this.#prefilling.length > 0 ? this.#mixedStepEnd(now) : this.#decodeStepEnd(now);
    assert(end > now, "LAW-2: a step takes time");
    this.#wakeAt(end, Phase.completion);
  }

  /** A step with prefill chunks: an epoch of its own. */
  #mixedStepEnd(now: Instant): Instant {
    const { profile, maxBatchedTokens } = this.#options;
    const decoding = this.#decoding.length;
    let budget = maxBatchedTokens - decoding;
    assert(budget > 0, "a waiting prefill finds room in the token budget");
    let tokens = 0;
    let area = 0;
    let prior = 0;
    for (const sequence of this.#prefilling) {
      if (budget === 0) break;
      const chunk = Math.min(budget, sequence.inputTokens - sequence.prefilled);
      sequence.chunk = chunk;
      budget -= chunk;
      tokens += chunk;
      area += chunk * (sequence.prefilled + (chunk + 1) / 2);
      prior += sequence.prefilled;
    }
    this.#batchChanged = true;
    const micros = profile.base(decoding, tokens) + profile.slope(decoding) * this.#sumContext;
    return (now + Math.round(grained(micros + profile.prefill(area, prior)))) as Instant;
  }

  /** A step of decoding sequences alone: the next of the epoch, or the first of a new one. */
  #decodeStepEnd(now: Instant): Instant {
    if (this.#batchChanged) this.#beginEpoch(now);
    let sum = this.#sumOfSteps(this.#steps + 1);
    if (sum > EPOCH_MOST) {
      this.#beginEpoch(now);
      sum = this.#sumOfSteps(1);
    }
    this.#steps++;
    return (this.#origin + Math.round(sum)) as Instant;
  }

  #beginEpoch(now: Instant): void {
    const { profile } = this.#options;
    const decoding = this.#decoding.length;
    const slope = profile.slope(decoding);
    this.#origin = now;
    this.#steps = 0;
    this.#first = grained(profile.base(decoding, 0) + slope * this.#sumContext);
    this.#increment = grained(slope * decoding);
    this.#batchChanged = false;
  }

  #sumOfSteps(count: number): number {
    return count * this.#first + (this.#increment * count * (count - 1)) / 2;
  }

  #endStep(now: Instant): void {
    const decoding = this.#decoding;
    for (const sequence of decoding) sequence.generated++;
    this.#sumContext += decoding.length;
    this.#leaving.length = 0;
    this.#answered.length = 0;
    this.#leaveBatch();
    this.#endPrefills();
    // Everyone has moved before anyone is told: a listener may admit the next sequence at once.
    for (const sequence of this.#answered) this.#listener.firstToken(sequence.id, now);
    for (const sequence of this.#leaving) this.#listener.completed(sequence.id, now);
  }

  #leaveBatch(): void {
    let kept = 0;
    for (const sequence of this.#decoding) {
      if (sequence.generated < sequence.outputTokens) this.#decoding[kept++] = sequence;
      else {
        this.#sumContext -= sequence.inputTokens + sequence.generated;
        this.#leave(sequence);
      }
    }
    if (kept < this.#decoding.length) this.#batchChanged = true;
    this.#decoding.length = kept;
  }

  #endPrefills(): void {
    let kept = 0;
    for (const sequence of this.#prefilling) {
      sequence.prefilled += sequence.chunk;
      sequence.chunk = 0;
      if (sequence.prefilled < sequence.inputTokens) this.#prefilling[kept++] = sequence;
      else {
        sequence.generated = 1;
        this.#sumPrompts -= sequence.inputTokens;
        this.#answered.push(sequence);
        if (sequence.outputTokens === 1) this.#leave(sequence);
        else {
          this.#decoding.push(sequence);
          this.#sumContext += sequence.inputTokens + 1;
        }
      }
    }
    this.#prefilling.length = kept;
  }

  #leave(sequence: Sequence): void {
    this.kvUsed -= sequence.kvTokens;
    this.#leaving.push(sequence);
  }
}

function grained(micros: number): number {
  return Math.round(micros * GRAIN) / GRAIN;
}
