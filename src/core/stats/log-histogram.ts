// Counts whole numbers in bins that grow with the number, four to an octave: what a chart of times or lengths needs, in
// constant memory. Every histogram has the same bins, so that two of them add up. Knows nothing of what it counts.
import { assert } from "../base/assert.js";

/** Up to 2^53, above which whole numbers are not counted exactly. */
const BINS = 4 * 53;
const LARGEST_WORD = 2 ** 31;

/** The bin of a whole number. Below 8 every number has its own. */
export function logBin(value: number): number {
  if (value < 4) return value;
  let word = value;
  let octaves = 0;
  for (; word >= LARGEST_WORD; word = Math.floor(word / 2)) octaves++;
  const exponent = 31 - Math.clz32(word);
  return 4 * (exponent + octaves - 1) + ((word >>> (exponent - 2)) & 3);
}

/** The least number of a bin; the bin ends where the next one begins. */
export function logBinStart(bin: number): number {
  return bin < 4 ? bin : (4 + (bin & 3)) * 2 ** ((bin >> 2) - 1);
}

export class LogHistogram {
  /** Made when there is something to count: many histograms never get anything. */
  #counts: Float64Array | undefined;

  add(value: number, count = 1): void {
    assert(value >= 0 && value <= Number.MAX_SAFE_INTEGER, "a histogram counts whole numbers from 0 up");
    this.#counts ??= new Float64Array(BINS);
    this.#counts[logBin(value)]! += count;
  }

  merge(other: LogHistogram): void {
    const from = other.#counts;
    if (from === undefined) return;
    this.#counts ??= new Float64Array(BINS);
    for (let bin = 0; bin < BINS; bin++) this.#counts[bin]! += from[bin]!;
  }

  /** From the first bin in use to the last: where each begins, where the last one ends, and what each holds. */
  bins(): { readonly edges: number[]; readonly counts: number[] } {
    const all = this.#counts;
    if (all === undefined) return { edges: [], counts: [] };
    const first = all.findIndex((count) => count > 0);
    if (first < 0) return { edges: [], counts: [] };
    let last = BINS - 1;
    while (all[last] === 0) last--;
    return {
      edges: Array.from({ length: last - first + 2 }, (_, index) => logBinStart(first + index)),
      counts: [...all.subarray(first, last + 1)],
    };
  }
}
