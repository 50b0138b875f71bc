import fc from "fast-check";
import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { QuantileSketch } from "../../../src/core/stats/quantile-sketch.js";

const SHARES = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

function sketchOf(values: Iterable<number>, options: { unit?: number; exactLimit?: number } = {}) {
  const sketch = new QuantileSketch({ unit: 1, ...options });
  for (const value of values) sketch.add(value);
  return sketch;
}

function lognormals(count: number, seed: string): number[] {
  const lengths = createDistribution(
    { dist: "lognormal", median: 50_000, sigma: 1.5 },
    openStream(seed, "values"),
  );
  return Array.from({ length: count }, () => lengths.sample());
}

const sorted = (values: readonly number[]) => [...values].sort((left, right) => left - right);

/** The largest relative distance between the sketch's quantiles and those of the sorted values. */
function worstError(sketch: QuantileSketch, values: readonly number[]): number {
  const ordered = sorted(values);
  return Math.max(...SHARES.map((p) => Math.abs(sketch.quantile(p) / quantileSorted(ordered, p) - 1)));
}

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("an exact sketch", () => {
  it("has the quantiles of the sorted values", () => {
    fc.assert(
      fc.property(values, share, (measured, p) => {
        const expected = quantileSorted(sorted(measured), p);
        return Math.abs(sketchOf(measured).quantile(p) - expected) <= 1e-12 * expected;
      }),
      { numRuns: 200 },
    );
  });

  it("gives many quantiles as it gives each, exact or not", () => {
    const measured = lognormals(500, "many");
    for (const options of [{}, { exactLimit: 10 }]) {
      const sketch = sketchOf(measured, options);
      for (const shares of [SHARES, [...SHARES].reverse(), []]) {
        expect(sketch.quantiles(shares)).toEqual(shares.map((p) => sketch.quantile(p)));
      }
    }
    const ordered = sorted(measured);
    const found = sketchOf(measured).quantiles(SHARES);
    for (const [index, p] of SHARES.entries())
      expect(found[index]).toBeCloseTo(quantileSorted(ordered, p), 6);
    expect(new QuantileSketch({ unit: 1 }).quantiles([0.5])).toEqual([Number.NaN]);
  });

  it("interpolates as type 7 does", () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => sketchOf([4, 1, 3, 2]).quantile(p))).toEqual([
      1, 1.75, 2.5, 3.7, 4,
    ]);
  });

  it("sees what is added after a quantile was asked for", () => {
    const sketch = sketchOf([5, 1]);
    const before = sketch.quantile(0.5);
    sketch.add(0);
    expect([before, sketch.quantile(0.5)]).toEqual([3, 1]);
  });

  it("knows count, sum, mean and extremes", () => {
    const sketch = sketchOf([2, 0, 7]);
    expect([sketch.count, sketch.sum, sketch.mean, sketch.minimum, sketch.maximum]).toEqual([3, 9, 3, 0, 7]);
  });

  it("is NaN all over when empty", () => {
    const sketch = sketchOf([]);
    expect([sketch.mean, sketch.minimum, sketch.maximum, sketch.quantile(0.5)]).toEqual(
      Array(4).fill(Number.NaN),
    );
    expect([sketch.count, sketch.sum, sketch.exact]).toEqual([0, 0, true]);
  });

  it("stays exact up to its limit and not beyond", () => {
    const measured = Array.from({ length: 1000 }, (_, index) => index);
    expect(sketchOf(measured, { exactLimit: 1000 }).exact).toBe(true);
    expect(sketchOf([...measured, 1], { exactLimit: 1000 }).exact).toBe(false);
  });
});

describe("a spilled sketch", () => {
  it("has quantiles within 0.2 % of the exact ones", () => {
    const measured = lognormals(20_000, "1");
    const sketch = sketchOf(measured, { exactLimit: 500 });
    expect(sketch.exact).toBe(false);
    expect(worstError(sketch, measured)).toBeLessThan(0.002);
  });

  it("lies within 0.1 % or half a unit of the neighbouring values, whatever they are", () => {
    fc.assert(
      fc.property(values, share, fc.constantFrom(0.001, 1, 1000), (measured, p, unit) => {
        const ordered = sorted(measured);
        const place = (measured.length - 1) * p;
        const low = ordered[Math.floor(place)]!;
        const high = ordered[Math.ceil(place)]!;
        const quantile = sketchOf(measured, { unit, exactLimit: 0 }).quantile(p);
        const slack = (value: number) => Math.max(0.001 * value, unit / 2) + 1e-9;
        return quantile >= low - slack(low) && quantile <= high + slack(high);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps exact count, sum, mean and extremes", () => {
    const measured = Array.from({ length: 5000 }, (_, index) => index * 1001);
    const sketch = sketchOf(measured, { exactLimit: 10 });
    const sum = (1001 * 4999 * 5000) / 2;
    expect([sketch.count, sketch.sum, sketch.mean]).toEqual([5000, sum, sum / 5000]);
    expect([sketch.minimum, sketch.maximum]).toEqual([0, 4999 * 1001]);
    expect([sketch.quantile(0), sketch.quantile(1)]).toEqual([0, 4999 * 1001]);
  });

  it("takes the whole range from 0 to 2^53 units", () => {
    const measured = [0, 1, 2 ** 31, 2 ** 32 + 1, 2 ** 49 - 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
    const sketch = sketchOf(measured, { exactLimit: 0 });
    const found = measured.map((_, rank) => sketch.quantile(rank / (measured.length - 1)));
    const wrong = measured.filter((value, rank) => Math.abs(found[rank]! - value) > 0.001 * value);
    expect(wrong).toEqual([]);
  });

  it.each([1e-9, 1e-6, 1e-3, 0.1, 7])(
    "takes the largest number of units of %d, however that rounds",
    (unit) => {
      const largest = unit * Number.MAX_SAFE_INTEGER;
      const sketch = sketchOf([0, largest, largest, largest], { unit, exactLimit: 0 });
      expect(Math.abs(sketch.quantile(0.5) / largest - 1)).toBeLessThan(0.001);
    },
  );

  it("does not take more memory for a million values than for the limit", () => {
    const sketch = new QuantileSketch({ unit: 1 });
    const stream = openStream("1", "memory");
    let most = 0;
    for (let index = 0; index < 1_000_000; index++) {
      sketch.add(stream.uniform() * 1e12);
      if (index % 1000 === 0) most = Math.max(most, sketch.retainedBytes);
    }
    expect(most).toBeLessThanOrEqual(8 * 65_536);
    expect(sketch.quantile(0.5) / 5e11).toBeCloseTo(1, 2);
  });

  it("counts beyond 2^31 by merging, without losing any", () => {
    let sketch = sketchOf([1, 1, 3], { exactLimit: 0 });
    for (let doubling = 0; doubling < 32; doubling++) {
      const twice = new QuantileSketch({ unit: 1, exactLimit: 0 });
      twice.merge(sketch);
      twice.merge(sketch);
      sketch = twice;
    }
    expect([sketch.count, sketch.sum]).toEqual([3 * 2 ** 32, 5 * 2 ** 32]);
    expect([0.5, 0.6666, 0.6667, 1].map((p) => sketch.quantile(p))).toEqual([1, 1, 3, 3]);
  });
});

describe("merging sketches", () => {
  it("equals adding all values, in either order, while exact", () => {
    fc.assert(
      fc.property(values, values, share, (left, right, p) => {
        const all = sketchOf([...left, ...right]);
        const merged = sketchOf(left);
        merged.merge(sketchOf(right));
        const reversed = sketchOf(right);
        reversed.merge(sketchOf(left));
        const facts = (sketch: QuantileSketch) =>
          [sketch.count, sketch.minimum, sketch.maximum, sketch.quantile(p), sketch.exact].join();
        return facts(merged) === facts(all) && facts(reversed) === facts(all);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["exact into spilled", 10, 10_000],
    ["spilled into exact", 10_000, 10],
    ["spilled into spilled", 10, 10],
    ["exact into exact beyond the limit", 4000, 4000],
  ])("stays within 0.2 %% for %s", (_, leftLimit, rightLimit) => {
    const left = lognormals(3000, "left");
    const right = lognormals(3000, "right").map((value) => 50 * value);
    const merged = sketchOf(left, { exactLimit: leftLimit });
    const other = sketchOf(right, { exactLimit: rightLimit });
    merged.merge(other);
    expect([merged.count, other.count, merged.exact]).toEqual([6000, 3000, false]);
    expect(worstError(merged, [...left, ...right])).toBeLessThan(0.002);
  });

  it("takes in an empty sketch without a trace", () => {
    const sketch = sketchOf([1, 2]);
    sketch.merge(sketchOf([]));
    expect([sketch.count, sketch.minimum, sketch.maximum, sketch.quantile(0.5)]).toEqual([2, 1, 2, 1.5]);
  });

  it("refuses another unit, and itself", () => {
    const sketch = sketchOf([1]);
    expect(() => sketch.merge(sketchOf([1], { unit: 2 }))).toThrow("same unit");
    expect(() => sketch.merge(sketch)).toThrow("same unit");
  });
});

describe("coarse sketches", () => {
  const coarse = (numbers: readonly number[], exactLimit = 100) => {
    const sketch = new QuantileSketch({ unit: 1, exactLimit, coarse: true });
    for (const value of numbers) sketch.add(value);
    return sketch;
  };

  it("take an eighth of the memory", () => {
    const numbers = lognormals(5000, "coarse");
    const fine = sketchOf(numbers, { exactLimit: 100 });
    expect(coarse(numbers).retainedBytes).toBeLessThan(fine.retainedBytes / 6);
  });

  it("find quantiles inside a bucket, where values lie densely", () => {
    // 1,000 to 1,999: buckets are 4 or 8 wide, quantiles right to less than one.
    const dense = coarse(Array.from({ length: 10_000 }, (_, index) => 1000 + index / 10));
    for (const p of [0.1, 0.333, 0.5, 0.9])
      expect(Math.abs(dense.quantile(p) - (1000 + 1000 * p))).toBeLessThan(1);
  });

  it("are never off by more than a bucket, and keep the extremes", () => {
    const numbers = lognormals(3000, "coarse error");
    expect(worstError(coarse(numbers), numbers)).toBeLessThan(0.01);
    const same = coarse(Array.from({ length: 200 }, () => 12_345.6));
    expect([same.quantile(0.5), same.quantile(0.99)]).toEqual([12_345.6, 12_345.6]);
  });

  it("make what takes them in coarse, without a shift", () => {
    const [left, right] = [lognormals(3000, "left"), lognormals(3000, "right")];
    for (const start of [[], left.slice(0, 50), left]) {
      const merged = sketchOf(start, { exactLimit: 100 });
      merged.merge(coarse(right));
      const alone = coarse([...start, ...right]);
      expect(merged.quantile(0.5) / alone.quantile(0.5)).toBeCloseTo(1, 4);
      expect(worstError(merged, [...start, ...right])).toBeLessThan(0.01);
    }
  });
});

describe("the values of a sketch in order", () => {
  it("are the values themselves while they are few, and stay so when more are added", () => {
    fc.assert(
      fc.property(values, (measured) => {
        const sketch = sketchOf(measured);
        const ranked = sketch.ranked();
        expect([[...ranked.values], ranked.counts]).toEqual([sorted(measured), null]);
        sketch.add(0);
        expect([...ranked.values]).toEqual(sorted(measured));
      }),
      { numRuns: 50 },
    );
    expect([...new QuantileSketch({ unit: 1 }).ranked().values]).toEqual([]);
  });

  it.each([
    ["too many to be handed on", {}],
    ["not kept any more", { exactLimit: 100 }],
  ])("are middles of narrow bins with their counts where the values are %s", (_, options) => {
    const measured = lognormals(5000, "ranked");
    const sketch = sketchOf(measured, options);
    const { values: middles, counts } = sketch.ranked();
    expect([...counts!].reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect([...middles]).toEqual(sorted([...middles]));
    const ordered = sorted(measured);
    let rank = 0;
    for (const [index, middle] of middles.entries()) {
      for (let left = counts![index]!; left > 0; left--) {
        const value = ordered[rank++]!;
        // By the quantile error bound.
        expect(Math.abs(middle - value)).toBeLessThanOrEqual(Math.max(0.001 * value, 0.5));
      }
    }
    expect([middles[0]! >= ordered[0]!, middles.at(-1)! <= ordered.at(-1)!]).toEqual([true, true]);
    // Asking changes nothing.
    expect(sketch.exact).toBe(sketchOf(measured, options).exact);
  });

  it("never lie beyond the extremes, whatever the middle of their bins", () => {
    const sketch = sketchOf(Array<number>(5000).fill(4099));
    expect([...sketch.ranked().values]).toEqual([4099]);
  });
});

describe("what a sketch refuses", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 54])("the value %s", (value) => {
    expect(() => sketchOf([value])).toThrow("a measured value");
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("the unit %s", (unit) => {
    expect(() => sketchOf([], { unit })).toThrow("unit");
  });

  it.each([-0.1, 1.1, Number.NaN])("the share %s", (p) => {
    expect(() => sketchOf([1]).quantile(p)).toThrow("share");
  });
});
