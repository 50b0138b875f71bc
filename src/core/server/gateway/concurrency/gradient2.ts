// Follows the ratio of what samples were over a long time to what they are now: while they are no longer than usual it
// grows by a fixed allowance for a queue, and as they become longer it shrinks in proportion, by half at most. Source:
// Gradient2Limit of Netflix's concurrency-limits, read, rule and defaults: new = L max(0.5, min(1, tolerance x long /
// sample)) + queue, of which a fifth is taken at a time; long is an exponential average of 600 windows after the mean
// of the first ten, less 5 % each time that it is more than twice the sample. What lasts becomes usual: a pool that is
// overloaded for longer than some hundred windows is taken to be as slow as it is.
import { amount, count, real, share } from "../../../document/units.js";
import { boundsOptions, checkBounds } from "./bounds.js";
import { defineLimit } from "./limit.js";
import { SampledLimit, type SampledOptions, sampleOptions } from "./sampled-limit.js";

interface Gradient2Options extends SampledOptions {
  readonly smoothing: number;
  readonly longWindow: number;
  readonly tolerance: number;
  /** Attempts that it lets queue. */
  readonly queue: number;
}

/** Samples whose plain mean the long average begins with. */
const WARM_UP = 10;

export class Gradient2Limit extends SampledLimit {
  readonly #options: Gradient2Options;
  #long = 0;
  #seen = 0;

  constructor(options: Gradient2Options) {
    super(options);
    this.#options = options;
  }

  protected override get unloaded(): number {
    return this.#seen === 0 ? Number.POSITIVE_INFINITY : this.#long;
  }

  protected override update(sample: number, inside: number): void {
    const { smoothing, tolerance, queue, least, most } = this.#options;
    const long = this.#average(sample);
    if (long > 2 * sample) this.#long *= 0.95;
    const { estimate } = this;
    // One that is not used says nothing about more.
    if (inside < estimate / 2) return;
    const gradient = Math.max(0.5, Math.min(1, (tolerance * long) / sample));
    const next = (1 - smoothing) * estimate + smoothing * (estimate * gradient + queue);
    this.estimate = Math.max(least, Math.min(most, next));
  }

  #average(sample: number): number {
    const factor = this.#seen < WARM_UP ? 1 / (this.#seen + 1) : 2 / (this.#options.longWindow + 1);
    if (this.#seen < WARM_UP) this.#seen++;
    this.#long += factor * (sample - this.#long);
    return this.#long;
  }
}

export const gradient2 = defineLimit({
  name: "gradient2",
  summary: "Grows while samples are as long as they usually are, and shrinks as they become longer.",
  options: {
    ...boundsOptions(20, 20, 200),
    ...sampleOptions,
    smoothing: share({ above: 0 }).prefault("20%").describe("Share of the way to the new limit per window."),
    longWindow: count(1, 1_000_000).prefault(600).describe("Windows that what is usual is averaged over."),
    tolerance: real({ from: 1, to: 100 })
      .prefault(1.5)
      .describe("Samples may be so many times as long as usual."),
    queue: amount({ from: 0, to: 10_000 })
      .prefault(4)
      .describe("It lets so many queue: it grows by as many."),
  },
  sources: [
    {
      text: "Netflix/concurrency-limits @78a74b9, Gradient2Limit.java, ExpAvgMeasurement.java, WindowedLimit.java",
      date: "2026-11",
    },
  ],
  defaults: {
    initial: "read",
    least: "read",
    most: "read",
    sample: "ours",
    window: "read",
    samples: "read",
    smoothing: "read",
    longWindow: "read",
    tolerance: "read",
    queue: "read",
  },
  refine: checkBounds,
  create: (options) => new Gradient2Limit(options),
});
