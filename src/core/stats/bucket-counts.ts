// The histogram behind a quantile sketch: hdr-histogram-js, with its buckets found by bit arithmetic. The
// library finds them by powers and logarithms, which would make this the most expensive part of counting a
// request.
//
// The class is imported from its own file, because the package root also brings compression and WebAssembly
// along, and with them a direct eval that no browser policy should have to allow.
import histogramFile from "hdr-histogram-js/dist/Float64Histogram.js";

/** Node's import of a CommonJS file gives the file's exports; other loaders unwrap their default already. */
const Float64Histogram = "default" in histogramFile ? histogramFile.default : histogramFile;

/** Buckets are below 1 / 1024 of their value wide, or 1 / 128; all of them, up to 2^53, take under 400 KB, or 50. */
const FINE = 3;
const COARSE = 2;
/** Below 2^11 every whole number has its own bucket, and each octave above has 2^10 of them; or 2^8, and 2^7. */
const OCTAVE_BITS = { [FINE]: 10, [COARSE]: 7 } as const;
const LARGEST_WORD = 2 ** 31 - 1;

/** Counts whole numbers from 0 to 2^53 in doubles, so that counts stay right past 2^31. Grows as it needs. */
export class BucketCounts extends Float64Histogram {
  readonly #octaveBits: number;
  readonly #isCoarse: boolean;

  /** Room for values up to `highest` from the start, so that it need not grow at each new octave. */
  constructor({ coarse = false, highest = 2 } = {}) {
    const digits = coarse ? COARSE : FINE;
    super(1, Math.max(2, highest), digits);
    this.#octaveBits = OCTAVE_BITS[digits];
    this.#isCoarse = coarse;
    this.autoResize = true;
  }

  /** The same index as the library's own, for the values that fit a machine word. */
  override countsArrayIndex(value: number): number {
    if (value > LARGEST_WORD) return super.countsArrayIndex(value);
    const octave = 31 - Math.clz32(value) - this.#octaveBits;
    return octave <= 0 ? value : (octave << this.#octaveBits) + (value >>> octave);
  }

  /** Buckets that hold anything, from the lowest up: the least value of each, and how many it holds. */
  forEachBucket(visit: (value: number, count: number) => void): void {
    for (let index = 0; index < this.countsArrayLength; index++) {
      const count = this.getCountAtIndex(index);
      if (count > 0) visit(this.valueFromIndex(index), count);
    }
  }

  /**
   * The middle of the bucket that holds the value with exactly `rank` values before it in order. Of a coarse bucket,
   * where in it that value would lie if all of its values lay evenly.
   */
  valueAtRank(rank: number): number {
    if (this.#isCoarse) return this.#withinBucket(rank);
    // The library takes a percentage and rounds its count up; half a rank less cannot round to a neighbour.
    return this.medianEquivalentValue(this.getValueAtPercentile((100 * (rank + 0.5)) / this.totalCount));
  }

  #withinBucket(rank: number): number {
    let before = 0;
    let index = 0;
    for (; index < this.countsArrayLength - 1; index++) {
      const count = this.getCountAtIndex(index);
      if (before + count > rank) break;
      before += count;
    }
    const least = this.valueFromIndex(index);
    const width = this.valueFromIndex(index + 1) - least;
    // A whole number stands for everything that was rounded to it, half a unit to either side.
    return least - 0.5 + (width * (rank - before + 0.5)) / this.getCountAtIndex(index);
  }
}
