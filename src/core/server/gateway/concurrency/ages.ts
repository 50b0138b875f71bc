// When those inside had something happen to them, counted in bins of time: how many of them had it before an instant
// costs a few additions, however many there are. The bins become wider, two of them one, when they are asked to reach
// further back; what is older than all of them is counted together. Inside a bin the times are taken to be even.
import type { Instant } from "../../../base/units.js";

/** A power of two. */
const BINS = 64;
/** Microseconds of a bin at first. */
const NARROWEST = 1024;

export class Ages {
  readonly #bins: Float64Array = new Float64Array(BINS);
  #width = NARROWEST;
  /** Number of the newest bin, counted from time 0; it stands in the place that is its number modulo BINS. */
  #newest = 0;
  /** Times before this one are in no bin. */
  #from = 0;
  #older = 0;

  /** It happens to one at `now`, which never runs back. */
  add(now: Instant): void {
    this.#advance(now);
    this.#bins[this.#placeOf(now)]!++;
  }

  /** One to which it happened at `at` is gone. */
  remove(at: Instant): void {
    if (at < this.#from) this.#older--;
    else this.#bins[this.#placeOf(at)]!--;
  }

  /** Makes the bins reach so many microseconds back from now on. */
  reach(time: number): void {
    while (BINS * this.#width < time) this.#widen();
  }

  /** How many it happened to before an instant. Those that are in no bin count among them. */
  before(time: number): number {
    const oldest = this.#oldest;
    const last = Math.min(this.#newest, Math.floor(time / this.#width));
    let count = this.#older;
    for (let bin = oldest; bin < last; bin++) count += this.#bins[bin % BINS]!;
    if (last < oldest) return count;
    return count + this.#bins[last % BINS]! * Math.min(1, time / this.#width - last);
  }

  get #oldest(): number {
    return Math.max(0, this.#newest - BINS + 1, Math.floor(this.#from / this.#width));
  }

  #placeOf(at: Instant): number {
    return Math.floor(at / this.#width) % BINS;
  }

  #advance(now: Instant): void {
    const bin = Math.floor(now / this.#width);
    if (bin === this.#newest) return;
    const first = Math.max(this.#newest + 1, bin - BINS + 1);
    for (let next = first; next <= bin; next++) {
      this.#older += this.#bins[next % BINS]!;
      this.#bins[next % BINS] = 0;
    }
    this.#newest = bin;
    this.#from = Math.max(this.#from, (bin - BINS + 1) * this.#width);
  }

  #widen(): void {
    const bins = this.#bins;
    const oldest = this.#oldest;
    const newest = this.#newest;
    // It happens some thirty times in the life of a pool.
    const counts = bins.slice();
    bins.fill(0);
    for (let bin = oldest; bin <= newest; bin++) bins[Math.floor(bin / 2) % BINS]! += counts[bin % BINS]!;
    this.#width *= 2;
    this.#newest = Math.floor(newest / 2);
  }
}
