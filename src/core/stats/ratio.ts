// A ratio of two sums - shed attempts over attempts - from samples of it that are independent of each other: what it
// is, how far that may be off, and how many degrees of freedom its error is worth. Events inside a sample may come in
// clusters. A mean is the ratio whose weights are all 1. Knows numbers only.
import { around, type Bounds, type Reach, type Scale } from "./scale.js";
import { oneSidedT } from "./student.js";

/** What one sample says of a ratio: its own value, and the denominator behind it. */
export interface WeightedSample {
  readonly value: number;
  readonly weight: number;
}

/** A ratio with how far each sample pulls it: on average, the squares of these are its variance times n. */
export interface Ratio {
  readonly value: number;
  readonly pulls: readonly number[];
}

/** What is known of a ratio. */
export interface RatioEstimate {
  /** NaN without a sample that has some weight. */
  readonly value: number;
  /** Standard error; infinite with fewer than two samples. */
  readonly error: number;
  /** Degrees of freedom of the error, from 1 up. */
  readonly freedom: number;
  /** Samples with some weight. */
  readonly n: number;
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

/**
 * The ratio estimator R = sum(w v) / sum(w) (Cochran, Sampling Techniques, 1977, chapter 6). The standard error is the
 * jackknife's, which lets each sample pull by what R would be without it (Efron and Stein, The jackknife estimate of
 * variance, Annals of Statistics 9, 1981). With equal weights it is the standard error of the mean.
 */
export function ratioEstimate(samples: readonly WeightedSample[]): RatioEstimate {
  const known = samples.filter(({ weight }) => weight > 0);
  const { value, pulls } = ratioOf(known);
  return { value, n: known.length, ...errorOf(pulls) };
}

/** The standard error of a mean of pulls, and its degrees of freedom. */
export function errorOf(pulls: readonly number[]): Pick<RatioEstimate, "error" | "freedom"> {
  const squares = pulls.map((pull) => pull * pull);
  return { error: standardError(pulls), freedom: freedomOfPulls(squares) };
}

/** Samples of which even a small part are not few. */
const MANY = 100;

/**
 * Degrees of freedom of the sum of n squared pulls: n - 1 where they are spread as those of a normal distribution, and
 * down to 1 where one of them is all there is. With m the number of squares that carry the sum, which is about
 * q = n (n + 1) / (3 (n - 1)) of normal ones - the kurtosis of n of them is 3 (n - 1) / (n + 1) on average (Fisher,
 * 1930) -
 *
 *     1 + (n - 2) min(1, (m - 1) / (q - 1))³, and at least (m - 1) / 2
 *
 * Where a few samples hold most of what varies, the variance is known as badly as from those few alone. Of hundreds
 * even a small part are not few, and m is known well: then it is at least m - 1 / m. The power was chosen by how often
 * intervals cover, on one half of the models of docs/statistics.md, and scored on the other.
 */
function freedomOfPulls(squares: readonly number[]): number {
  const n = squares.length;
  if (n < 3) return 1;
  const usual = (n * (n + 1)) / (3 * (n - 1));
  const carrying = effectiveNumber(squares);
  const spread = Math.min(1, (carrying - 1) / (usual - 1));
  const least = n < MANY ? (carrying - 1) / 2 : carrying - 1 / carrying;
  return Math.max(1 + (n - 2) * spread * spread * spread, least);
}

/**
 * The same of a variance that is a sum of unlike parts, as of strata: at most `most`, and no more than the number of
 * parts that carry it, m = (sum of parts)² / sum of parts², less 1 / m.
 */
export function freedomOf(parts: readonly number[], most: number): number {
  const carrying = effectiveNumber(parts);
  return Math.max(1, Math.min(most, carrying - 1 / carrying));
}

/** Equal weights that are worth as much as these: (sum w)² / sum w² (Kish, Survey Sampling, 1965); all if all are 0. */
export function effectiveNumber(weights: readonly number[]): number {
  const sum = weights.reduce((so, weight) => so + weight, 0);
  const squares = weights.reduce((so, weight) => so + weight * weight, 0);
  return squares > 0 ? (sum * sum) / squares : weights.length;
}

/** How often an interval may lie above the truth, and how often below it: probabilities. */
export interface Risks {
  readonly below: number;
  readonly above: number;
}

/** Both sides of an interval that misses as often on either: 0.025 and 0.025 for a confidence of 0.95. */
export function evenRisks(confidence: number): Risks {
  const risk = (1 - confidence) / 2;
  return { below: risk, above: risk };
}

/** How far Student's t reaches from an estimate, so that the truth lies beyond it no more often than that. */
export function reachOf({ error, freedom }: RatioEstimate, { below, above }: Risks): Reach {
  const half = (risk: number) => (error === 0 ? 0 : oneSidedT(risk, freedom) * error);
  return { below: half(below), above: half(above) };
}

/** Student's t interval on a scale. Throws INVALID_PARAMETER unless the risks are between 0 and 1. */
export function intervalAround(estimate: RatioEstimate, scale: Scale, risks: Risks): Bounds {
  return around(estimate.value, reachOf(estimate, risks), scale);
}
