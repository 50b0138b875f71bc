// An interval around a ratio of two sums - shed attempts over attempts - from independent samples of it: replications,
// or batches of one run. Events inside a sample may come in clusters; only samples must be independent of each other.
import exp from "@stdlib/math-base-special-exp";
import { aroundPositive } from "./interval.js";
import { checkConfidence, criticalT } from "./student.js";

/** What one sample says of a ratio: its own value, and the denominator behind it. */
export interface WeightedSample {
  readonly value: number;
  readonly weight: number;
}

export interface RatioInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How many samples it rests on: those with some weight. */
  readonly n: number;
}

/** A ratio with how far each sample pulls it: on average, the squares of these are its variance times n. */
export interface Ratio {
  readonly value: number;
  readonly pulls: readonly number[];
}

/**
 * The ratio estimator R = sum(w v) / sum(w), and around it Student's t with n - 1 degrees of freedom (Cochran, Sampling
 * Techniques, 1977, chapter 6). The standard error is the jackknife's, which lets each sample pull by what R would be
 * without it (Efron and Stein, The jackknife estimate of variance, Annals of Statistics 9, 1981). With equal weights it
 * is the standard error of the mean.
 *
 * The interval is reckoned on the scale of log(R / (1 - R)) where R is a share, of log R where it is not, by the delta
 * method (Korn and Graubard, Analysis of Health Surveys, 1999, 3.3): rare events that come in clusters are skewed, and
 * an interval as far to both sides then lies below the truth far more often than above it. Far from 0 and 1, or with a
 * small error, the scale makes no difference. docs/statistics.md has the measured coverage of both.
 *
 * `inflation` widens it where the samples are known to be correlated.
 *
 * A single sample has an infinite interval; without samples all is NaN. Throws INVALID_PARAMETER unless the confidence
 * is between 0 and 1.
 */
export function ratioInterval(
  samples: readonly WeightedSample[],
  confidence: number,
  inflation = 1,
): RatioInterval {
  checkConfidence(confidence);
  const known = samples.filter(({ weight }) => weight > 0);
  const n = known.length;
  const { value, pulls } = ratioOf(known);
  if (n === 0) return { value, low: Number.NaN, high: Number.NaN, n };
  const error = standardError(pulls) * inflation;
  if (error === 0) return { value, low: value, high: value, n };
  const half = n === 1 ? error : criticalT(confidence, n - 1) * error;
  if (n === 1 || value <= 0 || known.some((one) => one.value < 0)) {
    return { value, low: value - half, high: value + half, n };
  }
  if (known.some((one) => one.value > 1)) {
    return { value, ...aroundPositive(value, half), n };
  }
  const factor = exp(half / (value * (1 - value)));
  return { value, low: shareAt(value, 1 / factor), high: shareAt(value, factor), n };
}

/** The share whose odds are so many times the given one's. */
function shareAt(share: number, factor: number): number {
  // Not odds * factor / (1 + odds * factor): a factor past all doubles must give 1, not NaN.
  return share / (share + (1 - share) / factor);
}

/**
 * The weighted mean of the samples, all of which have some weight. The pull of sample i is
 * (n - 1) w_i (v_i - R) / (W - w_i): n - 1 times how far R moves when it is left out. With equal weights it is v_i - R.
 */
export function ratioOf(samples: readonly WeightedSample[]): Ratio {
  const n = samples.length;
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const value = samples.reduce((sum, one) => sum + one.weight * one.value, 0) / total;
  const pulls = samples.map((one) => ((n - 1) * one.weight * (one.value - value)) / (total - one.weight));
  return { value, pulls };
}

/** Of a ratio, or of a sum of ratios whose pulls were added up: sqrt(sum u_i² / (n (n - 1))). Infinite below 2. */
export function standardError(pulls: readonly number[]): number {
  const n = pulls.length;
  if (n < 2) return Number.POSITIVE_INFINITY;
  const squares = pulls.reduce((sum, pull) => sum + pull * pull, 0);
  return Math.sqrt(squares / (n * (n - 1)));
}
