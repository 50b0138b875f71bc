// Measured values in order, each with how often it came: what is left of a sketch once nothing more is added to it.
// Plain arrays, so that they can be handed from one thread to another. Knows no more of the values than that.
import { assert } from "../base/assert.js";

/** Different or not, in ascending order; without counts every value came once. */
export interface RankedValues {
  readonly values: Float64Array;
  readonly counts: Float64Array | null;
}

/** How many of them lie where. */
export class Ranking {
  readonly values: Float64Array;
  readonly count: number;
  /** Whether these are the values themselves, not the middles of bins. */
  readonly isExact: boolean;
  /** Before the value at each place; null where that is the place itself. */
  readonly #before: Float64Array | null;

  constructor({ values, counts }: RankedValues) {
    assert(counts === null || counts.length === values.length, "every value has its count");
    this.values = values;
    this.isExact = counts === null;
    this.#before = counts === null ? null : sumsBefore(counts);
    this.count = this.#countBefore(values.length);
  }

  /** How many are greater than `value`. */
  above(value: number): number {
    return this.count - this.upTo(value);
  }

  /** How many are less than `value`. */
  below(value: number): number {
    return this.#countBefore(firstPlace(this.values, (one) => one >= value));
  }

  /** How many are not greater than `value`. */
  upTo(value: number): number {
    return this.#countBefore(firstPlace(this.values, (one) => one > value));
  }

  #countBefore(place: number): number {
    return this.#before === null ? place : this.#before[place]!;
  }
}

function sumsBefore(counts: Float64Array): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  for (let place = 0; place < counts.length; place++) sums[place + 1] = sums[place]! + counts[place]!;
  return sums;
}

/** Of ascending values, the first of which it is true; true once, it stays so. */
function firstPlace(values: Float64Array, isTrue: (value: number) => boolean): number {
  let [from, until] = [0, values.length];
  while (from < until) {
    const middle = (from + until) >>> 1;
    if (isTrue(values[middle]!)) until = middle;
    else from = middle + 1;
  }
  return from;
}
