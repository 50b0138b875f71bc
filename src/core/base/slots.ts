// The slots of a table that are not in use: the last given back is given out first, so that few are touched. The table
// keeps what stands in them, and grows with them.
import { grown } from "./grown.js";

const FIRST_CAPACITY = 1024;
/** Below it a table grows fourfold: what is copied on the way costs more than what is never used. */
const SMALL_TABLE = 65_536;

export class Slots {
  #capacity = 0;
  #free = new Int32Array(0);
  #freeCount = 0;

  /** Slots that there are, from 0 up. */
  get capacity(): number {
    return this.#capacity;
  }

  get inUse(): number {
    return this.#capacity - this.#freeCount;
  }

  /** Whether there is none to `take`: then `grow` comes first. */
  get areAllInUse(): boolean {
    return this.#freeCount === 0;
  }

  take(): number {
    return this.#free[--this.#freeCount]!;
  }

  giveBack(slot: number): void {
    this.#free[this.#freeCount++] = slot;
  }

  /** Twice as many or more: returns how many there are then. */
  grow(): number {
    const before = this.#capacity;
    this.#capacity = Math.max(FIRST_CAPACITY, before < SMALL_TABLE ? 4 * before : 2 * before);
    this.#free = grown(this.#free, this.#capacity);
    for (let slot = this.#capacity - 1; slot >= before; slot--) this.giveBack(slot);
    return this.#capacity;
  }
}
