// How many attempts of an account may be under way at once, waiting or inside: charged when one is let in, and given
// back when it is settled, whatever became of it. It refills with no clock, so that no wait can be told.
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";
import { type Duration, NO_TIME } from "../../../base/units.js";
import type { Meter, MeterState } from "./meter.js";

/** A meter with one column, in attempts. */
export class UnderWay implements Meter {
  readonly #most: number;
  #counts: Int32Array = new Int32Array(0);

  constructor(most: number) {
    assert(Number.isSafeInteger(most) && most > 0, "an account may do something");
    this.#most = most;
  }

  advance(row: number): void {
    if (row >= this.#counts.length) this.#counts = grown(this.#counts, Math.max(row + 1, row * 2, 64));
  }

  holds(row: number, _column: number, amount: number): boolean {
    return this.#counts[row]! + amount <= this.#most;
  }

  take(row: number, _column: number, amount: number): void {
    this.#counts[row]! += amount;
  }

  giveBack(row: number, _column: number, amount: number): void {
    this.#counts[row]! -= amount;
    assert(this.#counts[row]! >= 0, "LAW-10: what is under way is settled once");
  }

  waitFor(row: number, column: number, amount: number): Duration | undefined {
    return this.holds(row, column, amount) ? NO_TIME : undefined;
  }

  isOverSoft(): boolean {
    return false;
  }

  state(row: number): MeterState {
    const remaining = this.#most - this.#counts[row]!;
    return { perMinute: undefined, size: this.#most, remaining, reset: undefined };
  }
}
