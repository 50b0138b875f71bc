import { describe, expect, it } from "vitest";
import { cutMoment } from "../../../src/core/random/cut-moment.js";
import { createDistribution, type DistributionSpec } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";

const ratio = (spec: DistributionSpec, most: number) =>
  cutMoment(spec, most, 4) / cutMoment(spec, most, 2) ** 2;

describe("moments of lengths", () => {
  it.each([
    ["constant", { dist: "constant", value: 100 }, 1],
    ["exponential: 4! / 2!²", { dist: "exponential", mean: 200 }, 6],
    ["gamma, cv 0.5: (k + 3) (k + 2) / ((k + 1) k), k = 4", { dist: "gamma", mean: 200, cv: 0.5 }, 2.1],
    ["weibull, shape 2: 2! / 1²", { dist: "weibull", mean: 200, shape: 2 }, 2],
    ["weibull, shape 0.5: 8! / 4!²", { dist: "weibull", mean: 20, shape: 0.5 }, 40_320 / 576],
    ["pareto, shape 6: 6 / 2 / (6 / 4)²", { dist: "pareto", minimum: 100, shape: 6 }, 3 / 2.25],
    ["empirical", { dist: "empirical", values: [1, 3] }, 41 / 25],
  ] as const)("are those of the books where nothing is cut: %s", (_, spec, wanted) => {
    expect(ratio(spec, 1e8) / wanted).toBeCloseTo(1, 1);
  });

  it.each([0.6, 1.1, 1.2, 1.5])(
    "of lognormal ones with sigma %d have exp(4 sigma²), which no sample shows",
    (sigma) => {
      expect(ratio({ dist: "lognormal", mean: 200, sigma }, 1e12) / Math.exp(4 * sigma ** 2)).toBeCloseTo(
        1,
        2,
      );
    },
  );

  it.each([
    { dist: "lognormal", mean: 200, sigma: 1.5 },
    { dist: "lognormal", median: 200, sigma: 0.8 },
    { dist: "pareto", minimum: 100, shape: 1.5 },
    { dist: "pareto", minimum: 100, shape: 2 },
    { dist: "pareto", minimum: 3000, shape: 2 },
    { dist: "weibull", mean: 200, shape: 0.7 },
    {
      dist: "mixture",
      of: [
        { weight: 3, dist: "exponential", mean: 100 },
        { weight: 1, dist: "lognormal", mean: 300, sigma: 1 },
      ],
    },
  ] as const satisfies readonly DistributionSpec[])("of %j cut at 1,000 are those of a sample", (spec) => {
    const distribution = createDistribution(spec, openStream("1", "sample"));
    let [square, fourth] = [0, 0];
    const draws = 200_000;
    for (let draw = 0; draw < draws; draw++) {
      const length = Math.min(distribution.sample(), 1000);
      square += length ** 2 / draws;
      fourth += length ** 4 / draws;
    }
    expect(cutMoment(spec, 1000, 2) / square).toBeCloseTo(1, 1);
    expect(cutMoment(spec, 1000, 4) / fourth).toBeCloseTo(1, 1);
  });
});
