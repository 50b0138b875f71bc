// Replicas without an inside, for the tests of this folder: full or empty as a test says.
import type { Replica } from "../../../src/core/replica/replica.js";

export interface Occupancy {
  readonly slots: number;
  readonly busy?: number;
  readonly kvTokens?: number;
  readonly kvUsed?: number;
}

/** Counts who it admits and never lets anyone go by itself. */
export class ReplicaOfCounts implements Replica {
  readonly slots: number;
  readonly kvTokens: number;
  slotsBusy: number;
  kvUsed: number;

  constructor({ slots, busy = 0, kvTokens = 1000, kvUsed = 0 }: Occupancy) {
    this.slots = slots;
    this.slotsBusy = busy;
    this.kvTokens = kvTokens;
    this.kvUsed = kvUsed;
  }

  fits(kvTokens: number): boolean {
    return this.slotsBusy < this.slots && this.kvUsed + kvTokens <= this.kvTokens;
  }

  admit(): void {
    this.slotsBusy++;
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
