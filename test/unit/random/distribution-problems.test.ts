import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../src/core/base/errors.js";
import { createDistribution, type DistributionSpec } from "../../../src/core/random/distribution.js";
import { distributionProblems } from "../../../src/core/random/distribution-problems.js";
import { openStream } from "../../../src/core/random/stream.js";

const stream = openStream("1", "problems");
const paths = (spec: unknown) => distributionProblems(spec as DistributionSpec).map((issue) => issue.path);

const NOT_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, undefined, "3"];
const BAD = [...NOT_NUMBERS, 0];

const SOUND: readonly (readonly [Record<string, unknown>, Record<string, readonly unknown[]>])[] = [
  [{ dist: "constant", value: 1 }, { value: NOT_NUMBERS }],
  [{ dist: "exponential", mean: 1 }, { mean: BAD }],
  [{ dist: "exponential", mean: Number.MIN_VALUE }, { mean: [1e31] }],
  [
    { dist: "gamma", mean: 1, cv: 1 },
    { mean: BAD, cv: [...BAD, 1e-200, 1e200] },
  ],
  [
    { dist: "weibull", mean: 1, shape: 1 },
    { mean: BAD, shape: [...BAD, 1e-3] },
  ],
  [{ dist: "lognormal", mean: 1, sigma: 1 }, { sigma: [...BAD, 40] }],
  [{ dist: "lognormal", mu: 0, sigma: 1 }, { mu: [Number.NaN, Number.POSITIVE_INFINITY, "3", 1000] }],
  [{ dist: "lognormal", median: 1, sigma: 1 }, { median: BAD.filter((value) => value !== undefined) }],
  [
    { dist: "pareto", minimum: 1, shape: 1 },
    { minimum: BAD, shape: [...BAD, 1e-3] },
  ],
  [
    { dist: "zipf", count: 3, exponent: 1 },
    { count: [...BAD, 1.5, 1e9], exponent: NOT_NUMBERS },
  ],
];

const SINGLE = SOUND.flatMap(([spec, parameters]) =>
  Object.entries(parameters).flatMap(([name, values]) =>
    values.map((value) => ({ dist: spec["dist"], name, value, spec: { ...spec, [name]: value } })),
  ),
);

describe("problems of a distribution", () => {
  it.each(SOUND)("finds none in %j", (spec) => {
    expect(paths(spec)).toEqual([]);
  });

  it.each(SINGLE)("finds $name = $value of a $dist", ({ name, spec }) => {
    expect(paths(spec)).toEqual([name]);
  });

  it("finds a lognormal without or with two places", () => {
    const messages = [{ sigma: 1 }, { mean: 1, mu: 0, sigma: 1 }].map(
      (spec) => distributionProblems({ dist: "lognormal", ...spec } as DistributionSpec)[0]?.message,
    );
    expect(messages).toEqual([
      "lognormal needs exactly one of mean, median and mu, got none",
      "lognormal needs exactly one of mean, median and mu, got mean and mu",
    ]);
  });

  it("finds every bad value and weight of an empirical distribution", () => {
    expect(paths({ dist: "empirical", values: [] })).toEqual(["values"]);
    expect(paths({ dist: "empirical", values: [1, Number.NaN, -2] })).toEqual(["values[1]", "values[2]"]);
    expect(paths({ dist: "empirical", values: [1], weights: [Number.NaN, 1] })).toEqual([
      "weights[0]",
      "weights",
    ]);
    expect(paths({ dist: "empirical", values: [1, 2], weights: [0, 0] })).toEqual(["weights"]);
  });

  it("finds the problems inside a mixture and says in which part", () => {
    expect(paths({ dist: "mixture", of: [] })).toEqual(["of"]);
    const nested = { weight: 1, dist: "mixture", of: [{ weight: -1, dist: "exponential", mean: 0 }] };
    expect(paths({ dist: "mixture", of: [{ weight: 1, dist: "constant", value: 1 }, nested] })).toEqual([
      "of[1].of[0].weight",
      "of[1].of[0].mean",
    ]);
  });

  it("names the known distributions where one is unknown", () => {
    const [issue] = distributionProblems({ dist: "normal" } as unknown as DistributionSpec);
    expect(issue?.hint).toContain("lognormal");
  });

  it("throws all problems at once, each with what is meant", () => {
    const build = () => createDistribution({ dist: "gamma", mean: 0, cv: Number.NaN }, stream);
    expect(build).toThrow(SurgefleetError);
    expect(build).toThrow(
      /mean: must be .*, got 0 \(the average.*\n.*cv: must be .*, got NaN \(standard deviation/,
    );
  });
});
