import { describe, expect, it } from "vitest";
import { createDistribution, type DistributionSpec } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { chiSquare, kolmogorovSmirnov } from "../../support/goodness-of-fit.js";

const DRAWS = 50_000;

const create = (spec: DistributionSpec) => createDistribution(spec, openStream("1", "draws"));

function draw(spec: DistributionSpec): Float64Array {
  const distribution = create(spec);
  return Float64Array.from({ length: DRAWS }, () => distribution.sample());
}

/** Compares how often each value came with how often its share says it should. */
function fitOf(samples: Float64Array, values: readonly number[], shares: readonly number[]) {
  const counts = values.map((value) => samples.filter((sample) => sample === value).length);
  const expected = shares.map((share) => share * samples.length);
  return chiSquare(counts, expected);
}

function standardErrors(samples: Float64Array, mean: number, deviation: number): number {
  const average = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return Math.abs(average - mean) / (deviation / Math.sqrt(samples.length));
}

describe("constant", () => {
  it("always draws its value", () => {
    expect(new Set(draw({ dist: "constant", value: 0 }))).toEqual(new Set([0]));
    expect(create({ dist: "constant", value: 7 }).mean).toBe(7);
  });
});

describe("zipf", () => {
  const ranks = Array.from({ length: 20 }, (_, index) => index + 1);
  const weights = ranks.map((rank) => rank ** -1.2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const spec: DistributionSpec = { dist: "zipf", count: 20, exponent: 1.2 };

  it("draws rank r in proportion to r^-exponent", () => {
    const fit = fitOf(draw(spec), ranks, shares);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("states the mean rank, and its draws have it", () => {
    const mean = ranks.reduce((sum, rank, index) => sum + rank * shares[index]!, 0);
    const square = ranks.reduce((sum, rank, index) => sum + rank * rank * shares[index]!, 0);
    expect(create(spec).mean).toBeCloseTo(mean, 10);
    expect(standardErrors(draw(spec), mean, Math.sqrt(square - mean * mean))).toBeLessThan(5);
  });

  it("draws all ranks equally at exponent 0", () => {
    const fit = fitOf(
      draw({ dist: "zipf", count: 5, exponent: 0 }),
      [1, 2, 3, 4, 5],
      new Array<number>(5).fill(0.2),
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("is rejected against a slightly wrong exponent: the rig can fail", () => {
    const fit = fitOf(draw({ dist: "zipf", count: 20, exponent: 1.25 }), ranks, shares);
    expect(fit.statistic).toBeGreaterThan(fit.limit);
  });
});

describe("empirical", () => {
  it("draws its values equally often without weights", () => {
    const fit = fitOf(draw({ dist: "empirical", values: [4, 0, 9] }), [4, 0, 9], [1 / 3, 1 / 3, 1 / 3]);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("draws its values in proportion to their weights, and states their mean", () => {
    const spec: DistributionSpec = { dist: "empirical", values: [10, 20, 30], weights: [1, 2, 5] };
    const fit = fitOf(draw(spec), [10, 20, 30], [0.125, 0.25, 0.625]);
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(create(spec).mean).toBe(25);
    expect(standardErrors(draw(spec), 25, Math.sqrt(50))).toBeLessThan(5);
  });

  it("is not changed by a later change of the caller's array", () => {
    const values = [1];
    const distribution = create({ dist: "empirical", values });
    values[0] = 2;
    expect(distribution.sample()).toBe(1);
  });
});

describe("mixture", () => {
  const spec: DistributionSpec = {
    dist: "mixture",
    of: [
      { weight: 3, dist: "exponential", mean: 1 },
      {
        weight: 1,
        dist: "mixture",
        of: [
          { weight: 1, dist: "exponential", mean: 10 },
          { weight: 1, dist: "exponential", mean: 20 },
        ],
      },
    ],
  };
  // Shares 3/4, 1/8, 1/8 of exponentials with means 1, 10, 20.
  const mean = 0.75 + 10 / 8 + 20 / 8;
  const square = 2 * (0.75 + 100 / 8 + 400 / 8);

  it("follows the weighted sum of its parts' cumulative distribution functions", () => {
    const fit = kolmogorovSmirnov(
      draw(spec),
      (value) => 1 - 0.75 * Math.exp(-value) - Math.exp(-value / 10) / 8 - Math.exp(-value / 20) / 8,
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("states the weighted mean, and its draws have it", () => {
    expect(create(spec).mean).toBeCloseTo(mean, 12);
    expect(standardErrors(draw(spec), mean, Math.sqrt(square - mean * mean))).toBeLessThan(5);
  });

  it("takes no notice of a part of weight 0, not even of its infinite mean", () => {
    const of = [
      { weight: 0, dist: "pareto", minimum: 1, shape: 0.5 },
      { weight: 2, dist: "constant", value: 4 },
    ] as const;
    const distribution = create({ dist: "mixture", of });
    expect([distribution.mean, distribution.sample()]).toEqual([4, 4]);
  });
});
