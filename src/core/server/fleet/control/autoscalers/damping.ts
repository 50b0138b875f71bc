// What holds an autoscaler back: tolerance, windows, rate limits and bounds, applied to what it recommends. The order
// is that of the Kubernetes HPA: tolerance, rounding up, windows, rate limits, bounds. Source: kubernetes/website,
// horizontal-pod-autoscale.md @10ae760 (read): within the window up the lowest recommendation counts, within the one
// down the highest; a rate limit counts from the replicas that there were when its period began. What there is when
// it decides first counts as recommended until then, as there (memory of horizontal.go). Two steps are held by none
// of it, as in every product that has them: to zero, for which an algorithm has a wait of its own, and from zero to
// the first replica, without which nothing is served.
import type { Duration, Instant } from "../../../../base/units.js";
import type { Knobs, RateLimit } from "./knobs.js";

type DampingKnobs = Pick<
  Knobs,
  "min" | "max" | "tolerance" | "upWindow" | "downWindow" | "upRate" | "downRate"
>;

interface Recommendation {
  readonly at: Instant;
  readonly replicas: number;
}

/** What is lost in dividing and multiplying: no replica more for it. */
const ROUNDING = 1e-9;

export class Damping {
  readonly #knobs: DampingKnobs;
  readonly #most: number;
  /** Within the longer window; and how many were added or taken, within the longer period. */
  #recommendations: readonly Recommendation[] | undefined;
  #changes: readonly Recommendation[] = [];

  /** `available`: the most replicas that there can ever be. */
  constructor(knobs: DampingKnobs, available: number) {
    this.#knobs = knobs;
    this.#most = Math.max(knobs.min, Math.min(knobs.max ?? available, available));
  }

  /** Whether a decision depends on earlier ones, so that it may have to be taken again. */
  get countsTime(): boolean {
    const { upWindow, downWindow, upRate, downRate } = this.#knobs;
    const isLimited = upRate !== "unlimited" || downRate !== "unlimited";
    return upWindow > 0 || downWindow > 0 || isLimited;
  }

  /** How many replicas there are to be, where so many are wanted so far; without an opinion as many, within bounds. */
  decide(recommended: number | undefined, current: number, now: Instant): number {
    const limited = this.#bounded(
      recommended === undefined ? current : this.#damped(recommended, current, now),
    );
    this.#remember(limited - current, now);
    return limited;
  }

  #damped(recommended: number, current: number, now: Instant): number {
    const wanted = this.#stable(this.#rounded(recommended, current), current, now);
    return this.#limited(wanted, recommended, current, now);
  }

  #bounded(replicas: number): number {
    return Math.min(this.#most, Math.max(this.#knobs.min, replicas));
  }

  #rounded(recommended: number, current: number): number {
    if (current > 0 && Math.abs(recommended / current - 1) <= this.#knobs.tolerance + ROUNDING)
      return current;
    return Math.ceil(recommended * (1 - ROUNDING));
  }

  #stable(replicas: number, current: number, now: Instant): number {
    const { upWindow, downWindow } = this.#knobs;
    const longest = Math.max(upWindow, downWindow);
    const earlier = (this.#recommendations ?? [{ at: now, replicas: current }]).filter(
      ({ at }) => at > now - longest,
    );
    this.#recommendations = [...earlier, { at: now, replicas }];
    const within = (window: Duration) => [
      replicas,
      ...earlier.filter(({ at }) => at > now - window).map((one) => one.replicas),
    ];
    const up = Math.min(...within(upWindow));
    const down = Math.max(...within(downWindow));
    if (up > current) return up;
    return Math.min(current, down);
  }

  #limited(wanted: number, recommended: number, current: number, now: Instant): number {
    const { upRate, downRate } = this.#knobs;
    if (recommended === 0 && this.#knobs.min === 0) return 0;
    if (current === 0) return Math.max(1, Math.min(wanted, this.#left(upRate, 1, current, now)));
    if (wanted > current) return Math.min(wanted, current + this.#left(upRate, 1, current, now));
    return Math.max(wanted, current - this.#left(downRate, -1, current, now));
  }

  /** How many may still be added, or taken. */
  #left(limit: RateLimit, sign: 1 | -1, current: number, now: Instant): number {
    if (limit === "unlimited") return Number.POSITIVE_INFINITY;
    const inPeriod = this.#changes.filter(({ at }) => at > now - limit.per);
    const before = current - inPeriod.reduce((sum, { replicas }) => sum + replicas, 0);
    const allowed = Math.max(limit.replicas, Math.ceil(before * limit.times * (1 - ROUNDING)));
    return Math.max(0, sign * (before - current) + allowed);
  }

  #remember(change: number, now: Instant): void {
    const { upRate, downRate } = this.#knobs;
    const periods = [upRate, downRate].map((limit) => (limit === "unlimited" ? 0 : limit.per));
    const longest = Math.max(...periods);
    if (longest === 0) return;
    const recent = this.#changes.filter(({ at }) => at > now - longest);
    this.#changes = change === 0 ? recent : [...recent, { at: now, replicas: change }];
  }
}
