// The histogram behind a quantile sketch: hdr-histogram-js, with its buckets found by bit arithmetic. The
// library finds them by powers and logarithms, which would make this the dearest part of counting a request.
//
// The class is imported from its own file, because the package root also brings compression and WebAssembly
// along, and with them a direct eval that no browser policy should have to allow.
import histogramFile from "hdr-histogram-js/dist/Float64Histogram.js";

/** Node's import of a CommonJS file gives the file's exports; other loaders unwrap their default already. */
const Float64Histogram = "default" in histogramFile ? histogramFile.default : histogramFile;

/** Buckets are below 1 / 1024 of their value wide; all of them, up to 2^53, take under 400 KB. */
const SIGNIFICANT_DIGITS = 3;
/** Below 2^11 every whole number has its own bucket, and each octave above has 2^10 of them. */
const OCTAVE_BITS = 10;
const LARGEST_WORD = 2 ** 31 - 1;

/** Counts whole numbers from 0 to 2^53 in doubles, so that counts stay right past 2^31. Grows as it needs. */
export class BucketCounts extends Float64Histogram {
  constructor() {
    super(1, 2, SIGNIFICANT_DIGITS);
    this.autoResize = true;
  }

  /** The same index as the library's own, for the values that fit a machine word. */
  override countsArrayIndex(value: number): number {
    if (value > LARGEST_WORD) return super.countsArrayIndex(value);
    const octave = 31 - Math.clz32(value) - OCTAVE_BITS;
    return octave <= 0 ? value : (octave << OCTAVE_BITS) + (value >>> octave);
  }

  /** The middle of the bucket that holds the value with exactly `rank` values before it in order. */
  valueAtRank(rank: number): number {
    // The library takes a percentage and rounds its count up; half a rank less cannot round to a neighbour.
    return this.medianEquivalentValue(this.getValueAtPercentile((100 * (rank + 0.5)) / this.totalCount));
  }
}
