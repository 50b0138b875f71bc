// Fits lognormals to what a sketch holds: mixtures by expectation and maximisation, whole numbers by their steps. From
// quantiles, so that it costs the same for every trace, and the same for every order of rows.
import exp from "@stdlib/math-base-special-exp";
import ln from "@stdlib/math-base-special-ln";
import { normalCdf } from "../../stats/normal.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";

export interface FittedPart {
  readonly weight: number;
  readonly mu: number;
  readonly sigma: number;
}

export interface FittedMixture {
  readonly parts: readonly FittedPart[];
  /** Largest difference between the two distribution functions. */
  readonly ks: number;
}

const POINTS = 1000;
const ROUNDS = 200;
/** Narrower ones would stand for single values. */
const LEAST_SIGMA = 0.05;
/** Another part has to lower the difference by this much. */
const WORTH = 0.005;
const GOOD = 0.015;

/** Values above 0 as evenly spaced quantiles of their logarithm. */
export function logPoints(sketch: QuantileSketch): number[] {
  const points = Array.from({ length: POINTS }, (_, index) => sketch.quantile((index + 0.5) / POINTS));
  return points.filter((value) => value > 0).map((value) => ln(value));
}

/** The fewest lognormals, up to `most`, that more would not better much. Needs a value above 0. */
export function fitMixture(sketch: QuantileSketch, most = 3): FittedMixture {
  const points = logPoints(sketch);
  let best = maximised(points, 1);
  for (let parts = 2; parts <= most && best.ks > GOOD; parts++) {
    const next = maximised(points, parts);
    if (next.ks < best.ks - WORTH) best = next;
  }
  return best;
}

function maximised(points: readonly number[], count: number): FittedMixture {
  const size = points.length;
  let parts = Array.from({ length: count }, (_, part) => {
    const slice = points.slice(Math.floor((part * size) / count), Math.floor(((part + 1) * size) / count));
    return momentsOf(
      slice,
      slice.map(() => 1),
      1 / count,
    );
  });
  for (let round = 0; count > 1 && round < ROUNDS; round++) {
    const shares = points.map((point) => sharesOf(point, parts));
    parts = parts.map((_, part) => {
      const weights = shares.map((each) => each[part]!);
      return momentsOf(points, weights, weights.reduce((sum, weight) => sum + weight, 0) / size);
    });
  }
  return { parts, ks: ksOf(points, parts) };
}

function momentsOf(points: readonly number[], weights: readonly number[], weight: number): FittedPart {
  let total = 0;
  let sum = 0;
  for (let index = 0; index < points.length; index++) {
    total += weights[index]!;
    sum += weights[index]! * points[index]!;
  }
  if (total === 0) return { weight: 0, mu: points[0] ?? 0, sigma: LEAST_SIGMA };
  const mu = sum / total;
  let squares = 0;
  for (let index = 0; index < points.length; index++) squares += weights[index]! * (points[index]! - mu) ** 2;
  return { weight, mu, sigma: Math.max(LEAST_SIGMA, Math.sqrt(squares / total)) };
}

function sharesOf(point: number, parts: readonly FittedPart[]): number[] {
  const densities = parts.map(({ weight, mu, sigma }) => {
    const z = (point - mu) / sigma;
    return (weight * exp(-(z * z) / 2)) / sigma;
  });
  const total = densities.reduce((sum, density) => sum + density, 0);
  return total === 0 ? parts.map(({ weight }) => weight) : densities.map((density) => density / total);
}

/** Points are the middles of equal shares, so that each stands half a share above the function's step. */
function ksOf(points: readonly number[], parts: readonly FittedPart[]): number {
  let most = 0;
  for (let first = 0; first < points.length; ) {
    let behind = first;
    while (behind < points.length && points[behind] === points[first]) behind++;
    // Whole numbers repeat: the middle of their step is what a continuous function should meet.
    const wanted = (first + behind) / 2 / points.length;
    most = Math.max(most, Math.abs(cdf(points[first]!, parts) - wanted));
    first = behind;
  }
  return most;
}

function cdf(point: number, parts: readonly FittedPart[]): number {
  return parts.reduce((sum, { weight, mu, sigma }) => sum + weight * normalCdf((point - mu) / sigma), 0);
}

/** By halving: exact enough, and the same everywhere. */
export function normalQuantile(p: number): number {
  let [low, high] = [-9, 9];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The lognormal that gives whole numbers like these when rounded and raised to `least`: a line through the normal
 * quantiles of its steps. Values below `least` are left out.
 */
export function fitRounded(
  sketch: QuantileSketch,
  least: number,
): { readonly mu: number; readonly sigma: number } {
  const values = Array.from({ length: POINTS }, (_, index) =>
    Math.round(sketch.quantile((index + 0.5) / POINTS)),
  ).filter((value) => value >= least);
  const size = values.length;
  let [total, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (let first = 0; first < size; ) {
    let behind = first;
    while (behind < size && values[behind] === values[first]) behind++;
    const share = behind / size;
    if (behind === size) break;
    const x = normalQuantile(share);
    const y = ln(values[first]! + 0.5);
    // Steps in the middle are known best.
    const weight = share * (1 - share) * Math.sqrt(behind - first);
    total += weight;
    sumX += weight * x;
    sumY += weight * y;
    sumXX += weight * x * x;
    sumXY += weight * x * y;
    first = behind;
  }
  const spread = total * sumXX - sumX * sumX;
  if (size === 0 || total === 0) return { mu: ln(values[0] ?? least), sigma: LEAST_SIGMA };
  if (spread <= 1e-9) return { mu: sumY / total - sumX / total, sigma: 1 };
  const sigma = Math.max(LEAST_SIGMA, (total * sumXY - sumX * sumY) / spread);
  return { mu: (sumY - sigma * sumX) / total, sigma };
}
