import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import { batchGroups, groupsOf, longestGroups } from "../../../../src/core/results/ledger/batch-count.js";

const weighted = (values: readonly number[]) => values.map((value) => ({ value, weight: 1 }));

/** x' = r x + noise, from a named stream. */
function autoregressive(n: number, r: number, name: string): number[] {
  const stream = openStream("1", name);
  let value = 0;
  return Array.from({ length: n }, () => {
    value = r * value + stream.uniform() + stream.uniform() + stream.uniform() - 1.5;
    return value;
  });
}

describe("how many batches to take together", () => {
  it("leaves independent ones alone in nine of ten cases, as its level says", () => {
    const cases = 1000;
    let alone = 0;
    for (let run = 0; run < cases; run++) {
      if (batchGroups(weighted(autoregressive(64, 0, `independent ${run}`))).size === 1) alone++;
    }
    // Four standard errors of a share of 0.9.
    expect(Math.abs(alone / cases - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / cases));
  });

  it("takes correlated ones together, the more the longer they remember", () => {
    const mean = (r: number) => {
      const sizes = Array.from({ length: 200 }, (_, run) =>
        batchGroups(weighted(autoregressive(64, r, `remembering ${run}`))),
      );
      return sizes.reduce((sum, { size }) => sum + size, 0) / sizes.length;
    };
    const [short, long] = [mean(0.4), mean(0.8)];
    expect(short).toBeGreaterThan(1.7);
    expect(long).toBeGreaterThan(short + 1);
  });

  it("never goes below 8, and says so where those are still correlated", () => {
    const rising = Array.from({ length: 64 }, (_, index) => index);
    const inflation = Number.POSITIVE_INFINITY;
    expect(batchGroups(weighted(rising))).toEqual({ size: 8, inflation });
    expect(batchGroups(weighted(rising.slice(0, 50)))).toEqual({ size: 4, inflation });
    expect(batchGroups(weighted(rising.slice(0, 15)))).toEqual({ size: 1, inflation });
  });

  it("finds the critical value of von Neumann's statistic", () => {
    // 1, 2, ... 8: squares 42, differences 7, so sqrt(63 / 6) (1 - 7 / 84) = 2.97. Alternating: far below 0.
    expect(batchGroups(weighted([1, 2, 3, 4, 5, 6, 7, 8])).inflation).toBe(Number.POSITIVE_INFINITY);
    expect(batchGroups(weighted([1, 8, 2, 7, 3, 6, 4, 5])).inflation).toBe(1);
  });

  it("asks for wider intervals where 8 are still correlated: an autoregression's", () => {
    // 0 0 1 1 1 1 0 1: squares 15 / 8, differences 3, so r = 1 - 3 / (30 / 8) = 0.2, which 8 values do not show;
    // 0 0 0 1 1 1 1 1: squares 15 / 8, differences 1, r = 1 - 1 / (30 / 8) = 11 / 15.
    expect(batchGroups(weighted([0, 0, 1, 1, 1, 1, 0, 1])).inflation).toBe(1);
    expect(batchGroups(weighted([0, 0, 0, 1, 1, 1, 1, 1])).inflation).toBeCloseTo(Math.sqrt(26 / 4), 12);
  });

  it("takes batches that agree, and too few to say, as they are", () => {
    expect(batchGroups(weighted(Array.from({ length: 64 }, () => 2)))).toEqual({
      size: 1,
      inflation: 1,
    });
    expect(batchGroups(weighted([1, 2]))).toEqual({ size: 1, inflation: 1 });
    expect(batchGroups([])).toEqual({ size: 1, inflation: 1 });
  });

  it("does not let batches of hardly any weight decide", () => {
    const independent = autoregressive(32, 0, "heavy");
    const heavy = independent.map((value) => ({ value, weight: 1000 }));
    const light = Array.from({ length: 32 }, (_, index) => ({ value: 5 * index, weight: 1e-6 }));
    expect(batchGroups(heavy)).toEqual({ size: 1, inflation: 1 });
    expect(batchGroups([...light, ...heavy]).inflation).toBe(batchGroups([...heavy, ...light]).inflation);
    expect(batchGroups(light).inflation).toBeGreaterThan(1);
  });
});

describe("groups of neighbours", () => {
  it("hold every batch once, in order, so many each, and what is left over in the last", () => {
    expect(groupsOf(9, 4)).toEqual([
      [0, 4],
      [4, 9],
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 30 }), (count, size) => {
        const groups = groupsOf(count, size);
        const members = groups.flatMap(([from, until]) =>
          Array.from({ length: until - from }, (_, i) => from + i),
        );
        expect(members).toEqual(Array.from({ length: count < size ? 0 : count }, (_, i) => i));
        expect(groups.slice(0, -1).every(([from, until]) => until - from === size)).toBe(true);
        const [from = 0, until = size] = groups.at(-1) ?? [];
        expect(until - from).toBeGreaterThanOrEqual(size);
        expect(until - from).toBeLessThan(2 * size);
      }),
    );
  });

  it("are all there where the last of an odd number joins its neighbours", () => {
    const told: number[] = [];
    for (let run = 0; run < 50; run++) {
      const values = autoregressive(17, 0.8, `odd ${run}`);
      const { size, inflation } = batchGroups(weighted(values));
      if (size !== 2 || inflation === 1 || !Number.isFinite(inflation)) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / 17;
      const sums = groupsOf(17, 2).map(([from, until]) =>
        values.slice(from, until).reduce((sum, value) => sum + value - mean, 0),
      );
      const center = sums.reduce((sum, value) => sum + value, 0) / 8;
      const squares = sums.reduce((sum, value) => sum + (value - center) ** 2, 0);
      const steps = sums.slice(1).reduce((sum, value, index) => sum + (value - sums[index]!) ** 2, 0);
      const r = 1 - steps / (2 * squares);
      expect(inflation).toBeCloseTo(Math.sqrt((1 + r) / (1 - r)), 9);
      told.push(inflation);
    }
    expect(told.length).toBeGreaterThan(5);
  });
});

test.each([
  [64, 8],
  [63, 4],
  [32, 4],
  [16, 2],
  [15, 1],
  [3, 1],
])("the longest groups of %i batches are of %i, so that at least 8 are left", (batches, size) => {
  expect(longestGroups(batches)).toBe(size);
});
