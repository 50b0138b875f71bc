// Builds the continuous distributions on top of @stdlib, translated from the parameters people measure (mean,
// cv, median) to those the textbooks use. Expects parameters that distribution-problems.ts has found sound.
import exp from "@stdlib/math-base-special-exp";
import gammaFunction from "@stdlib/math-base-special-gamma";
import ln from "@stdlib/math-base-special-ln";
import exponential from "@stdlib/random-base-exponential";
import gamma from "@stdlib/random-base-gamma";
import lognormal from "@stdlib/random-base-lognormal";
import pareto from "@stdlib/random-base-pareto-type1";
import weibull from "@stdlib/random-base-weibull";
import type {
  Distribution,
  ExponentialSpec,
  GammaSpec,
  LognormalSpec,
  ParetoSpec,
  WeibullSpec,
} from "./distribution-spec.js";
import type { Stream } from "./stream.js";

/** The stream as @stdlib takes it. Gamma and lognormal consume one number from it when they are built. */
const from = (stream: Stream) => ({ prng: () => stream.uniform() });

export function exponentialDistribution({ mean }: ExponentialSpec, stream: Stream): Distribution {
  return { mean, sample: exponential.factory(1 / mean, from(stream)) };
}

/** Shape 1 / cv² and rate shape / mean: a gamma has mean shape / rate and variance shape / rate². */
export function gammaDistribution({ mean, cv }: GammaSpec, stream: Stream): Distribution {
  const shape = 1 / (cv * cv);
  return { mean, sample: gamma.factory(shape, shape / mean, from(stream)) };
}

/** The mean of a Weibull is scale * Γ(1 + 1 / shape). */
export function weibullDistribution({ mean, shape }: WeibullSpec, stream: Stream): Distribution {
  const scale = mean / gammaFunction(1 + 1 / shape);
  return { mean, sample: weibull.factory(shape, scale, from(stream)) };
}

/** The median of a lognormal is e^mu and its mean e^(mu + sigma² / 2). */
export function lognormalDistribution(spec: LognormalSpec, stream: Stream): Distribution {
  const { sigma, mean, median } = spec;
  const lift = (sigma * sigma) / 2;
  const mu = spec.mu ?? (median === undefined ? ln(mean!) - lift : ln(median));
  return { mean: exp(mu + lift), sample: lognormal.factory(mu, sigma, from(stream)) };
}

/** The mean is shape * minimum / (shape - 1), and infinite for a shape up to 1. */
export function paretoDistribution({ minimum, shape }: ParetoSpec, stream: Stream): Distribution {
  const mean = shape > 1 ? (shape * minimum) / (shape - 1) : Number.POSITIVE_INFINITY;
  // The sampler divides by a power of its uniform number, which must therefore be above 0 and may be 1.
  return { mean, sample: pareto.factory(shape, minimum, { prng: () => 1 - stream.uniform() }) };
}
