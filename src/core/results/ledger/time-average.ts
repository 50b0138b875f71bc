// The average of a quantity that jumps (queue length, busy slots), weighted by how long each value held.
// Knows instants and numbers only.
import { assert } from "../../base/assert.js";
import type { Instant } from "../../base/units.js";

/** Time must not run back between calls (LAW-2). */
export class TimeAverage {
  #start: Instant;
  #changed: Instant;
  #value: number;
  /** Integral of the value from the start to the last change, in value times microseconds. */
  #area = 0;

  constructor(start: Instant, value = 0) {
    this.#start = start;
    this.#changed = start;
    this.#value = value;
  }

  /** The quantity has this value from now on. */
  set(value: number, now: Instant): void {
    // Told the same again, it must not split a sum: the last bit would depend on how often it was told.
    if (value === this.#value) return;
    this.#area = this.#areaUntil(now);
    this.#changed = now;
    this.#value = value;
  }

  /** The average from the start of the measured window. At its very start this is the value itself. */
  average(until: Instant): number {
    const area = this.#areaUntil(until);
    // Where nothing has changed, no rounding may either.
    return this.#changed === this.#start ? this.#value : area / (until - this.#start);
  }

  /** Starts the measured window now; the value stays as it is. */
  reset(now: Instant): void {
    assert(now >= this.#changed, "LAW-2: a time average never runs back");
    this.#start = now;
    this.#changed = now;
    this.#area = 0;
  }

  #areaUntil(until: Instant): number {
    assert(until >= this.#changed, "LAW-2: a time average never runs back");
    return this.#area + this.#value * (until - this.#changed);
  }
}
