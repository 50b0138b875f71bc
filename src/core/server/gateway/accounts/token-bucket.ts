// Token buckets side by side: one row per (account, model), one bucket per limit. All or nothing over a row. Knows
// amounts and instants; what is charged, and what follows from a refusal, is the caller's business.
//
// Levels are kept in units of amount x microminutes, so that refilling a whole number per minute over whole
// microseconds is exact integer arithmetic and needs no tolerance. A rate like 1000 per hour is not whole per minute:
// it is kept as exactly as a double can.
import { assert } from "../../../base/assert.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";

export interface BucketSpec {
  /** Refill, an amount per minute above 0. */
  readonly perMinute: number;
  /** Depth of the bucket, above 0. A row starts full. */
  readonly burst: number;
}

export class TokenBuckets {
  readonly #columns: number;
  readonly #full: Float64Array;
  readonly #refill: Float64Array;
  #rows = 0;
  #levels: Float64Array = new Float64Array(0);
  #asOf: Float64Array = new Float64Array(0);

  constructor(specs: readonly BucketSpec[]) {
    for (const { perMinute, burst } of specs) {
      assert(Number.isFinite(perMinute) && perMinute > 0, "a bucket refills");
      assert(Number.isFinite(burst) && burst > 0, "a bucket holds something");
    }
    this.#columns = specs.length;
    this.#full = Float64Array.from(specs, (spec) => spec.burst * MICROS_PER_MINUTE);
    this.#refill = Float64Array.from(specs, (spec) => spec.perMinute);
  }

  /** Brings a row up to date. Rows that are new start full. */
  advance(row: number, now: Instant): void {
    if (this.#columns === 0) return;
    if (row >= this.#rows) this.#grow(row);
    const elapsed = now - this.#asOf[row]!;
    assert(elapsed >= 0, "LAW-2: time does not run backwards");
    if (elapsed === 0) return;
    this.#asOf[row] = now;
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      this.#levels[cell] = Math.min(
        this.#full[column]!,
        this.#levels[cell]! + elapsed * this.#refill[column]!,
      );
    }
  }

  /** Whether `amount` is there. A charge of nothing only asks that the bucket is not in debt. */
  holds(row: number, column: number, amount: number): boolean {
    return this.#levels[row * this.#columns + column]! >= amount * MICROS_PER_MINUTE;
  }

  /** Takes `amount`, into debt if need be. */
  take(row: number, column: number, amount: number): void {
    this.#levels[row * this.#columns + column]! -= amount * MICROS_PER_MINUTE;
  }

  /** Gives `amount` back, never above the burst. */
  giveBack(row: number, column: number, amount: number): void {
    const cell = row * this.#columns + column;
    this.#levels[cell] = Math.min(this.#full[column]!, this.#levels[cell]! + amount * MICROS_PER_MINUTE);
  }

  /** The shortest wait after which the bucket holds `amount`; undefined if it never can. The row is up to date. */
  waitFor(row: number, column: number, amount: number): Duration | undefined {
    const cost = amount * MICROS_PER_MINUTE;
    if (cost > this.#full[column]!) return undefined;
    const missing = cost - this.#levels[row * this.#columns + column]!;
    return duration(
      Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.ceil(missing / this.#refill[column]!))),
    );
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
