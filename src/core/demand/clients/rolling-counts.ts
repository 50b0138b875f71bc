// Two running counts over the last while, for ratios of one to the other. The window moves on in twelfths: it covers
// between 11/12 and 12/12 of its length. Knows nothing of what is counted.
import type { Duration, Instant } from "../../base/units.js";

const SLOTS = 12;

export class RollingCounts {
  readonly #slotLength: number;
  readonly #first = new Float64Array(SLOTS);
  readonly #second = new Float64Array(SLOTS);
  /** Number of the slot that is being filled, counted from the start of time. */
  #slot = 0;
  #firstTotal = 0;
  #secondTotal = 0;

  constructor(window: Duration) {
    this.#slotLength = window / SLOTS;
  }

  first(now: Instant): number {
    this.#advance(now);
    return this.#firstTotal;
  }

  second(now: Instant): number {
    this.#advance(now);
    return this.#secondTotal;
  }

  countFirst(now: Instant): void {
    this.#advance(now);
    this.#first[this.#slot % SLOTS]!++;
    this.#firstTotal++;
  }

  countSecond(now: Instant): void {
    this.#advance(now);
    this.#second[this.#slot % SLOTS]!++;
    this.#secondTotal++;
  }

  clear(): void {
    this.#first.fill(0);
    this.#second.fill(0);
    this.#firstTotal = 0;
    this.#secondTotal = 0;
  }

  #advance(now: Instant): void {
    const slot = Math.floor(now / this.#slotLength);
    if (slot <= this.#slot) return;
    if (slot - this.#slot >= SLOTS) this.clear();
    else {
      for (let passed = this.#slot + 1; passed <= slot; passed++) {
        this.#firstTotal -= this.#first[passed % SLOTS]!;
        this.#secondTotal -= this.#second[passed % SLOTS]!;
        this.#first[passed % SLOTS] = 0;
        this.#second[passed % SLOTS] = 0;
      }
    }
    this.#slot = slot;
  }
}
