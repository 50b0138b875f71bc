import { mean as average, errorFunction, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { createDistribution, type DistributionSpec } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../support/goodness-of-fit.js";

const DRAWS = 20_000;

function draw(spec: DistributionSpec, seed = "1", count = DRAWS): Float64Array {
  const distribution = createDistribution(spec, openStream(seed, "draws"));
  return Float64Array.from({ length: count }, () => distribution.sample());
}

const normal = (value: number) => (1 + errorFunction(value / Math.SQRT2)) / 2;
const lognormal = (mu: number, sigma: number) => (value: number) => normal((Math.log(value) - mu) / sigma);
const exponential = (mean: number) => (value: number) => 1 - Math.exp(-value / mean);

/** Gamma of whole shape: the time of the shape-th event of a Poisson process (Erlang). */
function erlang(shape: number, mean: number) {
  return (value: number) => {
    const events = (value * shape) / mean;
    let term = Math.exp(-events);
    let fewer = 0;
    for (let event = 0; event < shape; event++) {
      fewer += term;
      term *= events / (event + 1);
    }
    return 1 - fewer;
  };
}

interface Case {
  readonly name: string;
  readonly spec: DistributionSpec;
  readonly cumulative: (value: number) => number;
  readonly mean: number;
  readonly deviation: number;
}

const CASES: readonly Case[] = [
  {
    name: "exponential",
    spec: { dist: "exponential", mean: 3 },
    cumulative: exponential(3),
    mean: 3,
    deviation: 3,
  },
  {
    name: "gamma with cv below 1",
    spec: { dist: "gamma", mean: 8, cv: 0.5 },
    cumulative: erlang(4, 8),
    mean: 8,
    deviation: 4,
  },
  {
    name: "gamma with cv 1",
    spec: { dist: "gamma", mean: 2, cv: 1 },
    cumulative: exponential(2),
    mean: 2,
    deviation: 2,
  },
  {
    // Shape 1/2 is the square of a normal.
    name: "gamma with cv above 1",
    spec: { dist: "gamma", mean: 1, cv: Math.SQRT2 },
    cumulative: (value) => errorFunction(Math.sqrt(value / 2)),
    mean: 1,
    deviation: Math.SQRT2,
  },
  {
    // Shape 2 is Rayleigh: mean = scale * sqrt(pi) / 2, variance = scale² (1 - pi / 4).
    name: "weibull with a light tail",
    spec: { dist: "weibull", mean: Math.sqrt(Math.PI) / 2, shape: 2 },
    cumulative: (value) => 1 - Math.exp(-(value ** 2)),
    mean: Math.sqrt(Math.PI) / 2,
    deviation: Math.sqrt(1 - Math.PI / 4),
  },
  {
    // Shape 1/2: mean = 2 * scale, second moment = 24 * scale².
    name: "weibull with a heavy tail",
    spec: { dist: "weibull", mean: 6, shape: 0.5 },
    cumulative: (value) => 1 - Math.exp(-Math.sqrt(value / 3)),
    mean: 6,
    deviation: Math.sqrt(20 * 9),
  },
  {
    name: "lognormal by mean",
    spec: { dist: "lognormal", mean: 10, sigma: 0.5 },
    cumulative: lognormal(Math.log(10) - 0.125, 0.5),
    mean: 10,
    deviation: 10 * Math.sqrt(Math.exp(0.25) - 1),
  },
  {
    name: "lognormal by median",
    spec: { dist: "lognormal", median: 10, sigma: 1 },
    cumulative: lognormal(Math.log(10), 1),
    mean: 10 * Math.exp(0.5),
    deviation: 10 * Math.exp(0.5) * Math.sqrt(Math.E - 1),
  },
  {
    name: "lognormal by mu",
    spec: { dist: "lognormal", mu: -2, sigma: 0.25 },
    cumulative: lognormal(-2, 0.25),
    mean: Math.exp(-2 + 0.03125),
    deviation: Math.exp(-2 + 0.03125) * Math.sqrt(Math.exp(0.0625) - 1),
  },
  {
    // Variance = minimum² shape / ((shape - 1)² (shape - 2)).
    name: "pareto",
    spec: { dist: "pareto", minimum: 2, shape: 5 },
    cumulative: (value) => 1 - (2 / value) ** 5,
    mean: 2.5,
    deviation: Math.sqrt(20 / 48),
  },
];

describe.each(CASES)("$name", ({ spec, cumulative, mean, deviation }) => {
  const samples = draw(spec);

  it("follows its cumulative distribution function", () => {
    const fit = kolmogorovSmirnov(samples, cumulative);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("states the mean of its definition", () => {
    expect(createDistribution(spec, openStream("1", "mean")).mean / mean).toBeCloseTo(1, 12);
  });

  it("has draws of that mean and standard deviation", () => {
    const error = Math.abs(average([...samples]) - mean) / (deviation / Math.sqrt(DRAWS));
    expect(error).toBeLessThan(5);
    expect(sampleStandardDeviation([...samples]) / deviation).toBeGreaterThan(0.9);
    expect(sampleStandardDeviation([...samples]) / deviation).toBeLessThan(1.1);
  });

  it("draws the same from the same seed and other values from another", () => {
    expect([...draw(spec, "1", 500)]).toEqual([...samples.subarray(0, 500)]);
    expect(draw(spec, "2", 500).filter((value, index) => value === samples[index])).toHaveLength(0);
  });
});

describe("pareto of shape 1", () => {
  it("has an infinite mean and finite draws from the minimum up", () => {
    const samples = draw({ dist: "pareto", minimum: 2, shape: 1 });
    const distribution = createDistribution(
      { dist: "pareto", minimum: 2, shape: 1 },
      openStream("1", "mean"),
    );
    expect(distribution.mean).toBe(Number.POSITIVE_INFINITY);
    expect(samples.every((value) => value >= 2 && value < Number.POSITIVE_INFINITY)).toBe(true);
  });

  it("takes the smallest uniform number for a finite draw", () => {
    const zero = { uniform: () => 0, below: () => 0 };
    expect(createDistribution({ dist: "pareto", minimum: 2, shape: 1 }, zero).sample()).toBe(2);
  });
});

describe("the goodness-of-fit rig", () => {
  it("rejects a mean that is 5 % wrong", () => {
    const fit = kolmogorovSmirnov(draw({ dist: "exponential", mean: 3 }), exponential(3.15));
    expect(fit.statistic).toBeGreaterThan(fit.limit);
  });

  it("rejects a wrong spread at the right mean", () => {
    const fit = kolmogorovSmirnov(draw({ dist: "gamma", mean: 8, cv: 0.45 }), erlang(4, 8));
    expect(fit.statistic).toBeGreaterThan(fit.limit);
  });
});
