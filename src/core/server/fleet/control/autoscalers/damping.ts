// What holds an autoscaler back: tolerance, windows, rate limits and bounds, applied to what it recommends. The order
// is that of the Kubernetes HPA: tolerance, rounding up, windows, rate limits, bounds. Source: kubernetes/website,
// horizontal-pod-autoscale.md @10ae760 (read): within the window up the lowest recommendation counts, within the one
// down the highest; a rate limit counts from the replicas that there were when its period began. What there is when
// it decides first counts as recommended until then, as there (memory of horizontal.go). Two steps are held by none
// of it, as in every product that has them: to zero, for which an algorithm has a wait of its own, and from zero to
// the first replica, without which nothing is served.
import { type Duration, type Instant, NO_TIME } from "../../../../base/units.js";
import { type Knobs, type RateLimit, withinBounds } from "./knobs.js";
import { SlidingMost, SlidingSum } from "./sliding-window.js";

type DampingKnobs = Pick<
  Knobs,
  "min" | "max" | "tolerance" | "upWindow" | "downWindow" | "upRate" | "downRate"
>;

/** What is lost in dividing and multiplying: no replica more for it. */
const ROUNDING = 1e-9;

const periodOf = (limit: RateLimit): Duration => (limit === "unlimited" ? NO_TIME : limit.per);

export class Damping {
  readonly #knobs: DampingKnobs;
  readonly #bounds: Pick<Knobs, "min" | "max">;
  /** Of recommendations below zero, so that it is the lowest that counts up, and of recommendations down. */
  readonly #up: SlidingMost;
  readonly #down: SlidingMost;
  /** How many were added, less those taken, within the period of each limit. */
  readonly #upChange: SlidingSum;
  readonly #downChange: SlidingSum;
  #isNew = true;

  /** `available`: the most replicas that there can ever be. */
  constructor(knobs: DampingKnobs, available: number) {
    this.#knobs = knobs;
    const { min, max = available, upWindow, downWindow, upRate, downRate } = knobs;
    this.#bounds = { min, max: Math.min(max, available) };
    this.#up = new SlidingMost(upWindow);
    this.#down = new SlidingMost(downWindow);
    this.#upChange = new SlidingSum(periodOf(upRate));
    this.#downChange = new SlidingSum(periodOf(downRate));
  }

  /** Whether a decision depends on earlier ones, so that it may have to be taken again. */
  get countsTime(): boolean {
    const { upWindow, downWindow, upRate, downRate } = this.#knobs;
    const isLimited = upRate !== "unlimited" || downRate !== "unlimited";
    return upWindow > 0 || downWindow > 0 || isLimited;
  }

  /** How many replicas there are to be, where so many are wanted so far; without an opinion as many, within bounds. */
  decide(recommended: number | undefined, current: number, now: Instant): number {
    const own = recommended === undefined ? current : this.#damped(recommended, current, now);
    const next = withinBounds(this.#bounds, own);
    this.#upChange.add(next - current, now);
    this.#downChange.add(next - current, now);
    return next;
  }

  #damped(recommended: number, current: number, now: Instant): number {
    const wanted = this.#stable(this.#rounded(recommended, current), current, now);
    return this.#limited(wanted, recommended, current, now);
  }

  #rounded(recommended: number, current: number): number {
    if (current > 0 && Math.abs(recommended / current - 1) <= this.#knobs.tolerance + ROUNDING)
      return current;
    return Math.ceil(recommended * (1 - ROUNDING));
  }

  #stable(replicas: number, current: number, now: Instant): number {
    if (this.#isNew) {
      this.#up.add(-current, now);
      this.#down.add(current, now);
      this.#isNew = false;
    }
    const up = -this.#up.add(-replicas, now);
    const down = this.#down.add(replicas, now);
    if (up > current) return up;
    return Math.min(current, down);
  }

  #limited(wanted: number, recommended: number, current: number, now: Instant): number {
    if (recommended === 0 && this.#knobs.min === 0) return 0;
    if (current === 0) return Math.max(1, Math.min(wanted, this.#mayAdd(current, now)));
    if (wanted > current) return Math.min(wanted, current + this.#mayAdd(current, now));
    return Math.max(wanted, current - this.#mayTake(current, now));
  }

  #mayAdd(current: number, now: Instant): number {
    const change = this.#upChange.at(now);
    return Math.max(0, allowed(this.#knobs.upRate, current - change) - change);
  }

  #mayTake(current: number, now: Instant): number {
    const change = this.#downChange.at(now);
    return Math.max(0, allowed(this.#knobs.downRate, current - change) + change);
  }
}

/** How many may be added, or taken, in a period that began with so many. */
function allowed(limit: RateLimit, before: number): number {
  if (limit === "unlimited") return Number.POSITIVE_INFINITY;
  return Math.max(limit.replicas, Math.ceil(before * limit.times * (1 - ROUNDING)));
}
