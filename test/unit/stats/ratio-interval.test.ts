import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { meanInterval } from "../../../src/core/stats/interval.js";
import { ratioInterval, ratioOf, standardError } from "../../../src/core/stats/ratio-interval.js";
import { criticalT } from "../../../src/core/stats/student.js";

const infinity = Number.POSITIVE_INFINITY;
const evenly = (values: readonly number[]) => values.map((value) => ({ value, weight: 3 }));

describe("interval of a ratio", () => {
  it("is around the ratio of the sums, not around the mean of the ratios", () => {
    const { value, n } = ratioInterval(
      [
        { value: 0.5, weight: 10 },
        { value: 0.1, weight: 90 },
      ],
      0.95,
    );
    expect(value).toBeCloseTo(14 / 100, 12);
    expect(n).toBe(2);
  });

  it("has the standard error of the mean where all weights are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (values) => {
        const { mean, halfWidth, n } = meanInterval(values, 0.95);
        const { value, pulls } = ratioOf(evenly(values));
        expect(value).toBeCloseTo(mean, 10);
        expect(standardError(pulls) * criticalT(0.95, n - 1)).toBeCloseTo(halfWidth, 8);
      }),
    );
  });

  it("has the jackknife's standard error: how far the ratio moves without each sample", () => {
    const samples = [
      { value: 0.2, weight: 5 },
      { value: 0.05, weight: 20 },
      { value: 0.1, weight: 12 },
    ];
    const ratio = (some: typeof samples) =>
      some.reduce((sum, one) => sum + one.value * one.weight, 0) /
      some.reduce((sum, one) => sum + one.weight, 0);
    const moved = samples.map(
      (_, left) => ratio(samples.filter((_, index) => index !== left)) - ratio(samples),
    );
    const squares = moved.reduce((sum, move) => sum + move * move, 0);
    expect(standardError(ratioOf(samples).pulls)).toBeCloseTo(Math.sqrt((2 / 3) * squares), 12);
  });

  it("reaches as far on the scale of odds, and of logarithms where it is no share", () => {
    const shares = ratioInterval(evenly([0.01, 0.03, 0.05]), 0.95);
    const odds = (share: number) => Math.log(share / (1 - share));
    expect(odds(shares.high) - odds(shares.value)).toBeCloseTo(odds(shares.value) - odds(shares.low), 10);
    const half = meanInterval([0.01, 0.03, 0.05], 0.95).halfWidth;
    expect(odds(shares.high) - odds(shares.value)).toBeCloseTo(half / (0.03 * 0.97), 10);
    const ratios = ratioInterval(evenly([1.5, 2, 2.5]), 0.95);
    expect(ratios.high / ratios.value).toBeCloseTo(ratios.value / ratios.low, 10);
    expect(Math.log(ratios.high / 2)).toBeCloseTo(meanInterval([1.5, 2, 2.5], 0.95).halfWidth / 2, 10);
  });

  it("stays between 0 and 1, however few tell of it", () => {
    const { low, value, high } = ratioInterval(evenly([0, 0.9]), 0.999);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan(value);
    expect(high).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThan(0.99);
  });

  it("mirrors: the share of the others has the mirrored interval", () => {
    const hit = ratioInterval(evenly([0.01, 0.02, 0.06]), 0.9);
    const missed = ratioInterval(evenly([0.99, 0.98, 0.94]), 0.9);
    expect(missed.low).toBeCloseTo(1 - hit.high, 10);
    expect(missed.high).toBeCloseTo(1 - hit.low, 10);
  });

  it("has no width where all agree, is infinite around one sample, and NaN without any that weighs", () => {
    expect(ratioInterval(evenly([0, 0]), 0.95)).toEqual({ value: 0, low: 0, high: 0, n: 2 });
    expect(ratioInterval(evenly([1, 1]), 0.95)).toEqual({ value: 1, low: 1, high: 1, n: 2 });
    expect(ratioInterval([{ value: 0.5, weight: 1 }], 0.95)).toEqual({
      value: 0.5,
      low: -infinity,
      high: infinity,
      n: 1,
    });
    const nothing = { value: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };
    expect(ratioInterval([{ value: 0.5, weight: 0 }], 0.95)).toEqual(nothing);
    expect(() => ratioInterval([], 2)).toThrow(/confidence must be/);
  });

  it("leaves samples without weight out", () => {
    const some = evenly([0.1, 0.2, 0.4]);
    expect(ratioInterval([{ value: 0.9, weight: 0 }, ...some], 0.95)).toEqual(ratioInterval(some, 0.95));
  });

  it("covers a skewed rate's truth about as often on either side as it says", () => {
    // Gamma of cv 1 over ten samples: Student's symmetrical interval errs on one side in more than 7 of 100.
    const source = createDistribution({ dist: "gamma", mean: 0.001, cv: 1 }, openStream("1", "skewed"));
    const experiments = 4000;
    let [below, above, symmetrical] = [0, 0, 0];
    for (let run = 0; run < experiments; run++) {
      const values = Array.from({ length: 10 }, () => source.sample());
      const { low, high } = ratioInterval(evenly(values), 0.95);
      if (high < 0.001) below++;
      if (low > 0.001) above++;
      if (meanInterval(values, 0.95).high < 0.001) symmetrical++;
    }
    expect(below / experiments).toBeLessThan(0.055);
    expect(above / experiments).toBeLessThan(0.04);
    expect(symmetrical / experiments).toBeGreaterThan(0.07);
  });
});
