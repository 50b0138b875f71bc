// Finds everything wrong with a distribution's parameters. The ranges are as wide as they can be while every
// draw and every finite mean stays an ordinary double; nothing here knows what a value means in the fleet.
import type { Issue } from "../base/errors.js";
import { weightProblems } from "./alias-table.js";
import type {
  DistributionSpec,
  EmpiricalSpec,
  LognormalSpec,
  MixtureSpec,
  ZipfSpec,
} from "./distribution-spec.js";
import { parameterIssue } from "./parameter-issue.js";

interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly meaning: string;
}

const DISTRIBUTIONS = [
  "constant",
  "exponential",
  "gamma",
  "weibull",
  "lognormal",
  "pareto",
  "zipf",
  "empirical",
  "mixture",
] as const satisfies readonly DistributionSpec["dist"][];

/** The largest mean, median and value. */
export const LARGEST = 1e30;
/** Of a log-normal and of a gamma: what varies less is refused, constant is there for it. */
export const LEAST_SIGMA = 0.000001;
export const LEAST_CV = 0.001;

const size = (name: string, meaning: string): Range => ({
  name,
  from: Number.MIN_VALUE,
  to: LARGEST,
  meaning,
});
const range = (name: string, from: number, to: number, meaning: string): Range => ({
  name,
  from,
  to,
  meaning,
});

const VALUE = range("value", 0, LARGEST, "the value of every draw");
const MEAN = size("mean", "the average of the draws");
const MEDIAN = size("median", "half of the draws are below it");
const MINIMUM = size("minimum", "no draw is below it");
const CV = range("cv", LEAST_CV, 1000, "standard deviation over mean; for no spread use constant");
const WEIBULL_SHAPE = range("shape", 0.05, 1000, "below 1 for a heavy tail, 1 is exponential");
const PARETO_SHAPE = range("shape", 0.1, 1000, "the tail exponent; the mean is infinite up to 1");
const MU = range("mu", -69, 69, "mean of the logarithm, natural base");
const SIGMA = range(
  "sigma",
  LEAST_SIGMA,
  15,
  "standard deviation of the logarithm; for no spread use constant",
);
const EXPONENT = range("exponent", 0, 100, "rank r has weight r^-exponent, 0 makes all ranks equal");
/** A table of this many ranks takes about 120 MB. */
const LARGEST_COUNT = 10_000_000;
const LOCATIONS = [MEAN, MEDIAN, MU];

/** Every problem of a specification, nested ones included; empty when it is sound. */
export function distributionProblems(spec: DistributionSpec, path = ""): Issue[] {
  const check = (value: number, allowed: Range) => rangeProblems(value, allowed, path);
  switch (spec.dist) {
    case "constant":
      return check(spec.value, VALUE);
    case "exponential":
      return check(spec.mean, MEAN);
    case "gamma":
      return [...check(spec.mean, MEAN), ...check(spec.cv, CV)];
    case "weibull":
      return [...check(spec.mean, MEAN), ...check(spec.shape, WEIBULL_SHAPE)];
    case "lognormal":
      return [...locationProblems(spec, path), ...check(spec.sigma, SIGMA)];
    case "pareto":
      return [...check(spec.minimum, MINIMUM), ...check(spec.shape, PARETO_SHAPE)];
    case "zipf":
      return [...countProblems(spec, path), ...check(spec.exponent, EXPONENT)];
    case "empirical":
      return empiricalProblems(spec, path);
    case "mixture":
      return mixtureProblems(spec, path);
    default: {
      const { dist } = spec as { readonly dist: unknown };
      const known = `one of ${DISTRIBUTIONS.join(", ")}`;
      return [parameterIssue(under(path, "dist"), `unknown distribution ${String(dist)}`, known)];
    }
  }
}

function under(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function rangeProblems(value: number, { name, from, to, meaning }: Range, path: string): Issue[] {
  if (Number.isFinite(value) && value >= from && value <= to) return [];
  return [parameterIssue(under(path, name), `must be a number from ${from} to ${to}, got ${value}`, meaning)];
}

function locationProblems(spec: LognormalSpec, path: string): Issue[] {
  const values: Readonly<Record<string, unknown>> = { ...spec };
  const given = LOCATIONS.filter(({ name }) => values[name] !== undefined);
  if (given.length === 1) return rangeProblems(values[given[0]!.name] as number, given[0]!, path);
  const names = given.length === 0 ? "none" : given.map(({ name }) => name).join(" and ");
  return [parameterIssue(path, `lognormal needs exactly one of mean, median and mu, got ${names}`)];
}

function countProblems({ count }: ZipfSpec, path: string): Issue[] {
  if (Number.isInteger(count) && count >= 1 && count <= LARGEST_COUNT) return [];
  const message = `must be a whole number from 1 to ${LARGEST_COUNT}, got ${count}`;
  return [parameterIssue(under(path, "count"), message, "ranks run from 1 to count")];
}

function empiricalProblems({ values, weights }: EmpiricalSpec, path: string): Issue[] {
  const place = under(path, "values");
  if (values.length === 0) return [parameterIssue(place, "must hold at least one value")];
  const issues = values.flatMap((value, index) =>
    rangeProblems(value, { ...VALUE, name: `values[${index}]`, meaning: "a value that can be drawn" }, path),
  );
  if (weights === undefined) return issues;
  issues.push(...weightProblems(weights, under(path, "weights")));
  if (weights.length !== values.length) {
    const message = `must be as many as the values, got ${weights.length} for ${values.length}`;
    issues.push(parameterIssue(under(path, "weights"), message));
  }
  return issues;
}

function mixtureProblems({ of: parts }: MixtureSpec, path: string): Issue[] {
  const place = under(path, "of");
  const weights = parts.map((part) => part.weight);
  const nested = parts.flatMap((part, index) => distributionProblems(part, `${place}[${index}]`));
  return [...weightProblems(weights, place, (index) => `${place}[${index}].weight`), ...nested];
}
