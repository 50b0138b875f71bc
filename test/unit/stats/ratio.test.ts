import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import {
  evenRisks,
  freedomOf,
  intervalAround,
  type RatioEstimate,
  ratioEstimate,
  ratioOf,
  reachOf,
  standardError,
  type WeightedSample,
} from "../../../src/core/stats/ratio.js";
import { criticalT, oneSidedT } from "../../../src/core/stats/student.js";

const infinity = Number.POSITIVE_INFINITY;
const evenly = (values: readonly number[]) => values.map((value) => ({ value, weight: 3 }));
const interval = (samples: readonly WeightedSample[], confidence = 0.95) =>
  intervalAround(ratioEstimate(samples), "share", evenRisks(confidence));

const sample = fc.record({
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  weight: fc.integer({ min: 1, max: 100 }),
});
const several = fc.array(sample, { minLength: 2, maxLength: 12 });

const ratio = (some: readonly WeightedSample[]) =>
  some.reduce((sum, one) => sum + one.value * one.weight, 0) / some.reduce((sum, one) => sum + one.weight, 0);

describe("a ratio", () => {
  it("is that of the sums, not the mean of the ratios", () => {
    const { value, n } = ratioEstimate([
      { value: 0.5, weight: 10 },
      { value: 0.1, weight: 90 },
    ]);
    expect(value).toBeCloseTo(14 / 100, 12);
    expect(n).toBe(2);
  });

  it("has the jackknife's standard error: how far it moves without each sample", () => {
    fc.assert(
      fc.property(several, (samples) => {
        const n = samples.length;
        const moved = samples.map(
          (_, left) => ratio(samples.filter((_, index) => index !== left)) - ratio(samples),
        );
        const squares = moved.reduce((sum, move) => sum + move * move, 0);
        expect(standardError(ratioOf(samples).pulls)).toBeCloseTo(Math.sqrt(((n - 1) / n) * squares), 10);
        expect(ratioEstimate(samples).error).toBe(standardError(ratioOf(samples).pulls));
      }),
    );
  });

  it("has the standard error of the mean where all weights are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (values) => {
        const n = values.length;
        const mean = values.reduce((sum, value) => sum + value, 0) / n;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
        const { value, error } = ratioEstimate(evenly(values));
        expect(value).toBeCloseTo(mean, 10);
        expect(error).toBeCloseTo(Math.sqrt(variance / n), 10);
      }),
    );
  });

  it("leaves samples without weight out", () => {
    const some = evenly([0.1, 0.2, 0.4]);
    expect(ratioEstimate([{ value: 0.9, weight: 0 }, ...some])).toEqual(ratioEstimate(some));
  });

  it("is known to nothing from one sample, and is none without any that weighs", () => {
    const one = ratioEstimate([{ value: 0.5, weight: 1 }]);
    expect(one).toEqual({ value: 0.5, error: infinity, freedom: 1, n: 1 });
    const nothing = { value: Number.NaN, error: infinity, freedom: 1, n: 0 };
    expect(ratioEstimate([{ value: 0.5, weight: 0 }])).toEqual(nothing);
    expect(ratioEstimate([])).toEqual(nothing);
  });
});

describe("degrees of freedom", () => {
  const parts = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

  it("are between 1 and the most there may be, in whatever unit the parts are, and in whatever order", () => {
    fc.assert(
      fc.property(
        parts,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: -9, max: 9 }),
        (some, most, by) => {
          const freedom = freedomOf(some, most);
          expect(freedom).toBeGreaterThanOrEqual(1);
          expect(freedom).toBeLessThanOrEqual(most);
          expect(freedomOf([...some].reverse(), most)).toBeCloseTo(freedom, 9);
          const scaled = some.map((part) => part * 10 ** by);
          expect(freedomOf(scaled, most)).toBeCloseTo(freedom, 9);
        },
      ),
    );
  });

  it("are all where every part is as large, and where none varies", () => {
    for (const n of [2, 8, 20]) {
      expect(freedomOf(Array(n).fill(0.3), n - 1)).toBe(n - 1);
      expect(freedomOf(Array(n).fill(0), n - 1)).toBe(n - 1);
    }
  });

  it("are few where few parts hold what varies, however many there are besides", () => {
    const among = (...held: number[]) => freedomOf([...held, ...Array(50).fill(0)], 50);
    expect(among(7)).toBe(1);
    expect(among(3, 3)).toBeCloseTo(2 - 1 / 2, 12);
    expect(among(1, 1, 1, 1)).toBeCloseTo(4 - 1 / 4, 12);
    // (4 + 1 + 1)² / (16 + 1 + 1) = 2
    expect(among(4, 1, 1)).toBeCloseTo(2 - 1 / 2, 12);
  });

  it("of a ratio lie between one and one less than its samples", () => {
    fc.assert(
      fc.property(several, (samples) => {
        const { freedom } = ratioEstimate(samples);
        expect(freedom).toBeGreaterThanOrEqual(1);
        expect(freedom).toBeLessThanOrEqual(Math.max(1, samples.length - 1));
      }),
    );
  });

  it("of a ratio are 1 + (n - 2) (m - 1)³ / (q - 1)³, m of its pulls carrying the error and q of normal ones", () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 20];
    const squares = ratioOf(evenly(values)).pulls.map((pull) => pull * pull);
    const sum = squares.reduce((so, square) => so + square, 0);
    const carrying = sum ** 2 / squares.reduce((so, square) => so + square * square, 0);
    const usual = (8 * 9) / (3 * 7);
    expect(carrying).toBeLessThan(usual);
    const wanted = 1 + 6 * ((carrying - 1) / (usual - 1)) ** 3;
    expect(ratioEstimate(evenly(values)).freedom).toBeCloseTo(wanted, 12);
    // Kurtosis of normal samples is 3 (n - 1) / (n + 1) on average, so that they carry about q.
    const normal = createDistribution({ dist: "lognormal", mean: 1, sigma: 0.01 }, openStream("1", "normal"));
    const kurtoses = Array.from({ length: 4000 }, () => {
      const pulls = ratioOf(evenly(Array.from({ length: 8 }, () => normal.sample()))).pulls;
      const square = pulls.reduce((so, pull) => so + pull ** 2, 0);
      return (8 * pulls.reduce((so, pull) => so + pull ** 4, 0)) / square ** 2;
    });
    const mean = kurtoses.reduce((so, kurtosis) => so + kurtosis, 0) / kurtoses.length;
    expect(mean / (8 / usual)).toBeCloseTo(1, 1);
    // A hundred of a thousand hold all that varies: they are a small part, and not few.
    const many = evenly(Array.from({ length: 1000 }, (_, place) => (place < 100 ? 9 : 0)));
    expect(ratioEstimate(many).freedom).toBeGreaterThan(95);
    // Seven of eight saw the same: one carries all that varies.
    const rare = evenly([0, 0, 0, 0, 0, 0, 0, 0.25]);
    expect(ratioEstimate(rare).freedom).toBeLessThan(1.5);
    expect(ratioEstimate(evenly([1, -1, 1, -1, 1, -1, 1, -1])).freedom).toBe(7);
  });
});

describe("the reach of an estimate", () => {
  const estimate: RatioEstimate = { value: 0.5, error: 0.1, freedom: 4.5, n: 8 };

  it("is Student's t to each side, by the risk on that side", () => {
    const { below, above } = reachOf(estimate, { below: 0.01, above: 0.05 });
    expect(below).toBeCloseTo(0.1 * oneSidedT(0.01, 4.5), 12);
    expect(above).toBeCloseTo(0.1 * oneSidedT(0.05, 4.5), 12);
    expect(below).toBeGreaterThan(above);
  });

  it("is as far to both sides for even risks: that of a two-sided interval", () => {
    const { below, above } = reachOf(estimate, evenRisks(0.95));
    expect(above).toBe(below);
    expect(above).toBeCloseTo(0.1 * criticalT(0.95, 4.5), 9);
  });

  it("is nothing without an error, and endless where nothing is known of it", () => {
    expect(reachOf({ ...estimate, error: 0 }, evenRisks(0.95))).toEqual({ below: 0, above: 0 });
    expect(reachOf({ ...estimate, error: infinity }, evenRisks(0.95))).toEqual({
      below: infinity,
      above: infinity,
    });
  });

  it("needs risks between 0 and 1", () => {
    expect(() => reachOf(estimate, { below: 0.1, above: 1 })).toThrow(/confidence must be/);
    expect(() => intervalAround(estimate, "share", evenRisks(2))).toThrow(/confidence must be/);
  });
});

describe("interval of a ratio", () => {
  it("is its reach on a scale", () => {
    const samples = evenly([0.01, 0.03, 0.05]);
    const estimate = ratioEstimate(samples);
    const { above } = reachOf(estimate, evenRisks(0.95));
    const odds = (share: number) => Math.log(share / (1 - share));
    const { low, high } = interval(samples);
    expect(odds(high) - odds(estimate.value)).toBeCloseTo(odds(estimate.value) - odds(low), 10);
    expect(odds(high) - odds(estimate.value)).toBeCloseTo(above / (0.03 * 0.97), 10);
    const plain = intervalAround(estimate, "plain", evenRisks(0.95));
    expect(plain.high - plain.low).toBeCloseTo(2 * above, 12);
  });

  it("stays between 0 and 1, however few tell of it", () => {
    const { low, high } = interval(evenly([0, 0.9]), 0.999);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan(0.45);
    expect(high).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThan(0.99);
  });

  it("mirrors: the share of the others has the mirrored interval", () => {
    const hit = interval(evenly([0.01, 0.02, 0.06]), 0.9);
    const missed = interval(evenly([0.99, 0.98, 0.94]), 0.9);
    expect(missed.low).toBeCloseTo(1 - hit.high, 9);
    expect(missed.high).toBeCloseTo(1 - hit.low, 9);
  });

  it("has no width where all agree, and is the whole scale around one sample", () => {
    expect(interval(evenly([0, 0]))).toEqual({ low: 0, high: 0 });
    expect(interval(evenly([1, 1]))).toEqual({ low: 1, high: 1 });
    expect(interval([{ value: 0.5, weight: 1 }])).toEqual({ low: 0, high: 1 });
  });

  it("covers a skewed rate's truth about as often on either side as it says", () => {
    // Gamma of cv 1 over ten samples: an interval as far to both sides, with as many degrees of freedom as samples less
    // one, errs on one side in more than 7 of 100.
    const source = createDistribution({ dist: "gamma", mean: 0.001, cv: 1 }, openStream("1", "skewed"));
    const experiments = 4000;
    let [below, above, symmetrical] = [0, 0, 0];
    for (let run = 0; run < experiments; run++) {
      const samples = evenly(Array.from({ length: 10 }, () => source.sample()));
      const { low, high } = interval(samples);
      if (high < 0.001) below++;
      if (low > 0.001) above++;
      const { value, error } = ratioEstimate(samples);
      if (value + criticalT(0.95, 9) * error < 0.001) symmetrical++;
    }
    expect(below / experiments).toBeLessThan(0.04);
    expect(above / experiments).toBeLessThan(0.03);
    expect(symmetrical / experiments).toBeGreaterThan(0.07);
  });

  it("covers a rate of which few seeds hold most, where as many degrees of freedom as samples less one do not", () => {
    const source = createDistribution({ dist: "gamma", mean: 0.02, cv: 2 }, openStream("1", "held by few"));
    const experiments = 2000;
    let [covered, plain] = [0, 0];
    for (let run = 0; run < experiments; run++) {
      const estimate = ratioEstimate(evenly(Array.from({ length: 8 }, () => source.sample())));
      const isIn = (one: RatioEstimate) => {
        const { low, high } = intervalAround(one, "share", evenRisks(0.95));
        return low <= 0.02 && 0.02 <= high;
      };
      if (isIn(estimate)) covered++;
      if (isIn({ ...estimate, freedom: 7 })) plain++;
    }
    expect(covered / experiments).toBeGreaterThan(0.93);
    expect(plain / experiments).toBeLessThan(0.9);
  });
});
