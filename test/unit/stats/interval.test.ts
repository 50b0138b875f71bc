import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { meanInterval, ruleOfThree } from "../../../src/core/stats/interval.js";

describe("interval of a mean", () => {
  // Two-sided critical values from printed t tables; samples to either side as far from the mean carry as much of it.
  it.each([
    [2, 0.95, 12.706],
    [4, 0.95, 3.182],
    [6, 0.9, 2.015],
    [6, 0.99, 4.032],
    [12, 0.95, 2.201],
    [32, 0.95, 2.04],
  ])("of %i samples that carry as much of the spread at %d uses t = %d", (n, confidence, t) => {
    const samples = Array.from({ length: n }, (_, index) => (index % 2 === 0 ? 3 : 5));
    const deviation = Math.sqrt(n / (n - 1));
    const { halfWidth } = meanInterval(samples, confidence);
    expect((halfWidth * Math.sqrt(n)) / deviation).toBeCloseTo(t, 3);
  });

  it("is wider the fewer samples carry the spread: with one that does, as from two samples", () => {
    const even = meanInterval([0, 2, 0, 2, 0, 2, 0, 2], 0.95);
    const held = meanInterval([0, 0, 0, 0, 0, 0, 0, 8], 0.95);
    expect([even.mean, held.mean]).toEqual([1, 1]);
    const errors = [Math.sqrt(1 / 7), 1];
    expect(even.halfWidth / errors[0]!).toBeCloseTo(2.365, 3);
    expect(held.halfWidth / errors[1]!).toBeGreaterThan(11);
  });

  it("is centred on the mean", () => {
    const { mean, low, high, halfWidth, n } = meanInterval([1, 2, 6], 0.95);
    expect([mean, n]).toEqual([3, 3]);
    expect([low, high]).toEqual([3 - halfWidth, 3 + halfWidth]);
  });

  it("has no width where all samples agree", () => {
    expect(meanInterval([4, 4, 4], 0.95)).toEqual({ mean: 4, low: 4, high: 4, halfWidth: 0, n: 3 });
  });

  it("is infinite around a single sample and NaN without any", () => {
    const infinity = Number.POSITIVE_INFINITY;
    expect(meanInterval([4], 0.95)).toEqual({
      mean: 4,
      low: -infinity,
      high: infinity,
      halfWidth: infinity,
      n: 1,
    });
    const nothing = Number.NaN;
    expect(meanInterval([], 0.95)).toEqual({
      mean: nothing,
      low: nothing,
      high: nothing,
      halfWidth: nothing,
      n: 0,
    });
  });

  it("covers the true mean as often as it says, and a little more", () => {
    // A gamma of cv 0.1 is close to normal, for which samples less one as degrees of freedom would be exact.
    const source = createDistribution({ dist: "gamma", mean: 10, cv: 0.1 }, openStream("1", "coverage"));
    const runs = 4000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { low, high } = meanInterval(
        Array.from({ length: 5 }, () => source.sample()),
        0.9,
      );
      if (low <= 10 && 10 <= high) covered++;
    }
    // Four standard errors of a share of 0.9.
    expect(covered / runs).toBeGreaterThan(0.9 - 4 * Math.sqrt(0.09 / runs));
    expect(covered / runs).toBeLessThan(0.96);
  });
});

describe("rule of three", () => {
  it("is 1 - (1 - confidence)^(1 / trials), about 3 over the trials", () => {
    expect(ruleOfThree(1, 0.95)).toBeCloseTo(0.95, 12);
    expect(ruleOfThree(10, 0.95)).toBeCloseTo(1 - 0.05 ** 0.1, 12);
    expect(ruleOfThree(1000, 0.95) * 1000).toBeCloseTo(2.9912, 3);
  });

  it("keeps its digits for very many trials", () => {
    expect((ruleOfThree(1e15, 0.95) * 1e15) / -Math.log(0.05)).toBeCloseTo(1, 12);
  });

  it("excludes nothing without trials", () => {
    expect(ruleOfThree(0, 0.95)).toBe(1);
  });

  it("refuses trials below 0", () => {
    expect(() => ruleOfThree(-1, 0.95)).toThrow("trials");
  });
});

describe("confidence", () => {
  it.each([0, 1, -0.5, 95, Number.NaN])("of %s is refused", (confidence) => {
    expect(() => meanInterval([1, 2], confidence)).toThrow(/confidence must be above 0 and below 1/);
    expect(() => ruleOfThree(10, confidence)).toThrow(/confidence must be above 0 and below 1/);
  });
});
