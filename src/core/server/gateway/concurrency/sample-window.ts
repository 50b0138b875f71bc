// Samples of one window of time, averaged: what a limit learns from that goes by how long attempts took lately. A
// window lasts for its time and until it has enough samples; the one that ends it belongs to it. Source: WindowedLimit
// and AverageSampleWindowFactory of Netflix's concurrency-limits, read, with their windows of 1 s, their ten samples
// and their floor of 100 us. There a window with fewer samples is thrown away. That it goes on here is ours: where
// calls take ten seconds, of the twenty that such limits begin with two end in a second, and they would never learn
// anything. The length of a window may there follow the samples; by default it does not, and here it cannot.
import { after, type Duration, type Instant, START } from "../../../base/units.js";

/** In microseconds; what is shorter is no sample. */
const LEAST_SAMPLE = 100;

export interface WindowOptions {
  readonly window: Duration;
  /** A window has so many at least. */
  readonly samples: number;
}

/** Times are in microseconds. What the last window was stands in `average`, `mostInside` and `hasDrop`. */
export class SampleWindow {
  /** Of the window that `add` has just ended. */
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

  /** Takes a sample with how many were inside; says whether it ended the window. */
  add(sample: number, inside: number, isDrop: boolean, now: Instant): boolean {
    if (sample < LEAST_SAMPLE) return false;
    this.#sum += sample;
    this.#count++;
    this.#most = Math.max(this.#most, inside);
    this.#dropped ||= isDrop;
    if (now <= this.#endsAt || this.#count < this.#options.samples) return false;
    this.#endsAt = after(now, this.#options.window);
    this.average = this.#sum / this.#count;
    this.mostInside = this.#most;
    this.hasDrop = this.#dropped;
    this.#sum = 0;
    this.#count = 0;
    this.#most = 0;
    this.#dropped = false;
    return true;
  }
}
