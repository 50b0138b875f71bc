// Replicas without an inside, for the tests of this folder: full or empty as a test says.
import type { ReplicaMaker } from "../../../../src/core/server/replica/engine.js";
import type {
  HaltedSequence,
  Replica,
  ReplicaWork,
  SequenceWork,
} from "../../../../src/core/server/replica/replica.js";

export interface Contents {
  readonly slots: number;
  readonly busy?: number;
  /** Of the free slots, how many could be taken at once. */
  readonly openings?: number;
  readonly kvTokens?: number;
  readonly kvUsed?: number;
}

/** What makes them, one after the other. */
export function makerOf(create: () => ReplicaOfCounts): ReplicaMaker {
  const work = { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 };
  return { profile: undefined, slots: 1, kvTokens: 1000, keepsContexts: false, work, create };
}

/** Counts the sequences that it admits and ends none by itself. A sequence takes the memory of its prompt. */
export class ReplicaOfCounts implements Replica {
  readonly slots: number;
  readonly rankLimit = Number.POSITIVE_INFINITY;
  readonly kvTokens: number;
  readonly work: ReplicaWork = { steps: 0, epochs: 0, preemptions: 0, lostTokens: 0 };
  slotsBusy: number;
  /** How often it was asked whether a sequence fits. */
  asked = 0;
  #kvUsed: number;
  #kvPeak: number;
  #openings: number;
  /** As it was told. */
  speed = 1;
  readonly #inside = new Map<number, number>();

  constructor({ slots, busy = 0, openings = slots, kvTokens = 1000, kvUsed = 0 }: Contents) {
    this.slots = slots;
    this.slotsBusy = busy;
    this.kvTokens = kvTokens;
    this.#kvUsed = kvUsed;
    this.#kvPeak = kvUsed;
    this.#openings = openings;
  }

  get openings(): number {
    return Math.min(this.#openings, this.slots - this.slotsBusy);
  }

  openingsWithout(): number {
    return Math.min(this.#openings, this.slots - this.slotsBusy + 1);
  }

  kvUsed(): number {
    return this.#kvUsed;
  }

  kvPeak(): number {
    return this.#kvPeak;
  }

  forgetPeak(): void {
    this.#kvPeak = this.#kvUsed;
  }

  fits({ inputTokens }: SequenceWork): boolean {
    this.asked++;
    return this.openings > 0 && this.#kvUsed + inputTokens <= this.kvTokens;
  }

  prefilled(): number {
    return 0;
  }

  cacheHit(): number {
    return 0;
  }

  admit(sequence: number, { inputTokens }: SequenceWork): number {
    this.slotsBusy++;
    this.#openings--;
    this.#inside.set(sequence, inputTokens);
    this.grow(inputTokens);
    return 0;
  }

  /** Those inside take that many tokens more. */
  grow(tokens: number): void {
    this.#kvUsed += tokens;
    this.#kvPeak = Math.max(this.#kvPeak, this.#kvUsed);
  }

  /** As many more could join. */
  open(openings: number): void {
    this.#openings += openings;
  }

  cancel(sequence: number): number {
    this.slotsBusy--;
    this.#kvUsed -= this.#inside.get(sequence) ?? 0;
    this.#inside.delete(sequence);
    return 0;
  }

  halt(): readonly HaltedSequence[] {
    const halted = [...this.#inside.keys()].map((sequence) => ({ sequence, prefilled: 0, generated: 0 }));
    for (const { sequence } of halted) this.cancel(sequence);
    return halted;
  }

  setSpeed(speed: number): void {
    this.speed = speed;
  }

  generated(): number {
    return 0;
  }

  visitGenerated(): void {
    // Has generated nothing.
  }

  wake(): boolean {
    return false;
  }
}
