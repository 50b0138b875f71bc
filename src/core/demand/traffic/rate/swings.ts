// Unforeseeable swings of a rate: the logarithm of the rate wanders about its mean and comes back to it, as an
// Ornstein-Uhlenbeck process. Knows neither the rate nor what arrives.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import { createDistribution, type Distribution } from "../../../random/distribution.js";
import type { Stream } from "../../../random/stream.js";
import type { RateTerm } from "./term.js";

export interface Swing {
  /** Standard deviation of the logarithm of the rate, natural base. */
  readonly sigma: number;
  /** Time after which the correlation with what was has fallen to 1/e. */
  readonly tau: Duration;
}

/** Of tau, so that the correlation falls by 6 % from a piece to the next. */
const PIECES_PER_TAU = 15;
const SHORTEST_PIECE = 10;
const LONGEST_PIECE = 60;

/**
 * Seconds for which the factor is held: tau / 15, but within 10 s and 60 s. Each term has its own, so that a changed
 * tau of one leaves the path of another as it was.
 */
export function swingPiece(tau: Duration): number {
  return Math.min(Math.max(toSeconds(tau) / PIECES_PER_TAU, SHORTEST_PIECE), LONGEST_PIECE);
}

/**
 * The factor exp(X - sigma² / 2), whose mean is 1. X starts stationary and moves by the exact law of the process from
 * piece to piece, so that its variance and its correlation at the grid do not depend on the grid.
 */
export class SwingTerm implements RateTerm {
  readonly slope = 0;
  value: number;
  from = 0;
  until: number;
  readonly #piece: number;
  readonly #keep: number;
  readonly #spread: number;
  readonly #lift: number;
  /** The logarithm of a draw is a standard normal deviate. */
  readonly #draw: Distribution;
  #x: number;
  #pieces = 1;

  constructor({ sigma, tau }: Swing, stream: Stream) {
    assert(sigma >= 0, "a standard deviation is never negative");
    assert(tau > 0, "a swing takes some time");
    this.#piece = swingPiece(tau);
    this.#keep = exp(-this.#piece / toSeconds(tau));
    this.#spread = sigma * Math.sqrt(1 - this.#keep * this.#keep);
    this.#lift = (sigma * sigma) / 2;
    this.#draw = createDistribution({ dist: "lognormal", mu: 0, sigma: 1 }, stream);
    this.#x = sigma * ln(this.#draw.sample());
    this.value = exp(this.#x - this.#lift);
    this.until = this.#piece;
  }

  next(): void {
    this.#x = this.#keep * this.#x + this.#spread * ln(this.#draw.sample());
    this.value = exp(this.#x - this.#lift);
    this.#pieces++;
    this.from = this.until;
    // From the count, not from the end before it: the grids of several terms stay together.
    this.until = this.#pieces * this.#piece;
  }
}
