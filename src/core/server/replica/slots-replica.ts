// Independent servers: each sequence has a slot to itself and runs at a fixed speed, however many others run. The
// idealised replica of queueing theory - with it a pool is an Erlang loss or delay system - and a quick stand-in
// where the batch does not matter.
import { assert } from "../../base/assert.js";
import { type Duration, type Instant, MICROS_PER_SECOND, NEVER } from "../../base/units.js";
import { type EventHandle, EventQueue, NO_EVENT } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { OwnClock } from "./own-clock.js";
import type {
  HaltedSequence,
  Replica,
  ReplicaClock,
  ReplicaListener,
  ReplicaWork,
  SequenceWork,
} from "./replica.js";

export interface SlotsOptions {
  readonly slots: number;
  /** Output tokens per second of one sequence. */
  readonly tokensPerSecond: number;
  /** Uncached prompt tokens per second; undefined makes prefill take no time. */
  readonly prefillTokensPerSecond: number | undefined;
}

interface Sequence {
  /** In own time, as all that is due. */
  readonly admittedAt: number;
  readonly prefilledAt: number;
  readonly inputTokens: number;
  readonly uncachedTokens: number;
  readonly outputTokens: number;
  event: EventHandle;
}

const FIRST_TOKEN = 0;
const LAST_TOKEN = 1;

export class SlotsReplica implements Replica {
  readonly slots: number;
  readonly rankLimit = Number.POSITIVE_INFINITY;
  readonly kvTokens = Number.POSITIVE_INFINITY;
  readonly work: ReplicaWork = { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 };
  readonly #options: SlotsOptions;
  readonly #clock: ReplicaClock;
  readonly #listener: ReplicaListener;
  readonly #sequences = new Map<number, Sequence>();
  /** It runs as fast as the replica does: a change of speed moves none of what is due by it. */
  readonly #ownClock = new OwnClock();
  /** This replica's own events, in own time; the kernel holds one alarm, for the earliest. */
  readonly #pending: EventQueue;
  #alarm: EventHandle = NO_EVENT;
  #alarmAt: Instant = NEVER;

  constructor(options: SlotsOptions, clock: ReplicaClock, listener: ReplicaListener) {
    this.#options = options;
    this.slots = options.slots;
    this.#clock = clock;
    this.#listener = listener;
    this.#pending = new EventQueue(Math.min(options.slots, 1024));
  }

  get slotsBusy(): number {
    return this.#sequences.size;
  }

  get openings(): number {
    return this.slots - this.slotsBusy;
  }

  openingsWithout(): number {
    return this.openings + 1;
  }

  /** Memory has no limit here; this is what would be written of it. */
  kvUsed(now: Instant): number {
    let tokens = 0;
    for (const [id, { inputTokens }] of this.#sequences) tokens += inputTokens + this.generated(id, now);
    return tokens;
  }

  /** Without a limit there is no mark to watch. */
  kvPeak(): number {
    return 0;
  }

  forgetPeak(): void {
    // Keeps none.
  }

  fits(): boolean {
    return this.openings > 0;
  }

  cacheHit(work: SequenceWork): number {
    return work.cachedTokens;
  }

  admit(id: number, work: SequenceWork, now: Instant): number {
    assert(this.fits(), "a sequence starts only in a free slot");
    const { prefillTokensPerSecond } = this.#options;
    const uncached = work.inputTokens - work.cachedTokens;
    const prefill = prefillTokensPerSecond === undefined ? 0 : micros(uncached / prefillTokensPerSecond);
    const admittedAt = this.#ownClock.at(now);
    const prefilledAt = admittedAt + prefill;
    const { inputTokens, outputTokens } = work;
    const sequence: Sequence = {
      admittedAt,
      prefilledAt,
      inputTokens,
      uncachedTokens: uncached,
      outputTokens,
      event: NO_EVENT,
    };
    this.#sequences.set(id, sequence);
    sequence.event = this.#pending.schedule(this.#tokenAt(sequence, 1), Phase.completion, FIRST_TOKEN, id);
    this.#setAlarm(now);
    return work.cachedTokens;
  }

  cancel(id: number, now: Instant): number {
    const sequence = this.#sequences.get(id);
    assert(sequence !== undefined, "a cancelled sequence is inside");
    const generated = this.generated(id, now);
    this.#pending.cancel(sequence.event);
    this.#sequences.delete(id);
    this.#setAlarm(now);
    return generated;
  }

  halt(now: Instant): readonly HaltedSequence[] {
    const halted = [...this.#sequences.keys()].map((sequence) => ({
      sequence,
      prefilled: this.prefilled(sequence, now),
      generated: this.generated(sequence, now),
    }));
    for (const { event } of this.#sequences.values()) this.#pending.cancel(event);
    this.#sequences.clear();
    this.#setAlarm(now);
    return halted;
  }

  setSpeed(speed: number, now: Instant): void {
    this.#ownClock.setSpeed(speed, now);
    this.#setAlarm(now);
  }

  prefilled(id: number, now: Instant): number {
    const sequence = this.#sequences.get(id);
    if (sequence === undefined) return 0;
    const { prefillTokensPerSecond } = this.#options;
    const { admittedAt, prefilledAt, uncachedTokens } = sequence;
    const at = this.#ownClock.at(now);
    if (at >= prefilledAt || prefillTokensPerSecond === undefined) return uncachedTokens;
    return Math.floor(((at - admittedAt) * prefillTokensPerSecond) / MICROS_PER_SECOND);
  }

  generated(id: number, now: Instant): number {
    const sequence = this.#sequences.get(id);
    const at = this.#ownClock.at(now);
    if (sequence === undefined || at < sequence.prefilledAt) return 0;
    const elapsed = (at - sequence.prefilledAt + 0.5) / MICROS_PER_SECOND;
    // One too many at most, or two by rounding: then counted down to the last token whose microsecond has come.
    let tokens = Math.floor(elapsed * this.#options.tokensPerSecond) + 1;
    tokens = Math.min(sequence.outputTokens, tokens);
    while (tokens > 0 && this.#tokenAt(sequence, tokens) > at) tokens--;
    return tokens;
  }

  visitGenerated(now: Instant, visit: (id: number, generated: number) => void): void {
    for (const id of this.#sequences.keys()) visit(id, this.generated(id, now));
  }

  wake(now: Instant): boolean {
    this.#alarm = NO_EVENT;
    this.#alarmAt = NEVER;
    const before = this.slotsBusy;
    const at = this.#ownClock.at(now);
    while (this.#pending.nextAt <= at) {
      this.#pending.pop();
      const id = this.#pending.subject;
      const sequence = this.#sequences.get(id)!;
      if (this.#pending.kind === FIRST_TOKEN) {
        this.#listener.firstToken(id, now);
        const last = this.#tokenAt(sequence, sequence.outputTokens);
        sequence.event = this.#pending.schedule(last, Phase.completion, LAST_TOKEN, id);
      } else {
        this.#sequences.delete(id);
        this.#listener.completed(id, now);
      }
    }
    this.#setAlarm(now);
    return this.slotsBusy < before;
  }

  /** In own time. */
  #tokenAt(sequence: Sequence, tokens: number): Instant {
    return (sequence.prefilledAt + micros(tokens / this.#options.tokensPerSecond)) as Instant;
  }

  #setAlarm(now: Instant): void {
    const { events, kind, subject } = this.#clock;
    const next = this.#ownClock.when(this.#pending.nextAt, now);
    if (next === this.#alarmAt) return;
    if (this.#alarm !== NO_EVENT) events.cancel(this.#alarm);
    if (next === NEVER) this.#alarm = NO_EVENT;
    else this.#alarm = events.scheduleInPlace(next, Phase.completion, subject, kind, subject);
    this.#alarmAt = next;
  }
}

function micros(seconds: number): Duration {
  return Math.round(seconds * MICROS_PER_SECOND) as Duration;
}
