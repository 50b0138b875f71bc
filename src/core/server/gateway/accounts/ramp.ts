// The ramp limit: how fast an account may grow, whatever its limits are. Up to `from` tokens a minute it is free;
// beyond that a minute may use (1 + growth) times the most that any minute used between `per` and twice as long ago.
// Minutes are those of simulated time. OpenAI's rule is its source: from 1 M prompt tokens a minute on no more than
// 50 % growth in 15 minutes (excerpted, 2026; what exactly they compare with is not public, so that the two spans are
// ours).
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";
import type { Meter, MeterState } from "./meter.js";

export interface RampOptions {
  /** Tokens per minute that are free, above 0. */
  readonly from: number;
  /** Share by which a minute may exceed those of `per` ago, above 0. */
  readonly growth: number;
  /** Whole minutes. */
  readonly per: Duration;
}

const minuteOf = (at: Instant): number => Math.floor(at / MICROS_PER_MINUTE);

/** A meter with one column. */
export class RampMeter implements Meter {
  readonly #from: number;
  readonly #factor: number;
  /** In minutes: how long ago the nearest minute is that counts; the farthest is twice as long ago. */
  readonly #per: number;
  readonly #ring: number;
  /** By row: the minute that it is at, and what that may use. */
  #minutes: Float64Array = new Float64Array(0);
  #limits: Float64Array = new Float64Array(0);
  /** By row and minute modulo the ring: what was used. */
  #used: Float64Array = new Float64Array(0);

  constructor({ from, growth, per }: RampOptions) {
    assert(from > 0 && growth > 0, "a ramp rises");
    this.#per = per / MICROS_PER_MINUTE;
    assert(Number.isInteger(this.#per) && this.#per > 0, "a ramp is looked at by whole minutes");
    this.#from = from;
    this.#factor = 1 + growth;
    this.#ring = 2 * this.#per + 1;
  }

  advance(row: number, now: Instant): void {
    if (row >= this.#minutes.length) this.#grow(row);
    const minute = minuteOf(now);
    const passed = minute - this.#minutes[row]!;
    assert(passed >= 0, "LAW-2: time does not run backwards");
    if (passed === 0) return;
    for (let step = Math.min(passed, this.#ring); step > 0; step--) {
      this.#used[this.#place(row, minute - step + 1)] = 0;
    }
    this.#minutes[row] = minute;
    this.#limits[row] = this.#limitIn(row, minute);
  }

  holds(row: number, _column: number, amount: number): boolean {
    return this.#usedNow(row) + amount <= this.#limits[row]!;
  }

  take(row: number, _column: number, amount: number): void {
    this.#used[this.#place(row, this.#minutes[row]!)]! += amount;
  }

  giveBack(row: number, _column: number, amount: number, chargedAt: Instant): void {
    const minute = minuteOf(chargedAt);
    if (this.#minutes[row]! - minute >= this.#ring) return;
    const place = this.#place(row, minute);
    this.#used[place] = Math.max(0, this.#used[place]! - amount);
    // What a minute may use hangs on none that is nearer.
    if (this.#minutes[row]! - minute >= this.#per)
      this.#limits[row] = this.#limitIn(row, this.#minutes[row]!);
  }

  waitFor(row: number, _column: number, amount: number, now: Instant): Duration | undefined {
    if (this.holds(row, 0, amount)) return duration(0);
    const minute = this.#minutes[row]!;
    // What has been used by now raises no limit that is farther ahead than the ring goes back.
    for (let ahead = 1; ahead <= this.#ring; ahead++) {
      if (amount > this.#limitIn(row, minute + ahead)) continue;
      return duration((minute + ahead) * MICROS_PER_MINUTE - now);
    }
    return undefined;
  }

  isOverSoft(): boolean {
    return false;
  }

  state(row: number, _column: number, now: Instant): MeterState {
    const limit = this.#limits[row]!;
    const used = this.#usedNow(row);
    return {
      perMinute: limit,
      size: limit,
      remaining: Math.max(0, limit - used),
      reset: duration(used === 0 ? 0 : (this.#minutes[row]! + 1) * MICROS_PER_MINUTE - now),
    };
  }

  #usedNow(row: number): number {
    return this.#used[this.#place(row, this.#minutes[row]!)]!;
  }

  /** What a minute may use, by those that count for it and are over or under way. */
  #limitIn(row: number, minute: number): number {
    const now = this.#minutes[row]!;
    const last = Math.min(now, minute - this.#per);
    let most = 0;
    for (let each = Math.max(0, minute - 2 * this.#per); each <= last; each++) {
      if (now - each < this.#ring) most = Math.max(most, this.#used[this.#place(row, each)]!);
    }
    return Math.max(this.#from, this.#factor * most);
  }

  #place(row: number, minute: number): number {
    return row * this.#ring + (minute % this.#ring);
  }

  #grow(row: number): void {
    const before = this.#minutes.length;
    const rows = Math.max(row + 1, before * 2, 16);
    this.#minutes = grown(this.#minutes, rows);
    this.#limits = grown(this.#limits, rows).fill(this.#from, before);
    this.#used = grown(this.#used, rows * this.#ring);
  }
}
