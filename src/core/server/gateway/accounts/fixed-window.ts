// Fixed windows: so much in every minute of simulated time, or in every window of a quota, and all of it anew when the
// next begins. A debt is carried over: a window begins with what the one before used beyond its limit, which is ours -
// a counter of a real gateway may forget it, and would then let an account that pays at the end use any amount.
import { assert } from "../../../base/assert.js";
import { grown } from "../../../base/grown.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";
import { evenWindows, type Windows } from "./calendar.js";
import { defineMeter, type MeterSpec, type MeterState, type ScalableMeter } from "./meter.js";
import { WindowLimits } from "./window-limits.js";

const MINUTES = evenWindows(MICROS_PER_MINUTE);

export class FixedWindows implements ScalableMeter {
  readonly #columns: number;
  readonly #limits: WindowLimits;
  readonly #windows: Windows;
  /** By row: the window that its counts are of. */
  #current: Float64Array = new Float64Array(0);
  #used: Float64Array = new Float64Array(0);

  /** Limits are one a window at least; of other windows than minutes, `perMinute` is what is in one of those. */
  constructor(specs: readonly MeterSpec[], windows: Windows = MINUTES) {
    this.#windows = windows;
    this.#columns = specs.length;
    this.#limits = new WindowLimits(specs);
  }

  advance(row: number, now: Instant): void {
    if (row >= this.#current.length) this.#grow(row);
    const window = this.#windows.of(now);
    const passed = window - this.#current[row]!;
    assert(passed >= 0, "LAW-2: time does not run backwards");
    if (passed === 0) return;
    this.#current[row] = window;
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      this.#used[cell] = Math.max(0, this.#used[cell]! - passed * this.#limits.of(row, column));
    }
  }

  holds(row: number, column: number, amount: number): boolean {
    return this.#used[row * this.#columns + column]! + amount <= this.#limits.of(row, column);
  }

  take(row: number, column: number, amount: number): void {
    this.#used[row * this.#columns + column]! += amount;
  }

  /** What was charged in an earlier window has gone with that. */
  giveBack(row: number, column: number, amount: number, chargedAt: Instant): void {
    if (this.#windows.of(chargedAt) !== this.#current[row]!) return;
    const cell = row * this.#columns + column;
    this.#used[cell] = Math.max(0, this.#used[cell]! - amount);
  }

  waitFor(row: number, column: number, amount: number, now: Instant): Duration | undefined {
    const limit = this.#limits.of(row, column);
    if (amount > limit) return undefined;
    const excess = this.#used[row * this.#columns + column]! + amount - limit;
    return this.#untilPassed(row, Math.ceil(excess / limit), now);
  }

  isOverSoft(row: number, column: number): boolean {
    return this.#limits.isOverSoft(row, column, this.#used[row * this.#columns + column]!);
  }

  state(row: number, column: number, now: Instant): MeterState {
    const limit = this.#limits.of(row, column);
    const used = this.#used[row * this.#columns + column]!;
    return {
      perMinute: this.#windows === MINUTES ? limit : undefined,
      size: limit,
      remaining: Math.max(0, limit - used),
      reset: this.#untilPassed(row, Math.ceil(used / limit), now),
    };
  }

  scale(row: number, column: number, factor: number): void {
    const before = this.#limits.of(row, column);
    this.#limits.scale(row, column, factor);
    const cell = row * this.#columns + column;
    const used = this.#used[cell]!;
    const debt = Math.max(0, used - before);
    // What was within the larger limit is no debt under the smaller one.
    this.#used[cell] = Math.min(used, this.#limits.of(row, column) + debt);
  }

  copyRow(from: number, to: number): void {
    if (to >= this.#current.length) this.#grow(to);
    this.#current[to] = this.#current[from]!;
    this.#used.copyWithin(to * this.#columns, from * this.#columns, (from + 1) * this.#columns);
    this.#limits.copyRow(from, to);
  }

  /** How long until so many more windows have begun. */
  #untilPassed(row: number, windows: number, now: Instant): Duration {
    if (windows <= 0) return duration(0);
    const at = this.#windows.beginOf(this.#current[row]! + windows);
    return duration(Math.min(Number.MAX_SAFE_INTEGER, at - now));
  }

  #grow(row: number): void {
    const rows = Math.max(row + 1, this.#current.length * 2, 16);
    this.#current = grown(this.#current, rows);
    this.#used = grown(this.#used, rows * this.#columns);
  }
}

export const fixed = defineMeter({
  name: "fixed",
  summary: "So much in each minute of simulated time; a debt is carried into the next.",
  sources: [
    { text: "per-minute counters as gateways have them (LiteLLM, Azure: memory)", date: "2026-11" },
    { text: "the debt that is carried over is ours", date: "2026-11" },
  ],
  hasBurst: false,
  create: (specs) => new FixedWindows(specs),
});
