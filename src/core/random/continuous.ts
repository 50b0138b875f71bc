// Builds the continuous distributions on top of @stdlib, by inversion where that is one line: translated from the
// parameters people measure (mean, cv, median) to those the textbooks use. Expects parameters that
// distribution-problems.ts has found sound.
import exp from "@stdlib/math-base-special-exp";
import gammaFunction from "@stdlib/math-base-special-gamma";
import ln from "@stdlib/math-base-special-ln";
import pow from "@stdlib/math-base-special-pow";
import gamma from "@stdlib/random-base-gamma";
import normal from "@stdlib/random-base-improved-ziggurat";
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
  const rate = 1 / mean;
  return { mean, sample: () => -ln(1 - stream.uniform()) / rate };
}

/** Shape 1 / cv² and rate shape / mean: a gamma has mean shape / rate and variance shape / rate². */
export function gammaDistribution({ mean, cv }: GammaSpec, stream: Stream): Distribution {
  const shape = 1 / (cv * cv);
  return { mean, sample: gamma.factory(shape, shape / mean, from(stream)) };
}

/** The mean of a Weibull is scale * Γ(1 + 1 / shape). */
export function weibullDistribution({ mean, shape }: WeibullSpec, stream: Stream): Distribution {
  const scale = mean / gammaFunction(1 + 1 / shape);
  return { mean, sample: () => scale * pow(-ln(1 - stream.uniform()), 1 / shape) };
}

/** The median of a lognormal is e^mu and its mean e^(mu + sigma² / 2). */
export function lognormalDistribution(spec: LognormalSpec, stream: Stream): Distribution {
  const { sigma, mean, median } = spec;
  const lift = (sigma * sigma) / 2;
  const mu = spec.mu ?? (median === undefined ? ln(mean!) - lift : ln(median));
  const standard = normal.factory(from(stream));
  return { mean: exp(mu + lift), sample: () => exp(mu + sigma * standard()) };
}

/** The mean is shape * minimum / (shape - 1), and infinite for a shape up to 1. */
export function paretoDistribution({ minimum, shape }: ParetoSpec, stream: Stream): Distribution {
  const mean = shape > 1 ? (shape * minimum) / (shape - 1) : Number.POSITIVE_INFINITY;
  // The uniform number below 1 is turned round, so that it is above 0 and may be 1.
  return { mean, sample: () => minimum / pow(1 - stream.uniform(), 1 / shape) };
}
