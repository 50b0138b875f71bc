// Replicas without an inside, for the tests of this folder: full or empty as a test says.
import type { Replica } from "../../../src/core/replica/replica.js";

export interface Contents {
  readonly slots: number;
  readonly busy?: number;
  /** Of the free slots, how many could be taken at once. */
  readonly openings?: number;
  readonly kvTokens?: number;
  readonly kvUsed?: number;
  readonly kvClaimed?: number;
}

/** Counts who it admits and never lets anyone go by itself. */
export class ReplicaOfCounts implements Replica {
  readonly slots: number;
  readonly kvTokens: number;
  slotsBusy: number;
  kvUsed: number;
  kvClaimed: number;
  #openings: number;

  constructor({ slots, busy = 0, openings = slots, kvTokens = 1000, kvUsed = 0, kvClaimed = 0 }: Contents) {
    this.slots = slots;
    this.slotsBusy = busy;
    this.kvTokens = kvTokens;
    this.kvUsed = kvUsed;
    this.kvClaimed = kvClaimed;
    this.#openings = openings;
  }

  get openings(): number {
    return Math.min(this.#openings, this.slots - this.slotsBusy);
  }

  fits(kvTokens: number): boolean {
    return this.openings > 0 && this.kvUsed + kvTokens <= this.kvTokens;
  }

  admit(): void {
    this.slotsBusy++;
    this.#openings--;
  }

  /** As many more could join. */
  open(openings: number): void {
    this.#openings += openings;
  }

  cancel(): number {
    this.slotsBusy--;
    return 0;
  }

  generated(): number {
    return 0;
  }

  wake(): void {}
}
