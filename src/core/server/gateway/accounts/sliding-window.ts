// Sliding windows: so much in any minute, wherever it begins. What is used is counted by steps of two seconds, and a
// step counts until all of it is more than a minute old: in no window of a minute is more let in than the limit, while
// an account that uses the whole of it gets back what it used after 60 to 62 s. The resolution is ours. A debt waits
// outside the window, and is moved into it as soon as there is room, so that it is paid at the limit's rate.
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";
import { defineMeter, type MeterSpec, type MeterState, type ScalableMeter } from "./meter.js";
import { WindowLimits } from "./window-limits.js";

const STEPS_A_MINUTE = 30;
const STEP = MICROS_PER_MINUTE / STEPS_A_MINUTE;
/** A minute that ends within a step begins within another: both count. */
const RING = STEPS_A_MINUTE + 1;

const stepOf = (at: Instant): number => Math.floor(at / STEP);

export class SlidingWindows implements ScalableMeter {
  readonly #columns: number;
  readonly #limits: WindowLimits;
  /** By row: the step that it is at. */
  #steps: Float64Array = new Float64Array(0);
  /** By row and column: what is in the window, and what is still to be paid. */
  #used: Float64Array = new Float64Array(0);
  #debts: Float64Array = new Float64Array(0);
  /** By row, column and step modulo the ring: what was charged there. */
  #charged: Float64Array = new Float64Array(0);

  /** Limits are one a minute at least. */
  constructor(specs: readonly MeterSpec[]) {
    this.#columns = specs.length;
    this.#limits = new WindowLimits(specs);
  }

  advance(row: number, now: Instant): void {
    if (row >= this.#steps.length) this.#grow(row);
    const from = this.#steps[row]!;
    const to = stepOf(now);
    assert(to >= from, "LAW-2: time does not run backwards");
    if (to === from) return;
    this.#steps[row] = to;
    for (let column = 0; column < this.#columns; column++) this.#move(row, column, from, to);
  }

  #move(row: number, column: number, from: number, to: number): void {
    const cell = row * this.#columns + column;
    const limit = this.#limits.of(row, column);
    let step = from;
    // Under a debt the window is full, and a whole turn of the ring pays the limit and leaves it as it was.
    if (this.#debts[cell]! > limit && this.#used[cell] === limit) {
      const turns = Math.min(Math.floor((to - step) / RING), Math.floor(this.#debts[cell]! / limit));
      this.#debts[cell]! -= turns * limit;
      step += turns * RING;
    }
    while (step < to) {
      if (this.#used[cell] === 0 && this.#debts[cell] === 0) return;
      step++;
      const place = cell * RING + (step % RING);
      const gone = this.#charged[place]!;
      const left = this.#used[cell]! - gone;
      const paid = Math.min(this.#debts[cell]!, Math.max(0, limit - left));
      this.#charged[place] = paid;
      this.#used[cell] = left + paid;
      this.#debts[cell]! -= paid;
    }
  }

  holds(row: number, column: number, amount: number): boolean {
    const cell = row * this.#columns + column;
    return this.#debts[cell] === 0 && this.#used[cell]! + amount <= this.#limits.of(row, column);
  }

  take(row: number, column: number, amount: number): void {
    const cell = row * this.#columns + column;
    const room = Math.max(0, this.#limits.of(row, column) - this.#used[cell]!);
    const inside = Math.min(room, amount);
    this.#charged[cell * RING + (this.#steps[row]! % RING)]! += inside;
    this.#used[cell]! += inside;
    this.#debts[cell]! += amount - inside;
  }

  /** What has left the window is not given back. The room that comes of it goes to a debt first. */
  giveBack(row: number, column: number, amount: number, chargedAt: Instant): void {
    const step = stepOf(chargedAt);
    if (this.#steps[row]! - step >= RING) return;
    const cell = row * this.#columns + column;
    const place = cell * RING + (step % RING);
    const back = Math.min(this.#charged[place]!, amount);
    this.#charged[place]! -= back;
    this.#used[cell]! -= back;
    const debt = this.#debts[cell]!;
    if (debt === 0) return;
    this.#debts[cell] = 0;
    this.take(row, column, debt);
  }

  waitFor(row: number, column: number, amount: number, now: Instant): Duration | undefined {
    const limit = this.#limits.of(row, column);
    if (amount > limit) return undefined;
    return this.#untilRoom(row, column, amount, now);
  }

  isOverSoft(row: number, column: number): boolean {
    return this.#limits.isOverSoft(row, column, this.#used[row * this.#columns + column]!);
  }

  state(row: number, column: number, now: Instant): MeterState {
    const limit = this.#limits.of(row, column);
    return {
      perMinute: limit,
      size: limit,
      remaining: Math.max(0, limit - this.#used[row * this.#columns + column]!),
      reset: this.#untilRoom(row, column, limit, now),
    };
  }

  scale(row: number, column: number, factor: number): void {
    this.#limits.scale(row, column, factor);
  }

  copyRow(from: number, to: number): void {
    if (to >= this.#steps.length) this.#grow(to);
    this.#steps[to] = this.#steps[from]!;
    const columns = this.#columns;
    this.#used.copyWithin(to * columns, from * columns, (from + 1) * columns);
    this.#debts.copyWithin(to * columns, from * columns, (from + 1) * columns);
    this.#charged.copyWithin(to * columns * RING, from * columns * RING, (from + 1) * columns * RING);
    this.#limits.copyRow(from, to);
  }

  /** Plays what comes of the row on a copy: it allocates, and is asked for refusals alone. */
  #untilRoom(row: number, column: number, amount: number, now: Instant): Duration {
    if (this.holds(row, column, amount)) return duration(0);
    const cell = row * this.#columns + column;
    const limit = this.#limits.of(row, column);
    const ring = this.#charged.slice(cell * RING, (cell + 1) * RING);
    let used = this.#used[cell]!;
    let debt = this.#debts[cell]!;
    let step = this.#steps[row]!;
    if (debt > limit && used === limit) {
      const turns = Math.floor(debt / limit);
      debt -= turns * limit;
      step += turns * RING;
    }
    while (debt > 0 || used + amount > limit) {
      step++;
      const left = used - ring[step % RING]!;
      const paid = Math.min(debt, Math.max(0, limit - left));
      ring[step % RING] = paid;
      used = left + paid;
      debt -= paid;
    }
    return duration(Math.min(Number.MAX_SAFE_INTEGER, step * STEP - now));
  }

  #grow(row: number): void {
    const rows = Math.max(row + 1, this.#steps.length * 2, 16);
    this.#steps = grown(this.#steps, rows);
    this.#used = grown(this.#used, rows * this.#columns);
    this.#debts = grown(this.#debts, rows * this.#columns);
    this.#charged = grown(this.#charged, rows * this.#columns * RING);
  }
}

export const sliding = defineMeter({
  name: "sliding",
  summary: "So much in any minute, wherever it begins, counted by steps of two seconds.",
  sources: [
    {
      text: 'the stricter reading of "a minute" in published limits; that, and the steps, are ours',
      date: "2026-11",
    },
  ],
  hasBurst: false,
  create: (specs) => new SlidingWindows(specs),
});
