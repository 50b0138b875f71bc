// What a passing burst of load did, and whether it passed: goodput before, during and after a trigger, the time until
// it was back, and a verdict. A system that stays down once what pushed it down is gone is metastable (Bronson et al.,
// "Metastable failures in distributed systems", HotOS 2021). Reads the binned history of a run and knows no fleet.
import type { Recovery } from "../metrics/recovery.js";
import type { Series } from "../metrics/series.js";

/** Seconds from the start of the run, and what counts as back: that share of before, over that many seconds. */
export interface Trigger {
  readonly from: number;
  readonly until: number;
  readonly window: number;
  readonly share: number;
}

/** Goodput after a trigger is told from here on, seconds: what the trigger left in the queues is served by then. */
const SETTLING = 60;

/** The part of a run that is looked at, seconds from its start: from the end of warm-up to the end of arrivals. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/**
 * Goodput is completed requests per second. Recovered is a run from the first bin edge after the trigger on from which
 * both the next `window` and all that is left of the run keep up `share` of the goodput before: a lucky minute before
 * a relapse is no recovery, and neither does a dip of a random load undo one.
 */
export function recoveryOf(series: Series, trigger: Trigger, stretch: Stretch): Recovery {
  const done = new Completions(series);
  const end = Math.min(stretch.until, done.end);
  const before = done.rate(stretch.from, Math.min(trigger.from, end));
  const hasBefore = before !== null && before > 0 && trigger.from - stretch.from >= trigger.window;
  const recoveryTime = hasBefore ? timeToRecover(done, trigger, trigger.share * before, end) : null;
  const isLongEnough = end - trigger.until >= SETTLING + trigger.window;
  const whenNot = hasBefore && isLongEnough ? "stuck" : "unknown";
  return {
    trigger: { from: trigger.from, until: trigger.until },
    window: trigger.window,
    share: trigger.share,
    goodputBefore: before,
    goodputDuring: done.rate(trigger.from, Math.min(trigger.until, end)),
    goodputAfter: done.rate(trigger.until + SETTLING, end),
    recoveryTime,
    verdict: recoveryTime === null ? whenNot : "recovered",
  };
}

/** Seconds from the trigger's end; null when the run ends first. */
function timeToRecover(
  done: Completions,
  { until, window }: Trigger,
  wanted: number,
  end: number,
): number | null {
  for (let at = until; at + window <= end; at = done.edgeAfter(at)) {
    if (done.rate(at, at + window)! >= wanted && done.rate(at, end)! >= wanted) return at - until;
  }
  return null;
}

/** Completed requests up to any time; within a bin they are spread evenly. */
class Completions {
  readonly end: number;
  readonly #interval: number;
  /** Before bin i began. */
  readonly #sums: Float64Array;

  constructor({ interval, tiers }: Series) {
    const bins = tiers[0]?.completed.length ?? 0;
    this.#interval = interval;
    this.#sums = new Float64Array(bins + 1);
    this.end = bins * interval;
    for (let bin = 0; bin < bins; bin++) {
      const count = tiers.reduce((sum, tier) => sum + tier.completed[bin]!, 0);
      this.#sums[bin + 1] = this.#sums[bin]! + count;
    }
  }

  /** Per second; null for no time at all. */
  rate(from: number, until: number): number | null {
    return until > from ? (this.#upTo(until) - this.#upTo(from)) / (until - from) : null;
  }

  edgeAfter(at: number): number {
    // What rounding left of a bin is no bin.
    return (Math.floor(at / this.#interval + 1e-6) + 1) * this.#interval;
  }

  #upTo(at: number): number {
    const bins = this.#sums.length - 1;
    const place = Math.min(bins, Math.max(0, at / this.#interval));
    const bin = Math.floor(place);
    const whole = this.#sums[bin]!;
    return bin < bins ? whole + (place - bin) * (this.#sums[bin + 1]! - whole) : whole;
  }
}
