// Two classical tests of whether draws follow a distribution. Both judge at a significance of 0.001: with fixed
// seeds a right sampler passes for good, and a wrong parameter is far beyond it.

/** Kolmogorov's limit distribution exceeds this with probability 0.001: sqrt(-ln(0.0005) / 2). */
const KOLMOGOROV_LIMIT = 1.9495;
/** The standard normal exceeds this with probability 0.001. */
const NORMAL_LIMIT = 3.0902;

export interface Fit {
  readonly statistic: number;
  /** A statistic above this rejects the distribution. */
  readonly limit: number;
}

/** Kolmogorov-Smirnov against a continuous cumulative distribution function; for samples of some hundreds up. */
export function kolmogorovSmirnov(samples: Float64Array, cumulative: (value: number) => number): Fit {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  let distance = 0;
  for (let index = 0; index < n; index++) {
    const expected = cumulative(sorted[index]!);
    distance = Math.max(distance, expected - index / n, (index + 1) / n - expected);
  }
  return { statistic: Math.sqrt(n) * distance, limit: KOLMOGOROV_LIMIT };
}

/**
 * Pearson's chi-square of counts against expected counts. Cells that expect fewer than five are counted together.
 * The limit is Wilson and Hilferty's cube approximation.
 */
export function chiSquare(observed: readonly number[], expected: readonly number[]): Fit {
  let statistic = 0;
  let cells = 0;
  const rare = { observed: 0, expected: 0 };
  const count = (seen: number, wanted: number) => {
    statistic += (seen - wanted) ** 2 / wanted;
    cells++;
  };
  expected.forEach((wanted, index) => {
    const seen = observed[index] ?? 0;
    if (wanted >= 5) {
      count(seen, wanted);
    } else {
      rare.observed += seen;
      rare.expected += wanted;
    }
  });
  if (rare.expected > 0) count(rare.observed, rare.expected);
  else if (rare.observed > 0) statistic = Number.POSITIVE_INFINITY;
  const freedom = cells - 1;
  if (freedom === 0) return { statistic, limit: 0 };
  const spread = 2 / (9 * freedom);
  return { statistic, limit: freedom * (1 - spread + NORMAL_LIMIT * Math.sqrt(spread)) ** 3 };
}
