// Token buckets side by side: one row per (account, model), one bucket per limit, refilled continuously.
//
// Levels are kept in units of amount x microminutes, so that refilling a whole number per minute over whole
// microseconds is exact integer arithmetic and needs no tolerance. A rate like 1000 per hour is not whole per minute:
// it is kept as exactly as a double can.
import { assert } from "../../../base/assert.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";
import { defineMeter, type MeterSpec, type MeterState, perMinuteOf, type ScalableMeter } from "./meter.js";
import { RowScales } from "./row-scales.js";

export class TokenBuckets implements ScalableMeter {
  readonly #columns: number;
  readonly #full: Float64Array;
  readonly #refill: Float64Array;
  /** By column: the share of a full bucket below which a charge is softened. */
  readonly #softLevel: Float64Array;
  readonly #scales: RowScales;
  #rows = 0;
  #levels: Float64Array = new Float64Array(0);
  #asOf: Float64Array = new Float64Array(0);

  /** Rates and depths are above 0. A row starts full. */
  constructor(specs: readonly MeterSpec[]) {
    for (const { burst } of specs) {
      assert(Number.isFinite(burst) && burst > 0, "a bucket holds something");
    }
    this.#columns = specs.length;
    this.#refill = perMinuteOf(specs);
    this.#full = Float64Array.from(specs, (spec) => spec.burst * MICROS_PER_MINUTE);
    this.#softLevel = Float64Array.from(specs, ({ soft }) =>
      soft === undefined ? Number.NEGATIVE_INFINITY : 1 - soft,
    );
    this.#scales = new RowScales(specs.length);
  }

  advance(row: number, now: Instant): void {
    if (this.#columns === 0) return;
    if (row >= this.#rows) this.#grow(row);
    const elapsed = now - this.#asOf[row]!;
    assert(elapsed >= 0, "LAW-2: time does not run backwards");
    if (elapsed === 0) return;
    this.#asOf[row] = now;
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      const scale = this.#scales.of(row, column);
      const level = this.#levels[cell]! + elapsed * (this.#refill[column]! * scale);
      this.#levels[cell] = Math.min(this.#full[column]! * scale, level);
    }
  }

  holds(row: number, column: number, amount: number): boolean {
    return this.#levels[row * this.#columns + column]! >= amount * MICROS_PER_MINUTE;
  }

  take(row: number, column: number, amount: number): void {
    this.#levels[row * this.#columns + column]! -= amount * MICROS_PER_MINUTE;
  }

  giveBack(row: number, column: number, amount: number): void {
    const cell = row * this.#columns + column;
    this.#levels[cell] = Math.min(
      this.#fullOf(row, column),
      this.#levels[cell]! + amount * MICROS_PER_MINUTE,
    );
  }

  waitFor(row: number, column: number, amount: number): Duration | undefined {
    const cost = amount * MICROS_PER_MINUTE;
    if (cost > this.#fullOf(row, column)) return undefined;
    return this.#waitForLevel(row, column, cost);
  }

  isOverSoft(row: number, column: number): boolean {
    const level = this.#levels[row * this.#columns + column]!;
    return level < this.#softLevel[column]! * this.#fullOf(row, column);
  }

  state(row: number, column: number): MeterState {
    const full = this.#fullOf(row, column);
    const level = this.#levels[row * this.#columns + column]!;
    return {
      perMinute: this.#refillOf(row, column),
      size: full / MICROS_PER_MINUTE,
      remaining: Math.max(0, level) / MICROS_PER_MINUTE,
      reset: this.#waitForLevel(row, column, full),
    };
  }

  scale(row: number, column: number, factor: number): void {
    this.#scales.set(row, column, factor);
    const cell = row * this.#columns + column;
    this.#levels[cell] = Math.min(this.#fullOf(row, column), this.#levels[cell]!);
  }

  copyRow(from: number, to: number): void {
    if (to >= this.#rows) this.#grow(to);
    this.#asOf[to] = this.#asOf[from]!;
    this.#levels.copyWithin(to * this.#columns, from * this.#columns, (from + 1) * this.#columns);
    this.#scales.copyRow(from, to);
  }

  #fullOf(row: number, column: number): number {
    return this.#full[column]! * this.#scales.of(row, column);
  }

  #refillOf(row: number, column: number): number {
    return this.#refill[column]! * this.#scales.of(row, column);
  }

  #waitForLevel(row: number, column: number, level: number): Duration {
    const missing = level - this.#levels[row * this.#columns + column]!;
    const wait = Math.max(0, Math.ceil(missing / this.#refillOf(row, column)));
    return duration(Math.min(Number.MAX_SAFE_INTEGER, wait));
  }

  #grow(row: number): void {
    const rows = Math.max(row + 1, this.#rows * 2, 16);
    const levels = new Float64Array(rows * this.#columns);
    levels.set(this.#levels);
    for (let cell = this.#rows * this.#columns; cell < levels.length; cell++)
      levels[cell] = this.#full[cell % this.#columns]!;
    const asOf = new Float64Array(rows);
    asOf.set(this.#asOf);
    this.#levels = levels;
    this.#asOf = asOf;
    this.#rows = rows;
  }
}

export const bucket = defineMeter({
  name: "bucket",
  summary: "A token bucket: refilled continuously at the rate, and never fuller than the burst.",
  sources: [
    { text: "Anthropic says it refills continuously (read)", date: "2026-11" },
    { text: "that Fireworks does so, and a burst of a minute, is ours", date: "2026-11" },
  ],
  hasBurst: true,
  create: (specs) => new TokenBuckets(specs),
});
