// Counts in bins, in bounded memory: over time, with bins that widen as time goes on, and by size, in powers of two.
import { type Duration, type Instant, seconds, toSeconds } from "../../base/units.js";

/** Counts over time in at most `most` bins; neighbours are put together where there would be more. */
export class TimeBins {
  readonly #most: number;
  #width: number;
  #counts: number[] = [];

  constructor(most = 512, width: Duration = seconds(1)) {
    this.#most = most;
    this.#width = width;
  }

  add(at: Instant): void {
    while (at / this.#width >= this.#most) this.#widen();
    const bin = Math.floor(at / this.#width);
    while (this.#counts.length <= bin) this.#counts.push(0);
    this.#counts[bin]!++;
  }

  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Seconds. */
  get width(): number {
    return toSeconds(this.#width as Duration);
  }

  #widen(): void {
    const wider: number[] = [];
    for (let bin = 0; bin < this.#counts.length; bin += 2) {
      wider.push(this.#counts[bin]! + (this.#counts[bin + 1] ?? 0));
    }
    this.#counts = wider;
    this.#width *= 2;
  }
}

/** A bar of a histogram: how many values are from `from` up to, but not at, `to`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Counts of values by size: below `least`, and then in factors of two. */
export class SizeBins {
  readonly #least: number;
  readonly #counts: number[] = [];

  constructor(least: number) {
    this.#least = least;
  }

  add(value: number): void {
    let bin = 0;
    for (let bound = this.#least; value >= bound; bound *= 2) bin++;
    while (this.#counts.length <= bin) this.#counts.push(0);
    this.#counts[bin]!++;
  }

  /** From the first bin with something in it to the last. */
  get bars(): readonly Bar[] {
    const first = this.#counts.findIndex((count) => count > 0);
    return this.#counts.slice(first).map((count, index) => {
      const bin = first + index;
      const to = this.#least * 2 ** bin;
      return { from: bin === 0 ? 0 : to / 2, to, count };
    });
  }
}
