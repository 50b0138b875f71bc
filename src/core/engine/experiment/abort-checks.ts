// When to look whether a run may end early because a threshold that says so has failed: at instants of simulated time
// that the scenario alone decides, so that it makes no difference what drives the run or in which slices.
import { after, type Duration, type Instant, NEVER, START } from "../../base/units.js";
import type { Judging } from "../../results/build/thresholds.js";
import { isInterval } from "../../results/shape/interval-method.js";
import type { ThresholdResult } from "../../results/shape/result.js";
import { holds } from "../../results/verdict/evaluate.js";
import type { Threshold } from "../../results/verdict/threshold.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";
import { spentAtLook } from "../../stats/sequential-looks.js";

/** Looks at a run whose length is known. */
const LOOKS = 20;
/** Between looks at one whose length only a trace knows, at first: it doubles with every LOOKS of them. */
const UNKNOWN_LENGTH = 60_000_000 as Duration;

interface Watched {
  /** Place among all thresholds. */
  readonly index: number;
  readonly from: Instant;
  readonly threshold: Threshold;
}

export class AbortChecks {
  readonly #watched: readonly Watched[];
  #every: Duration;
  /** The measured window ends there, and with it the looks. */
  readonly #until: Instant;
  #next: Instant;
  #taken = 0;
  #looks = 0;

  constructor(scenario: Scenario, neverAborts: boolean) {
    const { warmup, duration } = scenario;
    const opens = after(START, warmup);
    this.#watched = thresholdsOf(scenario).flatMap(
      ({ abortOnFail, delayAbortEval, parsed: threshold }, index) =>
        abortOnFail && !neverAborts ? [{ index, from: after(opens, delayAbortEval), threshold }] : [],
    );
    const measured = duration === undefined ? undefined : ((duration - warmup) as Duration);
    this.#every =
      measured === undefined ? UNKNOWN_LENGTH : (Math.max(1, Math.floor(measured / LOOKS)) as Duration);
    this.#until = duration === undefined ? NEVER : after(START, duration);
    this.#next = NEVER;
    if (this.#watched.length > 0) this.#goTo(after(opens, this.#every));
  }

  /** Whether a threshold may end the run. */
  get isWatching(): boolean {
    return this.#watched.length > 0;
  }

  /** The next look is due at this instant; NEVER without thresholds that abort. */
  get nextAt(): Instant {
    return this.#next;
  }

  /**
   * Looks once, at `nextAt`. The thresholds are judged at the risk it hands over: all looks together err as rarely as
   * one. True where one that is watched by now has failed.
   */
  look(now: Instant, judge: (judging: Judging) => readonly ThresholdResult[]): boolean {
    if (++this.#taken % LOOKS === 0) this.#every = (2 * this.#every) as Duration;
    this.#goTo(after(this.#next, this.#every));
    const due = this.#watched.filter(({ from }) => now >= from);
    if (due.length === 0) return false;
    this.#looks++;
    const thresholds = judge({ spent: spentAtLook(this.#looks), family: this.#watched.length });
    return due.some(({ index, threshold }) => isFinal(threshold, thresholds[index]));
  }

  #goTo(next: Instant): void {
    this.#next = next < this.#until ? next : NEVER;
  }
}

/**
 * Whether it has failed for certain: by its interval, or because what was counted can only grow. A count that is still
 * too small says nothing in the middle of a run.
 */
function isFinal({ aggregation, operator, bound }: Threshold, judged: ThresholdResult | undefined): boolean {
  if (judged === undefined || judged.observed === null) return false;
  const isBound = operator !== "==" && operator !== "!=";
  if (isBound && judged.verdict === "fail" && isInterval(judged.method)) return true;
  if (holds(judged.observed, operator, bound)) return false;
  const onlyGrows = aggregation === "count" || aggregation === "max";
  if (operator === "<" || operator === "<=") return onlyGrows;
  return operator === "==" && bound === 0 && (onlyGrows || aggregation === "rate");
}
