// Turns a specification into something that can be drawn from. The single place that knows which family draws
// in which way; the callers see a mean and a sample.
import { unreachable } from "../base/assert.js";
import { AliasTable } from "./alias-table.js";
import {
  exponentialDistribution,
  gammaDistribution,
  lognormalDistribution,
  paretoDistribution,
  weibullDistribution,
} from "./continuous.js";
import { distributionProblems } from "./distribution-problems.js";
import type {
  Distribution,
  DistributionSpec,
  EmpiricalSpec,
  MixtureSpec,
  ZipfSpec,
} from "./distribution-spec.js";
import { rejectIssues } from "./parameter-issue.js";
import type { Stream } from "./stream.js";
import { zipfWeights } from "./zipf.js";

export type { Distribution, DistributionSpec };

/**
 * Builds the distribution on the stream, from which it takes all its chance, some of it at once.
 * Throws INVALID_PARAMETER that lists every bad parameter.
 */
export function createDistribution(spec: DistributionSpec, stream: Stream): Distribution {
  rejectIssues("distribution", distributionProblems(spec));
  return build(spec, stream);
}

function build(spec: DistributionSpec, stream: Stream): Distribution {
  switch (spec.dist) {
    case "constant":
      return { mean: spec.value, sample: () => spec.value };
    case "exponential":
      return exponentialDistribution(spec, stream);
    case "gamma":
      return gammaDistribution(spec, stream);
    case "weibull":
      return weibullDistribution(spec, stream);
    case "lognormal":
      return lognormalDistribution(spec, stream);
    case "pareto":
      return paretoDistribution(spec, stream);
    case "zipf":
      return zipfDistribution(spec, stream);
    case "empirical":
      return empiricalDistribution(spec, stream);
    case "mixture":
      return mixtureDistribution(spec, stream);
    default:
      return unreachable(spec);
  }
}

function zipfDistribution({ count, exponent }: ZipfSpec, stream: Stream): Distribution {
  const weights = zipfWeights(count, exponent);
  const table = new AliasTable(weights);
  return { mean: weightedMean(weights, (index) => index + 1), sample: () => table.pick(stream) + 1 };
}

function empiricalDistribution(spec: EmpiricalSpec, stream: Stream): Distribution {
  const values = Float64Array.from(spec.values);
  const weights = spec.weights ?? new Float64Array(values.length).fill(1);
  const table = new AliasTable(weights);
  return {
    mean: weightedMean(weights, (index) => values[index]!),
    sample: () => values[table.pick(stream)]!,
  };
}

function mixtureDistribution(spec: MixtureSpec, stream: Stream): Distribution {
  const weights = spec.of.map((part) => part.weight);
  const parts = spec.of.map((part) => build(part, stream));
  const table = new AliasTable(weights);
  return {
    mean: weightedMean(weights, (index) => parts[index]!.mean),
    sample: () => parts[table.pick(stream)]!.sample(),
  };
}

function weightedMean(weights: ArrayLike<number>, valueAt: (index: number) => number): number {
  let total = 0;
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!;
    // What is never drawn does not count, even when its own mean is infinite.
    if (weight === 0) continue;
    total += weight;
    sum += weight * valueAt(index);
  }
  return sum / total;
}
