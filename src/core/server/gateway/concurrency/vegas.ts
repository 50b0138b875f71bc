// TCP Vegas for requests: from how much longer a sample is than without load it reckons how many of those inside are in
// a queue there, and grows while they are few and shrinks when they are many. Source: VegasLimit of Netflix's
// concurrency-limits, read, rule and defaults: of L inside, ceil(L (1 - unloaded / sample)) queue, unloaded being the
// least sample so far. Up to log10 L of them it grows by 6 log10 L, below 3 log10 L by log10 L; above 6 log10 L, or
// after a drop, it shrinks by log10 L; log10 is rounded down and at least 1. Now and then, after a jittered number of
// windows, the sample at hand becomes the unloaded one, however long it is: a limit that keeps a pool busy for good
// creeps up.
import { count, share } from "../../../document/units.js";
import { boundsOptions, checkBounds } from "./bounds.js";
import { defineLimit } from "./limit.js";
import { SampledLimit, type SampledOptions, sampleOptions } from "./sampled-limit.js";

interface VegasOptions extends SampledOptions {
  /** Share of the way to the new limit that it takes. */
  readonly smoothing: number;
  /** Windows times the limit, at most, until the unloaded sample is taken anew. */
  readonly probe: number;
}

/** The digits of a whole number but one, and at least 1: log10 as the source rounds it, exact on every machine. */
function log10(limit: number): number {
  let digits = 0;
  for (let rest = limit; rest >= 10; rest /= 10) digits++;
  return Math.max(1, digits);
}

export class VegasLimit extends SampledLimit {
  protected unloaded: number = Number.POSITIVE_INFINITY;
  readonly #options: VegasOptions;
  readonly #chance: () => number;
  #windows = 0;
  #jitter: number;

  constructor(options: VegasOptions, chance: () => number) {
    super(options);
    this.#options = options;
    this.#chance = chance;
    this.#jitter = this.#drawJitter();
  }

  protected override update(sample: number, inside: number, hasDrop: boolean): void {
    this.#windows++;
    if (this.#jitter * this.#options.probe * this.estimate <= this.#windows) {
      this.#jitter = this.#drawJitter();
      this.#windows = 0;
      this.unloaded = sample;
    } else if (sample < this.unloaded) {
      this.unloaded = sample;
    } else {
      this.#move(this.#step(sample, inside, hasDrop));
    }
  }

  #step(sample: number, inside: number, hasDrop: boolean): number {
    const { estimate } = this;
    const step = log10(Math.floor(estimate));
    if (hasDrop) return -step;
    // One that is not used says nothing about more.
    if (2 * inside < estimate) return 0;
    const queued = Math.ceil(estimate * (1 - this.unloaded / sample));
    if (queued <= step) return 6 * step;
    if (queued < 3 * step) return step;
    return queued > 6 * step ? -step : 0;
  }

  #move(step: number): void {
    const { least, most, smoothing } = this.#options;
    const next = Math.max(least, Math.min(most, this.estimate + step));
    this.estimate = (1 - smoothing) * this.estimate + smoothing * next;
  }

  #drawJitter(): number {
    return 0.5 + 0.5 * this.#chance();
  }
}

export const vegas = defineLimit({
  name: "vegas",
  summary: "Grows while few of those inside queue there, by their samples, and shrinks when many do.",
  options: {
    ...boundsOptions(20, 1, 1000),
    ...sampleOptions,
    smoothing: share({ above: 0 }).prefault("100%").describe("Share of each step that it takes."),
    probe: count(1, 1_000_000)
      .prefault(30)
      .describe("After half to all of so many windows times the limit the unloaded sample is taken anew."),
  },
  sources: [
    { text: "Netflix/concurrency-limits @78a74b9, VegasLimit.java and WindowedLimit.java", date: "2026-11" },
  ],
  defaults: {
    initial: "read",
    least: "read",
    most: "read",
    sample: "ours",
    window: "read",
    samples: "read",
    smoothing: "read",
    probe: "read",
  },
  refine: checkBounds,
  create: (options, { chance }) => new VegasLimit(options, chance),
});
