import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { meanInterval, positiveMeanInterval, ruleOfThree } from "../../../src/core/stats/interval.js";

describe("interval of a mean", () => {
  // Two-sided critical values from printed t tables.
  it.each([
    [2, 0.95, 12.706],
    [3, 0.95, 4.303],
    [5, 0.9, 2.132],
    [6, 0.99, 4.032],
    [11, 0.95, 2.228],
    [31, 0.95, 2.042],
  ])("of %i samples at %d uses t = %d", (n, confidence, t) => {
    const samples = Array.from({ length: n }, (_, index) => index);
    const deviation = Math.sqrt((n * (n + 1)) / 12);
    const { halfWidth } = meanInterval(samples, confidence);
    expect((halfWidth * Math.sqrt(n)) / deviation).toBeCloseTo(t, 3);
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

  it("covers the true mean as often as it says", () => {
    // A gamma of cv 0.1 is close to normal, for which the interval is exact.
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
    expect(Math.abs(covered / runs - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / runs));
  });
});

describe("interval of a mean that is never below 0", () => {
  it("reaches as far to either side on the scale of logarithms as Student's does by itself", () => {
    const { mean, halfWidth } = meanInterval([1, 2, 6], 0.95);
    const positive = positiveMeanInterval([1, 2, 6], 0.95);
    expect([positive.mean, positive.n]).toEqual([mean, 3]);
    expect(Math.log(positive.high / mean)).toBeCloseTo(halfWidth / mean, 12);
    expect(Math.log(mean / positive.low)).toBeCloseTo(halfWidth / mean, 12);
    expect(positive.low).toBeGreaterThan(0);
  });

  it("is Student's where something is 0, where there is one sample, and where all agree", () => {
    for (const samples of [[0, 1, 2], [4], [4, 4]]) {
      expect(meanInterval(samples, 0.95)).toMatchObject(positiveMeanInterval(samples, 0.95));
    }
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
