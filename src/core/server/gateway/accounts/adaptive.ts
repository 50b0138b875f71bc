// Limits that grow with sustained use and shrink without it, over a meter of any kind. A row's time runs in minutes
// from its first request on; the use of a whole minute decides about the next. A minute in which enough of the limit
// was used adds `growPerMinute` of the floor, so that under sustained use limit(t) = max(floor, growPerMinute x floor
// x minutes), which with 20 % is the one curve that was ever published (60 requests a minute at first, 120 after 10
// minutes, 720 after an hour, 1440 after two: an older page of Fireworks; excerpted, and the formula is our fit,
// exact there). What is kept is that number of minutes; every other minute halves it a little.
//
// The floor is the stated limit. Between `softFactor` and `hardFactor` of the grown limit a request is let in but
// softened, as that page says of traffic over the limit; the meter below holds the hard one.
import pow from "@stdlib/math-base-special-pow";
import { assert } from "../../../base/assert.js";
import { grown as longer } from "../../../base/grown.js";
import { type Duration, duration, type Instant, MICROS_PER_MINUTE } from "../../../base/units.js";
import type { Meter, MeterSpec, MeterState, ScalableMeter } from "./meter.js";

export interface AdaptiveOptions {
  /** By what share of the floor a limit grows in a minute of sustained use, above 0. */
  readonly growPerMinute: number;
  /** Share of the grown limit that a minute must use to count as sustained, above 0. */
  readonly useThreshold: number;
  /** After so long without such use what has been grown is half of what it was. */
  readonly shrinkHalfLife: Duration;
  /** Multiples of the grown limit: beyond the first requests are softened, beyond the second refused. */
  readonly softFactor: number;
  readonly hardFactor: number;
}

export interface AdaptiveSpec extends MeterSpec {
  /** The multiple of the floor that the limit grows to, 1 or more. */
  readonly ceiling: number;
}

const UNSEEN = -1;
/** The row on which the future of another is played. */
const SCRATCH = 0;

export class AdaptiveMeter implements Meter {
  readonly #options: AdaptiveOptions;
  readonly #inner: ScalableMeter;
  readonly #columns: number;
  readonly #floors: Float64Array;
  /** By column: the minutes of use at which it has reached its ceiling. */
  readonly #most: Float64Array;
  readonly #kept: number;
  /** By row: when its current minute began. */
  #since: Float64Array = new Float64Array(0);
  /** By row and column: minutes of use it has grown by, and what it has used in the current minute. */
  #minutes: Float64Array = new Float64Array(0);
  #used: Float64Array = new Float64Array(0);

  /** `create` makes the meter below. */
  constructor(
    specs: readonly AdaptiveSpec[],
    options: AdaptiveOptions,
    create: (specs: readonly MeterSpec[]) => ScalableMeter,
  ) {
    const { growPerMinute, shrinkHalfLife, softFactor, hardFactor } = options;
    assert(growPerMinute > 0 && shrinkHalfLife > 0, "an adaptive limit grows and shrinks");
    assert(softFactor > 0 && softFactor <= hardFactor, "the soft limit is not above the hard one");
    this.#options = options;
    this.#columns = specs.length;
    this.#floors = Float64Array.from(specs, ({ perMinute }) => perMinute);
    this.#most = Float64Array.from(specs, ({ ceiling }) => ceiling / growPerMinute);
    this.#kept = pow(0.5, MICROS_PER_MINUTE / shrinkHalfLife);
    const hard = specs.map(({ perMinute, burst }) => ({
      perMinute: perMinute * hardFactor,
      burst: burst * hardFactor,
    }));
    this.#inner = create(hard);
    this.#see(SCRATCH, 0 as Instant);
  }

  advance(row: number, now: Instant): void {
    this.#advance(row + 1, now);
  }

  holds(row: number, column: number, amount: number): boolean {
    return this.#inner.holds(row + 1, column, amount);
  }

  take(row: number, column: number, amount: number): void {
    this.#used[(row + 1) * this.#columns + column]! += amount;
    this.#inner.take(row + 1, column, amount);
  }

  giveBack(row: number, column: number, amount: number, chargedAt: Instant): void {
    this.#inner.giveBack(row + 1, column, amount, chargedAt);
    if (chargedAt < this.#since[row + 1]!) return;
    const cell = (row + 1) * this.#columns + column;
    this.#used[cell] = Math.max(0, this.#used[cell]! - amount);
  }

  /** Limits move while one waits: that is played minute by minute, on a row of its own. */
  waitFor(row: number, column: number, amount: number, now: Instant): Duration | undefined {
    this.#copyToScratch(row + 1);
    for (let at = now; ; ) {
      const next = (this.#since[SCRATCH]! + MICROS_PER_MINUTE) as Instant;
      const wait = this.#inner.waitFor(SCRATCH, column, amount, at);
      if (wait !== undefined && at + wait < next) return duration(at + wait - now);
      const isUnused = this.#used[SCRATCH * this.#columns + column] === 0;
      // Limits that nothing is used of grow no more: what is too large for them stays so.
      const isFinal = isUnused && (wait === undefined || this.#factorOf(SCRATCH, column) === 1);
      if (isFinal) return wait === undefined ? undefined : duration(at + wait - now);
      at = next;
      this.#advance(SCRATCH, at);
    }
  }

  /** Within a minute of the row's own. */
  isOverSoft(row: number, column: number): boolean {
    const used = this.#used[(row + 1) * this.#columns + column]!;
    return used > this.#options.softFactor * this.#floors[column]! * this.#factorOf(row + 1, column);
  }

  state(row: number, column: number, now: Instant): MeterState {
    return this.#inner.state(row + 1, column, now);
  }

  /** The grown limit of a row, without the factors. */
  limitOf(row: number, column: number): number {
    return this.#floors[column]! * this.#factorOf(row + 1, column);
  }

  #advance(row: number, now: Instant): void {
    if (row >= this.#since.length || this.#since[row] === UNSEEN) this.#see(row, now);
    while (now - this.#since[row]! >= MICROS_PER_MINUTE) this.#endMinute(row, now);
    this.#inner.advance(row, now);
  }

  /** Ends the minute of a row, or as many as leave every limit where it is. */
  #endMinute(row: number, now: Instant): void {
    const at = this.#since[row]! + MICROS_PER_MINUTE;
    this.#since[row] = at;
    let isAtRest = true;
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      const before = this.#factorOf(row, column);
      const isSustained = this.#used[cell]! >= this.#options.useThreshold * this.#floors[column]! * before;
      this.#minutes[cell] = isSustained
        ? Math.min(this.#most[column]!, this.#minutes[cell]! + 1)
        : this.#minutes[cell]! * this.#kept;
      this.#used[cell] = 0;
      const factor = this.#factorOf(row, column);
      if (factor > 1) isAtRest = false;
      if (factor === before) continue;
      this.#inner.advance(row, at as Instant);
      this.#inner.scale(row, column, factor);
    }
    if (isAtRest) this.#rest(row, now);
  }

  /** Nothing was used since, and all limits are at their floors: the rest of the minutes at once. */
  #rest(row: number, now: Instant): void {
    const idle = Math.floor((now - this.#since[row]!) / MICROS_PER_MINUTE);
    if (idle <= 0) return;
    this.#since[row]! += idle * MICROS_PER_MINUTE;
    for (let column = 0; column < this.#columns; column++) {
      this.#minutes[row * this.#columns + column]! *= pow(this.#kept, idle);
    }
  }

  #factorOf(row: number, column: number): number {
    return Math.max(1, this.#options.growPerMinute * this.#minutes[row * this.#columns + column]!);
  }

  #see(row: number, now: Instant): void {
    if (row >= this.#since.length) {
      const before = this.#since.length;
      const rows = Math.max(row + 1, before * 2, 16);
      this.#since = longer(this.#since, rows).fill(UNSEEN, before);
      this.#minutes = longer(this.#minutes, rows * this.#columns);
      this.#used = longer(this.#used, rows * this.#columns);
    }
    if (this.#since[row] === UNSEEN) this.#since[row] = now;
  }

  #copyToScratch(row: number): void {
    const columns = this.#columns;
    this.#inner.copyRow(row, SCRATCH);
    this.#since[SCRATCH] = this.#since[row]!;
    this.#minutes.copyWithin(SCRATCH, row * columns, (row + 1) * columns);
    this.#used.copyWithin(SCRATCH, row * columns, (row + 1) * columns);
  }
}
