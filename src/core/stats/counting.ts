// How bursty a stream of arrivals is: rate, spread of the gaps, and of the counts in windows of several lengths at
// once, in memory that does not grow. Knows instants, not what arrived.
import { assert } from "../base/assert.js";
import { type Duration, type Instant, START, toSeconds } from "../base/units.js";

/**
 * Windows lie side by side from the start on; an arrival at the very end of one belongs to the next. A window that the
 * end cuts short is not counted. All variances are sample variances, with n - 1 in the denominator: windows are few.
 */
export class CountingStatistics {
  readonly #from: Instant;
  readonly #windows: readonly WindowCounts[];
  #count = 0;
  #firstAt = 0;
  #lastAt = 0;
  #gapSquares = 0;
  #end: number | undefined;

  /** Counts in windows of each of these lengths, from `from` on. */
  constructor(windows: readonly Duration[], from: Instant = START) {
    this.#from = from;
    this.#windows = windows.map((length) => new WindowCounts(from, length));
  }

  /** One arrival. Instants must not go back. */
  arrived(at: Instant): void {
    assert(this.#end === undefined, "nothing arrives after the end");
    assert(at >= (this.#count === 0 ? this.#from : this.#lastAt), "arrivals come in order of time");
    if (this.#count === 0) {
      this.#firstAt = at;
    } else {
      const gap = at - this.#lastAt;
      this.#gapSquares += gap * gap;
    }
    this.#lastAt = at;
    this.#count++;
    for (const window of this.#windows) window.add(at);
  }

  /** To be called once, before anything is read: time has gone on to `end`. */
  close(end: Instant): void {
    assert(this.#end === undefined, "there is one end");
    assert(end >= Math.max(this.#lastAt, this.#from), "the end is not before the last arrival");
    this.#end = end;
    for (const window of this.#windows) window.goTo(end);
  }

  get count(): number {
    return this.#count;
  }

  /** Arrivals per second, from the start to the end. */
  get rate(): number {
    assert(this.#end !== undefined, "statistics are read after the end");
    return this.#count / toSeconds((this.#end - this.#from) as Duration);
  }

  /** Standard deviation over mean of the gaps between arrivals; NaN with fewer than two gaps. */
  get gapCv(): number {
    const gaps = this.#count - 1;
    if (gaps < 2) return Number.NaN;
    const mean = (this.#lastAt - this.#firstAt) / gaps;
    return Math.sqrt(Math.max(0, (this.#gapSquares - gaps * mean * mean) / (gaps - 1))) / mean;
  }

  /** How many whole windows of the i-th length there were. */
  windows(i: number): number {
    return this.#windows[i]!.windows;
  }

  /** Index of dispersion for counts of the i-th window, Var N / E N: 1 for Poisson, and growing with the rate. */
  idc(i: number): number {
    const { mean, variance } = this.#windows[i]!;
    return variance / mean;
  }

  /**
   * Excess variance of the rate seen through the i-th window, (Var N - E N) / (E N)²: 0 for Poisson, and the same at
   * any scale of the rate. NaN with fewer than two windows, or none with an arrival.
   */
  eta(i: number): number {
    const { mean, variance } = this.#windows[i]!;
    return (variance - mean) / (mean * mean);
  }
}

/** Counts in windows of one length: their number, sum and sum of squares. */
class WindowCounts {
  windows = 0;
  readonly #length: number;
  #sum = 0;
  #squares = 0;
  #count = 0;
  #end: number;

  constructor(from: Instant, length: Duration) {
    assert(length > 0, "a window has some length");
    this.#length = length;
    this.#end = from + length;
  }

  add(at: Instant): void {
    if (at >= this.#end) this.goTo(at);
    this.#count++;
  }

  /** Closes the windows that end by then. All but the first of them are empty. */
  goTo(at: Instant): void {
    if (at < this.#end) return;
    const closed = Math.floor((at - this.#end) / this.#length) + 1;
    this.#sum += this.#count;
    this.#squares += this.#count * this.#count;
    this.#count = 0;
    this.windows += closed;
    this.#end += closed * this.#length;
  }

  get mean(): number {
    return this.#sum / this.windows;
  }

  get variance(): number {
    if (this.windows < 2) return Number.NaN;
    const { mean } = this;
    return (this.#squares - this.windows * mean * mean) / (this.windows - 1);
  }
}
