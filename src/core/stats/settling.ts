// Where a series settles: how many of its first bins show the start of the run rather than the run. Knows numbers only.
import ln from "@stdlib/math-base-special-ln";
import { mean } from "simple-statistics";

/** The rule says nothing of fewer. */
const LEAST_BINS = 20;
/** What may be left of the start in the mean of what is kept, as a share of it. */
const MOST_BIAS = 0.005;
/** Queues near their limit settle more slowly in the end than their mean time of settling says. */
const SLOWER = 1.5;
/** A start that is off by less than this share is told from noise too badly to divide by. */
const LEAST_OFF = 0.3;

/**
 * Bins to leave out of a series so that the start moves the mean of the rest by less than half a percent. What is
 * missing of the mean of the second half, added up over the first, is a time: where the start is off by a share d and
 * approaches the mean as d exp(-t / a), it is d a. Sums see through noise that hides every single bin. What is still
 * missing after w bins, d a exp(-w / a), is then so small a share of what is kept, with `w` taken half as long again.
 * Null where that reaches into the second half, or the series is too short to say: then no part of it is known to be
 * settled.
 */
export function warmupBins(series: readonly number[]): number | null {
  const n = series.length;
  if (n < LEAST_BINS) return null;
  const half = Math.floor(n / 2);
  const settled = mean(series.slice(half));
  if (settled <= 0) return 0;
  let missing = 0;
  let area = 0;
  const missingUpTo = [0];
  for (let bin = 0; bin < half; bin++) {
    missing += 1 - series[bin]! / settled;
    missingUpTo.push(missing);
    // The largest on the way: a start that first overshoots is one, too.
    area = Math.max(area, Math.abs(missing));
  }
  const first = series.slice(0, Math.max(1, Math.round(area / 4)));
  const memory = area / Math.max(LEAST_OFF, Math.abs(1 - mean(first) / settled));
  let cut = area;
  // What is left out is missing from what is kept: each round asks for no less than the one before.
  for (let before = -1; cut <= half && cut - before > 0.01; ) {
    before = cut;
    cut = Math.max(area, SLOWER * memory * ln(area / (MOST_BIAS * (n - cut))));
  }
  // What stays within that share of the mean from some bin on is settled there, whatever came before.
  let constantFrom = n;
  while (constantFrom > 0 && Math.abs(series[constantFrom - 1]! - settled) <= MOST_BIAS * settled)
    constantFrom--;
  // Where the fading of the start can be told at all, it may also have ended before.
  const faded =
    cut > half ? n : Math.min(Math.ceil(cut), Math.max(Math.ceil(area), nothingMissingFrom(missingUpTo, n)));
  const least = Math.min(faded, constantFrom);
  return least > half ? null : least;
}

/**
 * Bins after which what is missing, added up to any of those that are left, is so small a share of what is kept that a
 * start which does not fade but ends, as that of a queue which is worked off, needs no more. Noise only makes it later.
 */
function nothingMissingFrom(missingUpTo: readonly number[], bins: number): number {
  let from = bins;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let cut = missingUpTo.length - 1; cut >= 0; cut--) {
    const before = missingUpTo[cut]!;
    least = Math.min(least, before);
    most = Math.max(most, before);
    if (Math.max(most - before, before - least) > (MOST_BIAS / 2) * (bins - cut)) break;
    from = cut;
  }
  return from;
}
