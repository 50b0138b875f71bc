// Sums over time, in bins, for the charts: constant memory whatever the run's length, because full bins are
// summed in pairs and the interval doubles. Knows columns by number, not by name.
import { assert } from "../../base/assert.js";
import { type Duration, duration, type Instant } from "../../base/units.js";

const DEFAULT_MAXIMUM_BINS = 4096;

interface TimeSeriesOptions {
  readonly columns: number;
  /** The width of a bin at first. */
  readonly interval: Duration;
  /** Even, because bins are summed in pairs. */
  readonly maximumBins?: number;
}

/** Instants may come in any order. What is added is never lost: folding keeps every column's total. */
export class TimeSeries {
  readonly columns: number;
  readonly #maximumBins: number;
  /** One run of bins per column, so that folding walks memory in order. */
  readonly #sums: Float64Array;
  #interval: number;
  #bins = 0;

  constructor({ columns, interval, maximumBins = DEFAULT_MAXIMUM_BINS }: TimeSeriesOptions) {
    assert(Number.isInteger(columns) && columns > 0, "a time series has columns");
    assert(interval > 0, "a time series has an interval above 0");
    assert(maximumBins > 0 && maximumBins % 2 === 0, "a time series has an even number of bins");
    this.columns = columns;
    this.#maximumBins = maximumBins;
    this.#interval = duration(interval);
    this.#sums = new Float64Array(columns * maximumBins);
  }

  /** Bins in use: up to the latest instant seen. */
  get bins(): number {
    return this.#bins;
  }

  /** The present width of a bin. It only ever doubles. */
  get interval(): Duration {
    return this.#interval as Duration;
  }

  /** Adds the amount to the column's bin of that instant. */
  add(column: number, at: Instant, amount: number): void {
    assert(column >= 0 && column < this.columns, "a time series knows its columns");
    assert(at >= 0 && at < Number.POSITIVE_INFINITY, "what is counted happened at a finite instant");
    while (at >= this.#interval * this.#maximumBins) this.#fold();
    const bin = Math.floor(at / this.#interval);
    if (bin >= this.#bins) this.#bins = bin + 1;
    this.#sums[column * this.#maximumBins + bin]! += amount;
  }

  /** The sum of what was added to the column from `bin * interval` to just before `(bin + 1) * interval`. */
  value(column: number, bin: number): number {
    assert(column >= 0 && column < this.columns, "a time series knows its columns");
    assert(bin >= 0 && bin < this.#bins, "a time series knows its bins");
    return this.#sums[column * this.#maximumBins + bin]!;
  }

  #fold(): void {
    const half = this.#maximumBins / 2;
    for (let column = 0; column < this.columns; column++) {
      const first = column * this.#maximumBins;
      for (let bin = 0; bin < half; bin++) {
        this.#sums[first + bin] = this.#sums[first + 2 * bin]! + this.#sums[first + 2 * bin + 1]!;
      }
      this.#sums.fill(0, first + half, first + this.#maximumBins);
    }
    this.#interval *= 2;
    this.#bins = Math.ceil(this.#bins / 2);
  }
}
