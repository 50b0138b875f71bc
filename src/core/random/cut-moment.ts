// Moments of lengths that are cut to a most, in closed form where a sample would not show them.
import erfc from "@stdlib/math-base-special-erfc";
import exp from "@stdlib/math-base-special-exp";
import gamma from "@stdlib/math-base-special-gamma";
import ln from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import { createDistribution } from "./distribution.js";
import type { DistributionSpec, LognormalSpec } from "./distribution-spec.js";
import { openStream } from "./stream.js";

/**
 * E[min(S, most)^k], k even. Exact where the few longest draws hold most of it, since a sample has none of these: a
 * sample of lognormal lengths with sigma 1.5 has a twentieth of their fourth moment. Others are sampled.
 */
export function cutMoment(spec: DistributionSpec, most: number, k: number): number {
  switch (spec.dist) {
    case "lognormal":
      return ofLognormal(spec, most, k);
    case "pareto":
      return ofPareto(spec.minimum, spec.shape, most, k);
    case "weibull":
      return ofWeibull(spec.mean, spec.shape, most, k);
    case "exponential":
      return ofWeibull(spec.mean, 1, most, k);
    case "mixture": {
      const all = spec.of.reduce((sum, { weight }) => sum + weight, 0);
      return spec.of.reduce((sum, part) => sum + (part.weight / all) * cutMoment(part, most, k), 0);
    }
    default:
      return sampled(spec, most, k);
  }
}

const normalBelow = (z: number) => erfc(-z / Math.SQRT2) / 2;

function ofLognormal(spec: LognormalSpec, most: number, k: number): number {
  const { sigma, mean, median } = spec;
  const mu = spec.mu ?? (median === undefined ? ln(mean!) - (sigma * sigma) / 2 : ln(median));
  const z = (ln(most) - mu) / sigma;
  const below = exp(k * mu + (k * k * sigma * sigma) / 2) * normalBelow(z - k * sigma);
  return below + pow(most, k) * normalBelow(-z);
}

function ofPareto(minimum: number, shape: number, most: number, k: number): number {
  if (minimum >= most) return pow(most, k);
  const beyond = pow(most, k) * pow(minimum / most, shape);
  const scale = shape * pow(minimum, shape);
  if (shape === k) return scale * ln(most / minimum) + beyond;
  return (scale * (pow(most, k - shape) - pow(minimum, k - shape))) / (k - shape) + beyond;
}

/** Of the integral over t = -ln(1 - u), u the share of lengths below. */
const [STEP, END] = [0.01, 80];

function ofWeibull(mean: number, shape: number, most: number, k: number): number {
  const scale = mean / gamma(1 + 1 / shape);
  let sum = 0;
  for (let t = STEP / 2; t < END; t += STEP)
    sum += pow(Math.min(scale * pow(t, 1 / shape), most), k) * exp(-t);
  return sum * STEP;
}

const DRAWS = 1 << 16;

function sampled(spec: DistributionSpec, most: number, k: number): number {
  const distribution = createDistribution(spec, openStream("cut moment", "lengths"));
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) sum += pow(Math.min(distribution.sample(), most), k);
  return sum / DRAWS;
}
