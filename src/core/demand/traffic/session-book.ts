// How the sessions of a source went in the measured window: how many began in it and what became of these, and what the
// window shows of the lives of all that were under way in it. Memory does not grow with them. Knows neither their
// accounts nor what they asked for.
import type { Instant } from "../../base/units.js";
import type { SessionTotals } from "../../stats/session-lives.js";
import { SessionLives } from "../../stats/session-lives.js";

/** A session that has not ended: instants from the start of the run, below 0 for one that had begun before. */
export interface OpenSession {
  readonly startedAt: number;
  /** Up to when it is known to go on; what comes next is not known where that is in the past. */
  readonly knownUntil: number;
}

export class SessionBook {
  startedCount = 0;
  finishedCount = 0;
  /** Ended by a caller whose request failed for good. */
  abandonedCount = 0;
  readonly #lives = new SessionLives();
  readonly #measuredFrom: Instant;
  readonly #measuredUntil: Instant;

  /** The measured window is from the one instant up to, but not at, the other. */
  constructor(measuredFrom: Instant, measuredUntil: Instant) {
    this.#measuredFrom = measuredFrom;
    this.#measuredUntil = measuredUntil;
  }

  started(at: number): void {
    if (this.#isMeasured(at)) this.startedCount++;
  }

  /** US dollars that a request of it has cost. */
  charged(startedAt: number, now: number, dollars: number): void {
    if (this.#isMeasured(now)) this.#lives.spent(now - startedAt, dollars);
  }

  finished(startedAt: number, now: number, requests: number): void {
    if (this.#isMeasured(startedAt)) this.finishedCount++;
    if (this.#enters(this.#lives, startedAt, now)) this.#lives.finished(now - startedAt, requests);
  }

  abandoned(startedAt: number, now: number): void {
    if (this.#isMeasured(startedAt)) this.abandonedCount++;
    if (this.#enters(this.#lives, startedAt, now)) this.#lives.abandoned(now - startedAt);
  }

  /** With those that are under way by `now`, which are seen no further. Changes nothing. */
  totals(underWay: Iterable<OpenSession>, now: Instant): SessionTotals {
    const { startedCount, finishedCount, abandonedCount } = this;
    const lives = new SessionLives();
    lives.merge(this.#lives);
    for (const { startedAt, knownUntil } of underWay) {
      const until = Math.min(knownUntil, now);
      if (this.#enters(lives, startedAt, until)) lives.left(until - startedAt);
    }
    return { startedCount, finishedCount, abandonedCount, lives };
  }

  /** Whether it is seen to its end. One that reaches the window's end leaves there, finished or not. */
  #enters(lives: SessionLives, startedAt: number, endedAt: number): boolean {
    const from = this.#measuredFrom;
    const until = this.#measuredUntil;
    if (endedAt < from || startedAt >= until || endedAt < startedAt) return false;
    lives.entered(Math.max(0, from - startedAt));
    if (endedAt < until) return true;
    lives.left(until - startedAt);
    return false;
  }

  #isMeasured(at: number): boolean {
    return at >= this.#measuredFrom && at < this.#measuredUntil;
  }
}
