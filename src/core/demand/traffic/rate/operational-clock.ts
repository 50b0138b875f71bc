// Turns operational time, in which arrivals come at a mean of one per unit, into real time, by the inverse of the
// integral of a rate that varies. Knows rates, not what arrives.
import { assert } from "../../../base/assert.js";
import type { Curve, RateTerm } from "./term.js";

/**
 * The rate is `base`, per second, times all terms. Within a piece it is constant or linear, so that its integral and
 * the inverse of that are closed forms, or it is a constant times the curve of one term, which knows both for itself;
 * pieces are opened as far as asked for and not kept.
 */
export class OperationalClock {
  readonly #base: number;
  readonly #terms: readonly RateTerm[];
  readonly #horizon: number;
  /** Real time in seconds: never rounded, so that nothing adds up. */
  #now = 0;
  /** The piece at hand: its ends, its rate at the beginning, and the change of that per second. */
  #from = 0;
  #until = 0;
  #rate = 0;
  #slope = 0;
  /** How a factor on that rate goes, where it is no straight line: the slope is 0 then. */
  #curve: Curve | undefined;

  /** Beyond `horizon`, in seconds, nothing is looked for. At most one of the terms may have slopes or a curve. */
  constructor(base: number, terms: readonly RateTerm[], horizon: number = Number.POSITIVE_INFINITY) {
    assert(base >= 0 && base < Number.POSITIVE_INFINITY, "a rate is finite and never negative");
    this.#base = base;
    this.#terms = terms;
    this.#horizon = base === 0 ? 0 : horizon;
    this.#open();
  }

  /** Lets so much operational time pass; the real time then, in seconds, infinite if that is never or too late. */
  after(amount: number): number {
    let left = amount;
    let rest = this.#between(this.#now, this.#until);
    while (left > rest || rest === 0) {
      if (this.#until >= this.#horizon) {
        this.#stop();
        return Number.POSITIVE_INFINITY;
      }
      left -= rest;
      this.#now = this.#until;
      this.#open();
      rest = this.#between(this.#now, this.#until);
    }
    this.#now = Math.min(this.#now + this.#timeFor(left), this.#until);
    return this.#now;
  }

  /** Lets real time pass up to `time`, in seconds; the operational time that has passed meanwhile. */
  passedUntil(time: number): number {
    let passed = 0;
    while (time > this.#until) {
      passed += this.#between(this.#now, this.#until);
      this.#now = this.#until;
      this.#open();
    }
    if (time <= this.#now) return passed;
    passed += this.#between(this.#now, time);
    this.#now = time;
    return passed;
  }

  /** The integral of the rate within the piece at hand. */
  #between(begin: number, end: number): number {
    if (this.#curve !== undefined && this.#rate > 0) return this.#rate * this.#curve.between(begin, end);
    if (this.#slope !== 0) return ((end - begin) * (this.#rateAt(begin) + this.#rateAt(end))) / 2;
    // The last piece of all may be infinite and its rate 0.
    return this.#rate === 0 ? 0 : (end - begin) * this.#rate;
  }

  /** The real time in which `amount` passes: the root of a parabola, in the form that also holds for flat ones. */
  #timeFor(amount: number): number {
    if (this.#curve !== undefined) return this.#curve.timeFor(this.#now, amount / this.#rate);
    if (this.#slope === 0) return amount / this.#rate;
    if (amount === 0) return 0;
    const rate = this.#rateAt(this.#now);
    return (2 * amount) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * this.#slope * amount)));
  }

  #rateAt(time: number): number {
    return this.#rate + this.#slope * (time - this.#from);
  }

  #open(): void {
    const from = this.#now;
    let rate = this.#base;
    let slope = 0;
    let until = Number.POSITIVE_INFINITY;
    let curve: Curve | undefined;
    for (const term of this.#terms) {
      while (term.until <= from) term.next();
      const value = term.value + term.slope * (from - term.from);
      slope = slope * value + rate * term.slope;
      rate *= value;
      if (term.until < until) until = term.until;
      curve ??= term.curve;
    }
    assert(curve === undefined || slope === 0, "a curve takes no slope");
    this.#from = from;
    this.#until = until;
    this.#rate = rate;
    this.#slope = slope;
    this.#curve = curve;
  }

  /** Nothing comes any more, however often it is asked. */
  #stop(): void {
    this.#until = Number.POSITIVE_INFINITY;
    this.#rate = 0;
    this.#slope = 0;
    this.#curve = undefined;
  }
}
