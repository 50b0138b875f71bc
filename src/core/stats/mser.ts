// Where a series settles: how many of its first bins show the start of the run rather than the run. Knows numbers only.

/** Bins averaged into one before the rule looks at them. */
const BATCH = 5;
/** The rule says nothing of fewer, and is misled by the last few, whose spread may be small by chance. */
const LEAST_BATCHES = 10;
const LAST_BATCHES = 5;

/**
 * MSER-5: cuts where the standard error of the mean of what is left, sum (x_i - mean)² / m² over those m, is least
 * (White, An effective truncation heuristic for bias reduction in simulation output, Simulation 69(6), 1997; in batches
 * of five: White, Cobb and Spratt, WSC 2000). Null where the cut lies in the second half, or the series is too short
 * to say: then no part of it is known to be settled. Bins that do not fill a batch of five are left out at the end.
 */
export function warmupBins(series: readonly number[]): number | null {
  const n = Math.floor(series.length / BATCH);
  if (n < LEAST_BATCHES) return null;
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  let mean = 0;
  let squares = 0;
  // From the end backwards, so that mean and squares of what is left grow by one batch each time (Welford 1962).
  for (let first = n - 1; first >= 0; first--) {
    const left = n - first;
    const value = batchMean(series, first);
    const difference = value - mean;
    mean += difference / left;
    squares += difference * (value - mean);
    if (left < LAST_BATCHES) continue;
    const error = squares / (left * left);
    // Of equals the earliest cut, which leaves most.
    if (error <= best) [best, cut] = [error, first];
  }
  return cut > n / 2 ? null : cut * BATCH;
}

function batchMean(series: readonly number[], batch: number): number {
  let sum = 0;
  for (let index = batch * BATCH; index < (batch + 1) * BATCH; index++) sum += series[index]!;
  return sum / BATCH;
}
