// What a passing burst of load did, and whether it passed: goodput before, during and after a trigger, the time until
// it was back, and a verdict. A system that stays down once what pushed it down is gone is metastable (Bronson et al.,
// "Metastable failures in distributed systems", HotOS 2021). Reads the binned history of a run and knows no fleet.
import ln from "@stdlib/math-base-special-ln";
import { mean, sampleVariance } from "simple-statistics";
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
/** Standard errors below `share` that goodput must lie to be down for certain: among 20 seeds hardly one by chance. */
const CERTAIN = 3;
/** Standard errors below goodput as it was that chance explains. */
const BY_CHANCE = 1.645;
/** What would be gone in a run so many times longer after its trigger is on its way. */
const LONGER = 5;
/** Stretches before the trigger by which the spread of counts is told, and the fewest that tell anything. */
const MOST_STRETCHES = 16;
const LEAST_STRETCHES = 8;

/** The part of a run that is looked at, seconds from its start: from the end of warm-up to the end of arrivals. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/**
 * Goodput is completed requests per second. Recovered is a run from the first bin edge after the trigger on from which
 * both the next `window` and all that is left of the run keep up `share` of the goodput before, or miss no more than
 * chance explains: a lucky minute before a relapse is no recovery, and neither does a dip of a random load undo one.
 * Stuck is one whose goodput stays below `share` for certain, and whose backlog would not be gone in a longer run.
 * `waiting` is how many callers wait between two attempts, by bin.
 */
export function recoveryOf(
  series: Series,
  trigger: Trigger,
  stretch: Stretch,
  waiting: readonly number[] = [],
): Recovery {
  const done = new Completions(series);
  const end = Math.min(stretch.until, done.end);
  const before = new Before(done, stretch.from, Math.min(trigger.from, end), trigger.share);
  const hasBefore = before.count > 0 && trigger.from - stretch.from >= trigger.window;
  const settled = trigger.until + SETTLING;
  const isLongEnough = end - trigger.until >= SETTLING + trigger.window;
  const wasDown = hasBefore && isLongEnough && before.isCertainlyDown(done, settled, end);
  const recoveryTime = hasBefore ? timeToRecover(done, trigger, before, end, wasDown) : null;
  const whenNot = () => {
    if (!wasDown) return "unknown";
    const backlog = levelsIn(series, waiting);
    return isDraining(backlog, series.interval, trigger, stretch, end) ? "recovering" : "stuck";
  };
  return {
    trigger: { from: trigger.from, until: trigger.until },
    window: trigger.window,
    share: trigger.share,
    goodputBefore: done.rate(stretch.from, Math.min(trigger.from, end)),
    goodputDuring: done.rate(trigger.from, Math.min(trigger.until, end)),
    goodputAfter: done.rate(settled, end),
    recoveryTime,
    verdict: recoveryTime === null ? whenNot() : "recovered",
  };
}

/** Seconds from the trigger's end; null when the run ends first. After a loss that is certain nothing is put to chance. */
function timeToRecover(
  done: Completions,
  { until, window }: Trigger,
  before: Before,
  end: number,
  wasDown: boolean,
): number | null {
  const isBack = (from: number, to: number) =>
    before.isKept(done, from, to) || (!wasDown && before.isKeptButForChance(done, from, to));
  for (let at = until; at + window <= end; at = done.edgeAfter(at)) {
    if (isBack(at, at + window) && isBack(at, end)) return at - until;
  }
  return null;
}

/** Goodput before the trigger, and what may be said of another stretch beside it. */
class Before {
  readonly count: number;
  readonly #seconds: number;
  readonly #share: number;
  /** Variance of counts over their mean: 1 of a Poisson process, more of clumped completions. */
  readonly #dispersion: number;

  constructor(done: Completions, from: number, until: number, share: number) {
    this.count = done.count(from, until);
    this.#seconds = until - from;
    this.#share = share;
    const parts = Math.min(MOST_STRETCHES, Math.floor(this.#seconds / done.interval));
    const each = this.#seconds / parts;
    const counts = Array.from({ length: Math.max(0, parts) }, (_, part) =>
      done.count(from + part * each, from + (part + 1) * each),
    );
    const isTelling = parts >= LEAST_STRETCHES && this.count > 0;
    this.#dispersion = isTelling ? Math.max(1, sampleVariance(counts) / mean(counts)) : 1;
  }

  isKept(done: Completions, from: number, until: number): boolean {
    return done.rate(from, until)! >= (this.#share * this.count) / this.#seconds;
  }

  isKeptButForChance(done: Completions, from: number, until: number): boolean {
    return this.#distance(done, from, until, 1) > -BY_CHANCE;
  }

  isCertainlyDown(done: Completions, from: number, until: number): boolean {
    return this.#distance(done, from, until, this.#share) < -CERTAIN;
  }

  /**
   * In standard errors, how far goodput lies from a share of that before, on the scale of logarithms. Of counts of a
   * Poisson process the error is sqrt(1/a + 1/b), with a half added to each for those near 0 (Woolf, Annals of Human
   * Genetics 19, 1955; Haldane, ibid. 20, 1956).
   */
  #distance(done: Completions, from: number, until: number, share: number): number {
    const [one, other] = [done.count(from, until) + 0.5, this.count + 0.5];
    const ratio = ((one / other) * this.#seconds) / (until - from);
    return ln(ratio / share) / Math.sqrt(this.#dispersion * (1 / one + 1 / other));
  }
}

/** What is in the pools, and what their callers will send again, by bin. */
function levelsIn({ pools }: Series, waiting: readonly number[]): number[] {
  const bins = pools[0]?.queued.length ?? 0;
  return Array.from({ length: bins }, (_, bin) =>
    pools.reduce((sum, { queued, slotsBusy }) => sum + queued[bin]! + slotsBusy[bin]!, waiting[bin] ?? 0),
  );
}

/** Whether the backlog falls so fast after the trigger that a longer run would see it gone. */
function isDraining(
  levels: readonly number[],
  interval: number,
  { from, until }: Trigger,
  stretch: Stretch,
  end: number,
): boolean {
  const bin = (seconds: number) => Math.round(seconds / interval);
  const usual = levels.slice(bin(stretch.from), bin(from));
  const after = levels.slice(bin(until + SETTLING), bin(end));
  const half = Math.floor(after.length / 2);
  if (half < 2 || usual.length < 2) return false;
  const [first, second] = [after.slice(0, half), after.slice(-half)];
  const fall = mean(first) - mean(second);
  const error = Math.sqrt((sampleVariance(first) + sampleVariance(second)) / half);
  const backlog = mean(first) - mean(usual);
  const isBacklog = backlog > 2 * Math.sqrt(sampleVariance(usual));
  // The middles of the halves are half the time apart.
  return isBacklog && fall > error && backlog - fall <= 2 * fall * (LONGER - 1);
}

/** Completed requests up to any time; within a bin they are spread evenly. */
class Completions {
  readonly end: number;
  readonly interval: number;
  /** Before bin i began. */
  readonly #sums: Float64Array;

  constructor({ interval, tiers }: Series) {
    const bins = tiers[0]?.completed.length ?? 0;
    this.interval = interval;
    this.#sums = new Float64Array(bins + 1);
    this.end = bins * interval;
    for (let bin = 0; bin < bins; bin++) {
      const count = tiers.reduce((sum, tier) => sum + tier.completed[bin]!, 0);
      this.#sums[bin + 1] = this.#sums[bin]! + count;
    }
  }

  /** Per second; null for no time at all. */
  rate(from: number, until: number): number | null {
    return until > from ? this.count(from, until) / (until - from) : null;
  }

  count(from: number, until: number): number {
    return this.#upTo(until) - this.#upTo(from);
  }

  edgeAfter(at: number): number {
    // What rounding left of a bin is no bin.
    return (Math.floor(at / this.interval + 1e-6) + 1) * this.interval;
  }

  #upTo(at: number): number {
    const bins = this.#sums.length - 1;
    const place = Math.min(bins, Math.max(0, at / this.interval));
    const bin = Math.floor(place);
    const whole = this.#sums[bin]!;
    return bin < bins ? whole + (place - bin) * (this.#sums[bin + 1]! - whole) : whole;
  }
}
