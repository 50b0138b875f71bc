// Summarises a stream of measurements, of which there may be billions, in bounded memory: exact as long as
// they are few, then in a histogram whose bins are a thousandth of their value wide. Knows nothing of what
// it measures.
import { assert } from "../base/assert.js";
import { grown } from "../base/grown.js";
import { LogHistogram } from "./log-histogram.js";
import type { RankedValues } from "./ranked-values.js";
import { sortAscending } from "./sort.js";

const DEFAULT_EXACT_LIMIT = 65_536;
const FIRST_CAPACITY = 128;
/** Ranked values beyond this many stand in bins: what is handed on of many runs is held all at once. */
const MOST_RANKED = 4096;

export interface QuantileSketchOptions {
  /** The smallest difference that matters, in the unit of the values. */
  readonly unit: number;
  /** How many values are kept as they are. */
  readonly exactLimit?: number | undefined;
  /** Bins a hundredth of their value wide, in which values are taken to lie evenly: an eighth of the memory. */
  readonly coarse?: boolean | undefined;
}

/**
 * Count, sum, mean and extremes are always those of the values themselves. A quantile is that of the values
 * while `exact`, and afterwards within 0.1 % of it or half a unit, whichever is more.
 */
export class QuantileSketch {
  /** The smallest difference that matters. */
  readonly unit: number;
  readonly #exactLimit: number;
  #coarse: boolean;
  readonly #largest: number;
  #values = new Float64Array(0);
  #sorted = true;
  #histogram: LogHistogram | undefined;
  #count = 0;
  #sum = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;

  constructor({ unit, exactLimit = DEFAULT_EXACT_LIMIT, coarse = false }: QuantileSketchOptions) {
    assert(Number.isFinite(unit) && unit > 0, "a sketch's unit is a finite number above 0");
    assert(Number.isSafeInteger(exactLimit) && exactLimit >= 0, "a sketch's exact limit is a whole number");
    this.unit = unit;
    this.#exactLimit = exactLimit;
    this.#coarse = coarse;
    // Bins are found by whole multiples of the unit, and those are whole up to 2^53 only.
    this.#largest = unit * Number.MAX_SAFE_INTEGER;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** NaN when empty, as are the extremes and every quantile. */
  get mean(): number {
    // Rounding must not carry the mean of equal values past them.
    return Math.min(Math.max(this.#sum / this.#count, this.#minimum), this.#maximum);
  }

  get minimum(): number {
    return this.#count === 0 ? Number.NaN : this.#minimum;
  }

  get maximum(): number {
    return this.#count === 0 ? Number.NaN : this.#maximum;
  }

  /** Whether every value is still held, so that quantiles have no error. */
  get exact(): boolean {
    return this.#histogram === undefined;
  }

  /** Bytes held by the values or the histogram: the part that grows. */
  get retainedBytes(): number {
    return this.#values.byteLength + (this.#histogram?.byteLength ?? 0);
  }

  /** Counts one value: finite, from 0 up, and at most 2^53 units. */
  add(value: number): void {
    assert(value >= 0 && value <= this.#largest, "a measured value is finite and from 0 up");
    if (this.#histogram !== undefined) this.#histogram.add(Math.round(value / this.unit));
    else this.#keep(value);
    this.#count++;
    this.#sum += value;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
  }

  /**
   * The value below which the share `p` of the values lies, from 0 (the minimum) to 1 (the maximum),
   * interpolated between neighbours (type 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
   * 1996).
   */
  quantile(p: number): number {
    const place = this.#placeOf(p);
    return this.#count === 0 ? Number.NaN : this.#interpolated(place, (rank) => this.#ranked(rank));
  }

  /** Several of them, from the smallest share to the largest: bins are gone through once. */
  quantiles(shares: readonly number[]): number[] {
    const histogram = this.#histogram;
    if (histogram === undefined || this.#count === 0) return shares.map((p) => this.quantile(p));
    const places = shares.map((p) => this.#placeOf(p));
    const middles = histogram.valuesAtRanks(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]));
    return places.map((place, index) => {
      const middleAt = (rank: number) => middles[rank <= place ? 2 * index : 2 * index + 1]!;
      return this.#interpolated(place, (rank) => this.#ranked(rank, middleAt(rank)));
    });
  }

  /** All values in order: as they are where they are few, else the middles of bins a thousandth of them wide. */
  ranked(): RankedValues {
    if (this.#histogram === undefined && this.#count <= MOST_RANKED) {
      return { values: this.#sortedValues().slice(0, this.#count), counts: null };
    }
    let histogram = this.#histogram;
    if (histogram === undefined) {
      histogram = new LogHistogram("fine");
      this.#countValues(histogram);
    }
    const { values, counts } = histogram.middles();
    return { values: values.map((value) => this.#clamped(value * this.unit)), counts };
  }

  /** All values, as whole multiples of the unit. */
  histogram(): LogHistogram {
    const histogram = new LogHistogram("chart");
    if (this.#histogram !== undefined) histogram.merge(this.#histogram);
    else this.#countValues(histogram);
    return histogram;
  }

  /**
   * Counts all values of the other sketch, which must have the same unit and stays as it is. What is taken together is
   * as coarse as its coarser part: in finer bins all of its values would lie at the edges of the coarser ones. Sums are
   * added up, not values one by one: the last digit then does not depend on whether a quantile has sorted them.
   */
  merge(other: QuantileSketch): void {
    assert(other !== this && other.unit === this.unit, "sketches merge with others of the same unit");
    if (other.#histogram !== undefined) {
      if (other.#coarse) this.#coarsen();
      this.#spill().merge(other.#histogram);
    } else if (this.#histogram === undefined && this.#count + other.#count <= this.#exactLimit)
      this.#keepAll(other);
    else other.#countValues(this.#spill());
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#minimum = Math.min(this.#minimum, other.#minimum);
    this.#maximum = Math.max(this.#maximum, other.#maximum);
  }

  #keep(value: number): void {
    if (this.#count === this.#exactLimit) {
      this.#spill().add(Math.round(value / this.unit));
      return;
    }
    if (this.#count === this.#values.length) this.#grow();
    // Of 0 there is one: -0 has other bits.
    this.#values[this.#count] = value + 0;
    this.#sorted = false;
  }

  #keepAll(other: QuantileSketch): void {
    const count = this.#count + other.#count;
    while (this.#values.length < count) this.#grow();
    this.#values.set(other.#values.subarray(0, other.#count), this.#count);
    this.#sorted = false;
  }

  #grow(): void {
    const wanted = Math.max(FIRST_CAPACITY, 4 * this.#values.length);
    this.#values = grown(this.#values, Math.min(wanted, this.#exactLimit));
  }

  /** Moves the values into a histogram, once and for good. */
  #spill(): LogHistogram {
    if (this.#histogram !== undefined) return this.#histogram;
    const range = [this.#minimum, this.#maximum].map((value) => Math.round(value / this.unit));
    const histogram = new LogHistogram(
      this.#coarse ? "coarse" : "fine",
      this.#count === 0 ? undefined : (range as [number, number]),
    );
    this.#countValues(histogram);
    this.#values = new Float64Array(0);
    this.#histogram = histogram;
    return histogram;
  }

  #countValues(into: LogHistogram): void {
    for (let index = 0; index < this.#count; index++) into.add(Math.round(this.#values[index]! / this.unit));
  }

  #coarsen(): void {
    if (this.#coarse) return;
    this.#coarse = true;
    if (this.#histogram === undefined) return;
    const histogram = new LogHistogram("coarse");
    histogram.merge(this.#histogram);
    this.#histogram = histogram;
  }

  /** How many values lie before a quantile: no whole number, where it lies between two. */
  #placeOf(p: number): number {
    assert(p >= 0 && p <= 1, "a quantile's share is from 0 to 1");
    return (this.#count - 1) * p;
  }

  #interpolated(place: number, valueAt: (rank: number) => number): number {
    const rank = Math.floor(place);
    const lower = valueAt(rank);
    return rank === place ? lower : lower + (place - rank) * (valueAt(rank + 1) - lower);
  }

  /** The value with exactly `rank` values before it in order; `middle` of its bin, where that has been looked up. */
  #ranked(rank: number, middle?: number): number {
    if (rank === 0) return this.#minimum;
    if (rank === this.#count - 1) return this.#maximum;
    if (this.#histogram === undefined) return this.#sortedValues()[rank]!;
    return this.#clamped((middle ?? this.#histogram.valuesAtRanks([rank])[0]!) * this.unit);
  }

  /** No value lies beyond the extremes, whatever the middle of their bins. */
  #clamped(value: number): number {
    return Math.min(Math.max(value, this.#minimum), this.#maximum);
  }

  #sortedValues(): Float64Array {
    // The order of arrival is never asked for, so the values are sorted where they are.
    if (!this.#sorted) sortAscending(this.#values, this.#count);
    this.#sorted = true;
    return this.#values;
  }
}
