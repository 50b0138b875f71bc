// Ray Serve's replica autoscaler: ongoing requests over the target of one say how many are wanted, and it acts once
// it has wanted more, or fewer, at so many ticks in a row; one tick of another mind starts the count again. Source:
// ray-project/ray, python/ray/serve/autoscaling_policy.py @00590c4 and config.py @00239d4 (read, 2026-11), ticks and
// target from serve/_private/constants.py (excerpt): tick 0.1 s, up after 30 s, down after 600 s, look-back 30 s,
// target 2. From zero the first request acts at once; to zero only from one. Its handles record metrics twice a
// second (memory) and send them every 10 s, or at once while there is no replica: here every sample is shown, delayed
// by `metricsDelay`. There a handle queues what finds no replica; here it may be shed at once, so that whatever arrives
// while there is none counts as one (ours). Bounds of 1 and what its nodes hold are ours; there they are 1 and 1.
import type { Duration } from "../../../../base/units.js";
import { duration, real } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler } from "./autoscaler.js";
import { IdleTime } from "./idle-time.js";
import { knobOrigins, knobs } from "./knobs.js";
import { concurrency } from "./metrics.js";
import { checkToZero } from "./to-zero.js";
import type { ScalingSample, ScalingView } from "./view.js";

interface RayServeOptions {
  readonly min: number;
  readonly max?: number | undefined;
  readonly interval: Duration;
  readonly target: number;
  readonly lookBack: Duration;
  readonly upDelay: Duration;
  readonly downDelay: Duration;
  readonly zeroDelay?: Duration | undefined;
  readonly upFactor: number;
  readonly downFactor: number;
}

class RayServe implements Autoscaler {
  readonly looksBack: number;
  readonly #options: RayServeOptions;
  /** Ticks in a row at which it wanted more, or below zero, fewer. */
  #ticks = 0;
  /** The mean of the look-back changes with the samples, not with the ticks. */
  #averaged: ScalingSample | undefined;
  #mean = 0;
  readonly #idle = new IdleTime();

  constructor(options: RayServeOptions) {
    this.#options = options;
    this.looksBack = options.lookBack;
  }

  recommend(view: ScalingView): number {
    const requests = this.#ongoing(view);
    const { ready } = view.latest;
    this.#idle.look(view);
    if (ready === 0)
      return requests > 0 || this.#idle.isActive
        ? Math.max(Math.ceil(this.#options.upFactor), view.wanted)
        : view.wanted;
    return this.#delayed(this.#bounded(this.#scaled(requests / this.#options.target, ready)), view.wanted);
  }

  #ongoing(view: ScalingView): number {
    if (this.#averaged !== view.latest) this.#mean = view.mean(concurrency, this.looksBack);
    this.#averaged = view.latest;
    return this.#mean;
  }

  /** Some of the way to what is wanted, and one down at least where rounding up would keep it from any. */
  #scaled(wanted: number, ready: number): number {
    const factor = wanted > ready ? this.#options.upFactor : this.#options.downFactor;
    const scaled = Math.ceil(ready + factor * (wanted - ready));
    return Math.ceil(wanted) < ready && scaled === ready ? scaled - 1 : scaled;
  }

  #bounded(replicas: number): number {
    const { min, max = Number.POSITIVE_INFINITY } = this.#options;
    return Math.max(min, Math.min(max, replicas));
  }

  #delayed(desired: number, current: number): number {
    const { upDelay, downDelay, zeroDelay } = this.#options;
    if (desired > current) return this.#after(1, upDelay) ? desired : current;
    if (desired === current) {
      this.#ticks = 0;
      return current;
    }
    if (current === 1) return this.#after(-1, zeroDelay ?? downDelay) ? desired : current;
    return this.#after(-1, downDelay) ? Math.max(1, desired) : current;
  }

  /** Counts a tick to one side, and says whether there were now more in a row than the delay has. */
  #after(side: 1 | -1, delay: Duration): boolean {
    this.#ticks = this.#ticks * side > 0 ? this.#ticks + side : side;
    const isOver = this.#ticks * side > Math.floor(delay / this.#options.interval);
    if (isOver) this.#ticks = 0;
    return isOver;
  }
}

const factor = real({ above: 0, to: 100 });

const KNOBS = knobs({ interval: "100ms", metricsEvery: "500ms" });

export const rayServe = defineAutoscaler({
  name: "ray-serve",
  summary:
    "Ray Serve: ongoing requests over a target, once it has wanted more for 30 s, or fewer for 600 s, without a break.",
  sources: [
    { text: "ray-project/ray serve/autoscaling_policy.py @00590c4", date: "2026-11" },
    { text: "ray-project/ray serve/config.py @00239d4", date: "2026-11" },
    { text: "ray-project/ray serve/_private/constants.py", date: "2026-11" },
  ],
  defaults: {
    ...knobOrigins("excerpted", ["interval"]),
    metricsEvery: "memory",
    target: "excerpted",
    lookBack: "read",
    upDelay: "read",
    downDelay: "read",
    zeroDelay: "read",
    upFactor: "read",
    downFactor: "read",
  },
  options: {
    ...KNOBS,
    target: real({ above: 0, to: 1e6 })
      .prefault(2)
      .describe("Requests of one replica, running and waiting: `target_ongoing_requests`."),
    lookBack: duration({ above: 0 }).prefault("30s").describe("Over which they are averaged."),
    upDelay: duration().prefault("30s").describe("More once it has wanted that for longer, at every tick."),
    downDelay: duration()
      .prefault("10m")
      .describe("Fewer once it has wanted that for longer, at every tick."),
    zeroDelay: duration().exactOptional().describe("The same from one to zero; left out: as `downDelay`."),
    upFactor: factor.prefault(1).describe("Share of the way up that it goes at once."),
    downFactor: factor.prefault(1).describe("Share of the way down."),
  },
  check: (part, at, _around, report) =>
    checkToZero(part, at, { keys: ["zeroDelay"], min: KNOBS.min }, report),
  create: (options) => new RayServe(options),
});
