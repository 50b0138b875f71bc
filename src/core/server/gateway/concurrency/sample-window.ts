// Samples of one window of time, averaged: what a limit learns from that goes by how long attempts took lately. The
// sample that ends a window belongs to it; a window with too few is thrown away. Source: WindowedLimit and
// AverageSampleWindowFactory of Netflix's concurrency-limits, read, with their windows of 1 s, their ten samples and their
// floor of 100 us. There the length of a window may follow the samples; by default it does not, and so it is fixed here.
import { after, type Duration, type Instant, START } from "../../../base/units.js";

/** In microseconds; what is shorter is no sample. */
const LEAST_SAMPLE = 100;

export interface WindowOptions {
  readonly window: Duration;
  /** As many samples make a window count. */
  readonly samples: number;
}

/** Times are in microseconds. What the last full window was stands in `average`, `mostInside` and `hasDrop`. */
export class SampleWindow {
  /** Of the window that `add` has just closed. */
  average = 0;
  mostInside = 0;
  hasDrop = false;
  readonly #options: WindowOptions;
  #endsAt: Instant = START;
  #sum = 0;
  #count = 0;
  #most = 0;
  #dropped = false;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** Takes a sample with how many were inside; says whether it closed a window that counts. */
  add(sample: number, inside: number, isDrop: boolean, now: Instant): boolean {
    if (sample < LEAST_SAMPLE) return false;
    this.#sum += sample;
    this.#count++;
    this.#most = Math.max(this.#most, inside);
    this.#dropped ||= isDrop;
    if (now <= this.#endsAt) return false;
    const counts = this.#count >= this.#options.samples;
    this.#endsAt = after(now, this.#options.window);
    this.average = this.#sum / this.#count;
    this.mostInside = this.#most;
    this.hasDrop = this.#dropped;
    this.#sum = 0;
    this.#count = 0;
    this.#most = 0;
    this.#dropped = false;
    return counts;
  }
}
