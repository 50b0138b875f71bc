import { errorFunction } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import type { TimeSpec } from "../../../src/core/random/distribution-spec.js";
import { residual } from "../../../src/core/random/residual.js";
import { openStream } from "../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../support/goodness-of-fit.js";

const DRAWS = 3000;
const normal = (value: number) => (1 + errorFunction(value / Math.SQRT2)) / 2;

function draw(spec: TimeSpec): Float64Array {
  const stream = openStream("1", "left");
  return Float64Array.from({ length: DRAWS }, () => residual(spec, stream));
}

/** Of what is left: the integral of P(length > t) up to x, over the mean. For a log-normal in closed form. */
function ofLognormal(median: number, sigma: number) {
  const mean = median * Math.exp(sigma ** 2 / 2);
  return (x: number) => {
    const z = (Math.log(x) - Math.log(median)) / sigma;
    return (x * (1 - normal(z)) + mean * normal(z - sigma)) / mean;
  };
}

interface Case {
  readonly spec: TimeSpec;
  readonly cumulative: (x: number) => number;
}

const uniformTo = (most: number) => (x: number) => Math.min(1, x / most);
const exponential = (mean: number) => (x: number) => 1 - Math.exp(-x / mean);
const CASES: readonly Case[] = [
  { spec: { dist: "constant", value: 4 }, cumulative: uniformTo(4) },
  { spec: { dist: "exponential", mean: 3 }, cumulative: exponential(3) },
  { spec: { dist: "lognormal", median: 65, sigma: 1.29 }, cumulative: ofLognormal(65, 1.29) },
  { spec: { dist: "lognormal", mean: 2, sigma: 0.4 }, cumulative: ofLognormal(2 * Math.exp(-0.08), 0.4) },
  { spec: { dist: "lognormal", mu: 1, sigma: 0.7 }, cumulative: ofLognormal(Math.E, 0.7) },
];

describe("what is left of a stretch that is under way", () => {
  it.each(CASES)("$spec follows its law", ({ spec, cumulative }) => {
    const { statistic, limit } = kolmogorovSmirnov(draw(spec), cumulative);
    expect(statistic).toBeLessThan(limit);
  });

  it("is what a renewal process shows that has run for long", () => {
    const spec: TimeSpec = { dist: "lognormal", median: 1, sigma: 1 };
    const left = Float64Array.from({ length: 3000 }, (_, run) => {
      const gaps = createDistribution(spec, openStream(String(run), "gaps"));
      let at = 0;
      while (at < 100) at += gaps.sample();
      return at - 100;
    });
    const { statistic, limit } = kolmogorovSmirnov(left, ofLognormal(1, 1));
    expect(statistic).toBeLessThan(limit);
  });
});
