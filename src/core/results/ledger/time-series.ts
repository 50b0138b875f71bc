// Sums over time, in bins, for the charts: constant memory whatever the run's length, because full bins are
// summed in pairs and the interval doubles. Knows columns by number, not by name.
import { assert } from "../../base/assert.js";
import { type Duration, duration, type Instant } from "../../base/units.js";

const DEFAULT_MAXIMUM_BINS = 4096;
/** Bins that are laid out at first: most runs are short, and to lay out all of them takes longer than these do. */
const FIRST_BINS = 128;

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
  #sums: Float64Array;
  /** Bins laid out for each column; even, since the first ones and the most are. */
  #room: number;
  #interval: number;
  #bins = 0;

  constructor({ columns, interval, maximumBins = DEFAULT_MAXIMUM_BINS }: TimeSeriesOptions) {
    assert(Number.isInteger(columns) && columns > 0, "a time series has columns");
    assert(interval > 0, "a time series has an interval above 0");
    assert(maximumBins > 0 && maximumBins % 2 === 0, "a time series has an even number of bins");
    this.columns = columns;
    this.#maximumBins = maximumBins;
    this.#interval = duration(interval);
    this.#room = Math.min(FIRST_BINS, maximumBins);
    this.#sums = new Float64Array(columns * this.#room);
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
    if (bin >= this.#bins) {
      this.#bins = bin + 1;
      if (bin >= this.#room) this.#makeRoom();
    }
    this.#sums[column * this.#room + bin]! += amount;
  }

  /** The sum of what was added to the column from `bin * interval` to just before `(bin + 1) * interval`. */
  value(column: number, bin: number): number {
    assert(column >= 0 && column < this.columns, "a time series knows its columns");
    assert(bin >= 0 && bin < this.#bins, "a time series knows its bins");
    return this.#sums[column * this.#room + bin]!;
  }

  #makeRoom(): void {
    const [old, before] = [this.#sums, this.#room];
    while (this.#room < this.#bins) this.#room = Math.min(2 * this.#room, this.#maximumBins);
    this.#sums = new Float64Array(this.columns * this.#room);
    for (let column = 0; column < this.columns; column++) {
      this.#sums.set(old.subarray(column * before, (column + 1) * before), column * this.#room);
    }
  }

  #fold(): void {
    const half = this.#room / 2;
    for (let column = 0; column < this.columns; column++) {
      const first = column * this.#room;
      for (let bin = 0; bin < half; bin++) {
        this.#sums[first + bin] = this.#sums[first + 2 * bin]! + this.#sums[first + 2 * bin + 1]!;
      }
      this.#sums.fill(0, first + half, first + this.#room);
    }
    this.#interval *= 2;
    this.#bins = Math.ceil(this.#bins / 2);
  }
}
