// Unforeseeable swings of a rate: the logarithm of the rate wanders about its mean and comes back to it, as an
// Ornstein-Uhlenbeck process. Knows neither the rate nor what arrives.
import exp from "@stdlib/math-base-special-exp";
import { assert } from "../../../base/assert.js";
import { type Duration, toSeconds } from "../../../base/units.js";
import type { Stream } from "../../../random/stream.js";
import { drawNormal } from "../sessions/draws.js";
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
  readonly #stream: Stream;
  readonly #swing: Swing;
  /** X at the start. */
  readonly #first: number;
  #x: number;
  #pieces = 1;

  constructor(swing: Swing, stream: Stream) {
    const { sigma, tau } = swing;
    assert(sigma >= 0, "a standard deviation is never negative");
    assert(tau > 0, "a swing takes some time");
    this.#piece = swingPiece(tau);
    this.#keep = exp(-this.#piece / toSeconds(tau));
    this.#spread = sigma * Math.sqrt(1 - this.#keep * this.#keep);
    this.#lift = (sigma * sigma) / 2;
    this.#stream = stream;
    this.#swing = swing;
    this.#first = sigma * drawNormal(stream);
    this.#x = this.#first;
    this.value = exp(this.#x - this.#lift);
    this.until = this.#piece;
  }

  next(): void {
    this.#x = this.#keep * this.#x + this.#spread * drawNormal(this.#stream);
    this.value = exp(this.#x - this.#lift);
    this.#pieces++;
    this.from = this.until;
    // From the count, not from the end before it: the grids of several terms stay together.
    this.until = this.#pieces * this.#piece;
  }

  /** The same path before the start, read backwards: its times are how long ago. */
  before(stream: Stream): RateTerm {
    return new SwingBefore(this.#swing, this.#first, stream);
  }
}

/** Of what a piece begins at: the longer ago, the less does it matter when. */
const GROWTH_BEFORE = 0.1;

/** The process has the same law backwards. Its pieces grow, and each moves by the exact law, so that its mean is 1. */
class SwingBefore implements RateTerm {
  readonly slope = 0;
  value = 0;
  from = 0;
  until: number;
  readonly #swing: Swing;
  readonly #stream: Stream;
  readonly #piece: number;
  #x: number;

  constructor(swing: Swing, first: number, stream: Stream) {
    this.#swing = swing;
    this.#stream = stream;
    this.#piece = swingPiece(swing.tau);
    this.#x = first;
    this.until = this.#piece;
    this.#move(this.#piece);
  }

  next(): void {
    this.from = this.until;
    const piece = Math.max(this.#piece, GROWTH_BEFORE * this.from);
    this.until = this.from + piece;
    this.#move(piece);
  }

  #move(by: number): void {
    const { sigma, tau } = this.#swing;
    const keep = exp(-by / toSeconds(tau));
    this.#x = keep * this.#x + sigma * Math.sqrt(1 - keep * keep) * drawNormal(this.#stream);
    this.value = exp(this.#x - (sigma * sigma) / 2);
  }
}
