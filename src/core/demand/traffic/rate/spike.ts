// A launch-day spike: at the launch of a model the rate jumps to a multiple of what it settles at, and what is above
// that halves again and again. Draws nothing, and knows neither the rate nor what arrives.
//
// The shape is the plainest that has a peak and forgets it at a steady rate; no provider publishes its own launch days,
// so that all values are the user's (ours).
import exp from "@stdlib/math-base-special-exp";
import expm1 from "@stdlib/math-base-special-expm1";
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import type { Curve, RateTerm } from "./term.js";

export interface Spike {
  /** The launch, from the start of the run. */
  readonly at: Duration;
  /** The factor at the launch; it falls to 1. */
  readonly peak: number;
  /** In which what is above 1 halves. */
  readonly halfLife: Duration;
  /** The factor before the launch. */
  readonly before: number;
}

const LN2 = Math.LN2;

/** Newton's steps: from below, each doubles the digits; more than this are never needed. */
const MOST_STEPS = 100;

/**
 * `before` up to the launch, then 1 + (peak - 1) 2^(-t / half-life) with t from the launch. Like a flash event it adds
 * load: its mean is not 1. Its pieces are where it is constant and where it decays; within the latter its integral is a
 * closed form, and the inverse of that the root of one equation.
 */
export class SpikeTerm implements RateTerm, Curve {
  readonly slope = 0;
  value: number;
  from = 0;
  until: number;
  readonly #launch: number;
  readonly #excess: number;
  /** Per second. */
  readonly #decay: number;

  constructor({ at, peak, halfLife, before }: Spike) {
    assert(peak >= 1, "a spike is above what comes after it");
    assert(before >= 0, "a rate is never negative");
    assert(halfLife > 0, "a spike takes some time to pass");
    this.#launch = toSeconds(at);
    this.#excess = peak - 1;
    this.#decay = LN2 / toSeconds(halfLife);
    this.value = before;
    this.until = this.#launch;
  }

  get curve(): Curve | undefined {
    return this.until === Number.POSITIVE_INFINITY ? this : undefined;
  }

  next(): void {
    this.from = this.until;
    this.until = Number.POSITIVE_INFINITY;
    this.value = 1;
  }

  /** The integral of the factor between two times after the launch, in seconds. */
  between(begin: number, end: number): number {
    const length = end - begin;
    // Without the difference of two numbers that are nearly the same.
    return length - (this.#excessAt(begin) / this.#decay) * expm1(-this.#decay * length);
  }

  /**
   * How long after `begin` that integral is `amount`. It is concave, so that Newton's tangents never reach beyond the
   * root: the steps only ever grow, and end where doubles do.
   */
  timeFor(begin: number, amount: number): number {
    const excess = this.#excessAt(begin);
    const decay = this.#decay;
    // Both bounds of the root from below: as if it did not decay, and as if it had decayed already.
    let time = Math.max(amount / (1 + excess), amount - excess / decay);
    for (let step = 0; step < MOST_STEPS; step++) {
      const left = amount - this.between(begin, begin + time);
      const next = time + left / (1 + excess * exp(-decay * time));
      if (!(next > time)) break;
      time = next;
    }
    return time;
  }

  #excessAt(time: number): number {
    return this.#excess * exp(-this.#decay * (time - this.#launch));
  }
}

/** The same before the start of a run, which no launch precedes: its times are how long ago. */
export class SpikeBefore implements RateTerm {
  readonly slope = 0;
  readonly from = 0;
  readonly until: number = Number.POSITIVE_INFINITY;
  readonly value: number;

  constructor({ before }: Spike) {
    this.value = before;
  }

  next(): void {
    assert(false, "the one piece has no end");
  }
}
