// The limits of meters that count what is used in a window: by row and column, as whole as amounts are, and the share
// of each from which on charges are softened. Made once for a meter and asked with each charge, so that it holds
// numbers and makes nothing.
import { assert } from "../../../base/assert.js";
import { type MeterSpec, perMinuteOf } from "./meter.js";
import { RowScales } from "./row-scales.js";

export class WindowLimits {
  readonly #limits: Float64Array;
  readonly #soft: Float64Array;
  readonly #scales: RowScales;

  /** Limits are one a minute at least. */
  constructor(specs: readonly MeterSpec[]) {
    this.#limits = windowLimitsOf(specs);
    this.#soft = softOf(specs);
    this.#scales = new RowScales(specs.length);
  }

  of(row: number, column: number): number {
    return wholeLimit(this.#limits[column]! * this.#scales.of(row, column));
  }

  isOverSoft(row: number, column: number, used: number): boolean {
    return used > this.#soft[column]! * this.of(row, column);
  }

  scale(row: number, column: number, factor: number): void {
    this.#scales.set(row, column, factor);
  }

  copyRow(from: number, to: number): void {
    this.#scales.copyRow(from, to);
  }
}

/** The share of each limit from which on charges are softened; infinite where there is none. */
export function softOf(specs: readonly MeterSpec[]): Float64Array {
  return Float64Array.from(specs, ({ soft }) => soft ?? Number.POSITIVE_INFINITY);
}

/** As whole as amounts are: a limit of 8.4 lets in 8. A product that should be whole may be a hair below it. */
export function wholeLimit(limit: number): number {
  return Math.floor(limit * (1 + 1e-12));
}

/** The stated limits of windows: less than one a minute would never let anything in. */
export function windowLimitsOf(specs: readonly MeterSpec[]): Float64Array {
  const limits = perMinuteOf(specs).map(wholeLimit);
  assert(
    limits.every((limit) => limit >= 1),
    "a window lets something in",
  );
  return limits;
}
