import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { pairedDifference, welchDifference } from "../../../src/core/stats/paired-difference.js";

const evenly = (values: readonly number[]) => values.map((value) => ({ value, weight: 1 }));
// Student's own sleep data (The probable error of a mean, 1908): hours gained with two drugs by the same ten people.
const FIRST = evenly([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]);
const SECOND = evenly([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);

describe("difference of pairs", () => {
  it("is what R's paired t.test makes of Student's sleep data", () => {
    const { difference, low, high, p, n } = pairedDifference(FIRST, SECOND, 0.95);
    expect(difference).toBeCloseTo(1.58, 10);
    expect([low, high]).toEqual([expect.closeTo(0.7001142, 6), expect.closeTo(2.4598858, 6)]);
    expect(p).toBeCloseTo(0.002833, 6);
    expect(n).toBe(10);
  });

  it("is exactly nothing between equal samples", () => {
    const samples = [
      { value: 0.1, weight: 3 },
      { value: 0.7, weight: 11 },
      { value: 0.3, weight: 7 },
    ];
    expect(pairedDifference(samples, samples, 0.95)).toMatchObject({
      difference: 0,
      low: 0,
      high: 0,
      p: 1,
      n: 3,
    });
  });

  it("is sure of one that is the same in every pair", () => {
    const [a, b] = [evenly([1, 2, 4]), evenly([3, 4, 6])];
    const two = expect.closeTo(2, 12);
    expect(pairedDifference(a, b, 0.95)).toEqual({
      ...{ first: expect.closeTo(7 / 3, 12), second: expect.closeTo(13 / 3, 12) },
      ...{ difference: two, low: two, high: two, p: 0, n: 3 },
    });
  });

  it("does not take rounding for a difference", () => {
    const a = [0.1, 0.1, 0.1].map((value) => ({ value, weight: 3 }));
    const b = [0.1, 0.1, 0.1].map((value, index) => ({ value, weight: 7 + index }));
    expect(pairedDifference(a, b, 0.95)).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
    expect(welchDifference(a, b, 0.95)).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
  });

  it("turns round with its sides", () => {
    const there = pairedDifference(FIRST, SECOND, 0.9);
    const back = pairedDifference(SECOND, FIRST, 0.9);
    expect([back.difference, back.low, back.high, back.p]).toEqual([
      -there.difference,
      -there.high,
      -there.low,
      there.p,
    ]);
  });

  it("is of ratios of sums where weights differ", () => {
    const a = [
      { value: 0.5, weight: 10 },
      { value: 0.1, weight: 90 },
    ];
    const b = [
      { value: 0.5, weight: 90 },
      { value: 0.1, weight: 10 },
    ];
    expect(pairedDifference(a, b, 0.95).difference).toBeCloseTo(0.46 - 0.14, 12);
  });

  it("leaves out pairs of which one side saw nothing, and tells nothing from fewer than two", () => {
    const [a, b] = [evenly([1, 2, 3]), [{ value: 9, weight: 0 }, ...evenly([2.5, 3])]];
    expect(pairedDifference(a, b, 0.95)).toEqual(pairedDifference(a.slice(1), b.slice(1), 0.95));
    expect(pairedDifference(a.slice(0, 2), b.slice(0, 2), 0.95)).toMatchObject({
      difference: 0.5,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      p: 1,
      n: 1,
    });
    expect(pairedDifference([], [], 0.95)).toMatchObject({ difference: Number.NaN, p: 1, n: 0 });
  });

  it("finds a difference in nothing but noise as often as its level says", () => {
    const stream = openStream("1", "noise");
    const noise = () => stream.uniform() + stream.uniform() + stream.uniform();
    const experiments = 2000;
    let found = 0;
    for (let run = 0; run < experiments; run++) {
      const shared = Array.from({ length: 8 }, noise);
      const [a, b] = [shared, shared].map((values) =>
        values.map((value) => ({ value: value + noise(), weight: 100 + stream.uniform() })),
      );
      if (pairedDifference(a!, b!, 0.95).p < 0.05) found++;
    }
    expect(Math.abs(found / experiments - 0.05)).toBeLessThan(4 * Math.sqrt(0.0475 / experiments));
  });
});

describe("difference of independent samples", () => {
  it("is what R's Welch t.test makes of the same data", () => {
    const { difference, low, high, p, n } = welchDifference(FIRST, SECOND, 0.95);
    expect(difference).toBeCloseTo(1.58, 10);
    expect([low, high]).toEqual([expect.closeTo(-0.2054832, 6), expect.closeTo(3.3654832, 6)]);
    expect(p).toBeCloseTo(0.07939, 5);
    expect(n).toBe(10);
  });

  it("takes sets of different size, and says nothing of a single sample", () => {
    expect(welchDifference(FIRST.slice(0, 5), SECOND, 0.95).n).toBe(5);
    expect(welchDifference(FIRST.slice(0, 1), SECOND, 0.95)).toMatchObject({ p: 1, n: 1 });
    expect(welchDifference(evenly([2, 2]), evenly([2, 2, 2]), 0.95)).toMatchObject({ difference: 0, p: 1 });
  });
});
