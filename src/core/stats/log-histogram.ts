// Counts whole numbers from 0 to 2^53 in bins that grow with the number: as many to every octave, so that none is wider
// than a fixed share of the numbers in it. In bounded memory, and the same bins in every run and on every engine, so
// that two histograms add up. Knows nothing of what it counts.
import { assert } from "../base/assert.js";

/**
 * Bins to an octave, as a power of two: at most 1 / 1024, 1 / 128 or 1 / 4 of their value wide. Up to 2^53 all of them
 * take under 400 KB, under 50, and 2.
 */
const OCTAVE_BITS = { fine: 10, coarse: 7, chart: 2 } as const;

export type Resolution = keyof typeof OCTAVE_BITS;

/** Bins are laid out by octaves, of short ones several at a time: not with every number that comes. */
const FEWEST_BINS = 128;

const LARGEST = 2 ** 53;
/** Below it the bits of a number are found in one machine word, above it in the number without its LOW_BITS lowest. */
const WORD_RANGE = 2 ** 32;
const LOW_BITS = 22;
const LOW_RANGE = 2 ** LOW_BITS;

export class LogHistogram {
  readonly resolution: Resolution;
  readonly #octaveBits: number;
  /**
   * Whole octaves, from that of the smallest number to that of the largest: what is measured lies close together, and
   * many histograms never get anything. The first bin is `#first`. In doubles, so that counts stay right past 2^31.
   */
  #counts = new Float64Array(0);
  #first = 0;

  /** Where the smallest and the largest of the numbers to come are known, the bins are laid out once. */
  constructor(resolution: Resolution, range?: readonly [smallest: number, largest: number]) {
    this.resolution = resolution;
    this.#octaveBits = OCTAVE_BITS[resolution];
    if (range !== undefined)
      this.#reach(logBin(range[0], this.#octaveBits), logBin(range[1], this.#octaveBits));
  }

  /** Bytes of the counts, the part that grows. */
  get byteLength(): number {
    return this.#counts.byteLength;
  }

  add(value: number): void {
    assert(value >= 0 && value <= LARGEST, "a histogram counts whole numbers from 0 up");
    const bin = logBin(value, this.#octaveBits);
    // As a number without a sign, a place before the first is beyond any length.
    if ((bin - this.#first) >>> 0 >= this.#counts.length) this.#reach(bin);
    this.#counts[bin - this.#first]!++;
  }

  /** Adds what another histogram holds, whose bins are as fine or finer: they lie within those of this one. */
  merge(other: LogHistogram): void {
    assert(other.#octaveBits >= this.#octaveBits, "a histogram takes in one that is as fine, or finer");
    const from = other.#counts;
    // Not as far as the other one is laid out: that may be a long octave for one number.
    const last = lastInUse(from);
    if (last < 0) return;
    const first = firstInUse(from);
    const isSame = other.#octaveBits === this.#octaveBits;
    const binHere = (place: number) => {
      const bin = other.#first + place;
      return isSame ? bin : logBin(other.#start(bin), this.#octaveBits);
    };
    this.#reach(binHere(first), binHere(last));
    const into = this.#counts;
    for (let place = first; place <= last; place++) {
      const count = from[place]!;
      if (count > 0) into[binHere(place) - this.#first]! += count;
    }
  }

  /**
   * For each rank the value that has exactly so many counted values before it in order, to within its bin. A fine
   * bin is told by its middle. In a wider one the values are taken to lie evenly, and a whole number to stand for
   * everything that was rounded to it, half a unit to either side. Ranks are best given in order: then bins are gone
   * through once.
   */
  valuesAtRanks(ranks: readonly number[]): number[] {
    const counts = this.#counts;
    let before = 0;
    let place = 0;
    return ranks.map((rank) => {
      if (rank < before) {
        before = 0;
        place = 0;
      }
      for (; place < counts.length - 1 && before + counts[place]! <= rank; place++) before += counts[place]!;
      return this.#valueIn(place, rank - before);
    });
  }

  /** Of the values in a bin, the one with so many of them before it. */
  #valueIn(place: number, rank: number): number {
    const bin = this.#first + place;
    if (this.resolution === "fine") return this.#middle(bin);
    const least = this.#start(bin);
    return least - 0.5 + ((this.#start(bin + 1) - least) * (rank + 0.5)) / this.#counts[place]!;
  }

  #middle(bin: number): number {
    const least = this.#start(bin);
    return least + Math.floor((this.#start(bin + 1) - least) / 2);
  }

  /** From the first bin in use to the last: where each begins, where the last one ends, and what each holds. */
  bins(): { readonly edges: number[]; readonly counts: number[] } {
    const all = this.#counts;
    const last = lastInUse(all);
    if (last < 0) return { edges: [], counts: [] };
    const first = firstInUse(all);
    return {
      edges: Array.from({ length: last - first + 2 }, (_, index) => this.#start(this.#first + first + index)),
      counts: [...all.subarray(first, last + 1)],
    };
  }

  /** The middle of every bin in use, in order, and what it holds. */
  middles(): { readonly values: Float64Array; readonly counts: Float64Array } {
    const all = this.#counts;
    let inUse = 0;
    for (let place = 0; place < all.length; place++) if (all[place]! > 0) inUse++;
    const values = new Float64Array(inUse);
    const counts = new Float64Array(inUse);
    let index = 0;
    for (let place = 0; index < inUse; place++) {
      if (all[place] === 0) continue;
      values[index] = this.#middle(this.#first + place);
      counts[index++] = all[place]!;
    }
    return { values, counts };
  }

  #start(bin: number): number {
    return logBinStart(bin, this.#octaveBits);
  }

  /** Lays out the bins between two and those that there are, in whole octaves. */
  #reach(least: number, most = least): void {
    const unit = Math.max(FEWEST_BINS, 1 << this.#octaveBits);
    const old = this.#counts;
    const isNew = old.length === 0;
    const from = Math.floor(least / unit) * unit;
    const to = (Math.floor(most / unit) + 1) * unit;
    const first = isNew ? from : Math.min(this.#first, from);
    const end = isNew ? to : Math.max(this.#first + old.length, to);
    if (end - first === old.length) return;
    this.#counts = new Float64Array(end - first);
    if (!isNew) this.#counts.set(old, this.#first - first);
    this.#first = first;
  }
}

/** The first bin that holds a count, where there is one. */
function firstInUse(counts: Float64Array): number {
  let bin = 0;
  while (counts[bin] === 0) bin++;
  return bin;
}

/** The last bin that holds a count, or -1. */
function lastInUse(counts: Float64Array): number {
  let bin = counts.length - 1;
  while (bin >= 0 && counts[bin] === 0) bin--;
  return bin;
}

/**
 * The bin of a whole number from 0 to 2^53, with 2^bits of them to an octave, by the place of its highest bit and as
 * many bits below that as an octave has: no logarithm, whose last bits differ between engines. Every number below two
 * octaves' worth has a bin of its own.
 */
export function logBin(value: number, bits: number): number {
  if (value >= WORD_RANGE) {
    const high = Math.floor(value / LOW_RANGE);
    const shift = 31 - Math.clz32(high) - bits;
    return ((shift + LOW_BITS) << bits) + (high >>> shift);
  }
  const shift = 31 - Math.clz32(value) - bits;
  return shift <= 0 ? value : (shift << bits) + (value >>> shift);
}

/** The least number of a bin; the bin ends where the next one begins. */
export function logBinStart(bin: number, bits: number): number {
  const shift = (bin >>> bits) - 1;
  return shift <= 0 ? bin : (bin - (shift << bits)) * 2 ** shift;
}
