// A level over time that was recorded ahead of the one who asks: the maximum of each bin, from the bin that is asked
// about first. What lies behind is forgotten, so that it takes no more memory than one can look ahead.
import { assert } from "../../base/assert.js";
import type { Duration, Instant } from "../../base/units.js";

/** Bins are dropped together, when there are this many that nobody asks about any more. */
const DROPPED_AT_ONCE = 1024;

export class LoadRecord {
  /** Of a bin, in microseconds; bin i covers [i, i+1) times this. */
  readonly width: Duration;
  /** Maxima, from the bin `#first` on; the last is not complete yet. */
  #bins: number[] = [0];
  #first = 0;
  #level = 0;

  constructor(width: Duration) {
    assert(width > 0, "a bin has a width");
    this.width = width;
  }

  /** The level is that from `now` on. Called in the order of time. */
  set(level: number, now: Instant): void {
    this.reach(now);
    this.#level = level;
    const last = this.#bins.length - 1;
    if (level > this.#bins[last]!) this.#bins[last] = level;
  }

  /** The level has not changed up to that instant. */
  reach(now: Instant): void {
    const bin = this.#binOf(now);
    assert(bin >= this.#first + this.#bins.length - 1, "a level is recorded in the order of time");
    while (this.#first + this.#bins.length <= bin) this.#bins.push(this.#level);
  }

  /** From when on the level stays as it is, as far as is recorded. */
  get end(): Instant {
    return ((this.#first + this.#bins.length) * this.width) as Instant;
  }

  /** Nobody will ask about what was before. */
  forget(before: Instant): void {
    const count = Math.min(this.#binOf(before) - this.#first, this.#bins.length - 1);
    if (count < DROPPED_AT_ONCE) return;
    this.#bins = this.#bins.slice(count);
    this.#first += count;
  }

  /** The highest level of all bins that have a part in [from, until); beyond what is recorded it stays as it is. */
  most(from: Instant, until: Instant): number {
    const first = this.#binOf(from);
    assert(first >= this.#first, "what is asked about has not been forgotten");
    const end = Math.ceil(until / this.width);
    const known = this.#first + this.#bins.length;
    let most = end > known ? this.#level : 0;
    for (let bin = first; bin < Math.min(end, known); bin++)
      most = Math.max(most, this.#bins[bin - this.#first]!);
    return most;
  }

  #binOf(at: Instant): number {
    return Math.floor(at / this.width);
  }
}
