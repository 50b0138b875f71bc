import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  firstOf,
  MAX,
  MEAN,
  MEAN_OF_ALL,
  MEAN_OVER_RUNS,
  ofAllLives,
  type PooledFrom,
  pooledTrend,
  ratioOfSums,
  SAME,
  SUM,
  SUM_BY_NAME,
} from "../../../../src/core/results/metrics/pooling.js";
import { summary } from "../../../../src/core/results/metrics/summary.js";
import { PooledValues } from "../../../../src/core/stats/pooled-values.js";
import { QuantileSketch } from "../../../../src/core/stats/quantile-sketch.js";
import { Ranking } from "../../../../src/core/stats/ranked-values.js";
import { SessionLives } from "../../../../src/core/stats/session-lives.js";

/** Of rows that stand for so many replications each. */
function from<Row = unknown>(factors: readonly number[], rows: readonly Row[] = []): PooledFrom<Row> {
  return { rows, factors, runs: 4, pooledOf: () => new PooledValues([]) };
}

describe("a rule of pooling", () => {
  it("leaves out what has no value, and has none where nothing has", () => {
    const each = from([1, 1, 1]);
    expect([MEAN.pool([1, null, 5], each), MEAN.pool([null], from([1]))]).toEqual([3, null]);
    expect([MAX.pool([1, null, 5], each), MAX.pool([null], from([1]))]).toEqual([5, null]);
  });

  it("counts a replication without a row as nothing where it says so", () => {
    expect(MEAN_OVER_RUNS.pool([2, 6], from([1, 1]))).toBe(2);
  });

  it("adds counts up by name, in the order in which names come up", () => {
    const sums = SUM_BY_NAME.pool([{ b: 1 }, { a: 2, b: 3 }], from([1, 1]));
    expect(Object.entries(sums)).toEqual([
      ["b", 4],
      ["a", 2],
    ]);
  });

  it("divides sums and not rates", () => {
    const rows = [
      { part: 1, whole: 2 },
      { part: 0, whole: 8 },
    ];
    const rule = ratioOfSums<(typeof rows)[number]>(
      ({ part }) => part,
      ({ whole }) => whole,
    );
    expect([rule.pool([0.5, 0], from([1, 1], rows)), rule.pool([], from([]))]).toEqual([0.1, null]);
  });

  it("reads from all lives together what a row of them says, and nothing where none says anything", () => {
    const rule = ofAllLives(({ open }) => open);
    const lives = new SessionLives();
    for (const see of [() => lives.left(9), () => lives.finished(9, 1)]) {
      lives.entered(0);
      see();
    }
    const all = { ...from([1, 1]), livesOf: () => lives.estimate() };
    expect([rule.pool([0, null], all), rule.pool([null, null], all)]).toEqual([0.5, null]);
    expect(() => rule.pool([0], from([1]))).toThrow("pooled with their lives");
  });

  it("takes the first of an order, and refuses what must not differ", () => {
    expect(firstOf(["stuck", "recovered"]).pool(["recovered", "stuck"], from([1, 1]))).toBe("stuck");
    expect(SAME.pool(["x", "x"])).toBe("x");
    expect(SAME.pool([undefined, undefined])).toBeUndefined();
    for (const values of [[1, 2], [1, undefined], []]) expect(() => SAME.pool(values)).toThrow("agree");
  });
});

describe("a rule of pooling counts a replication as often as it stands for", () => {
  const row = fc.record({ value: fc.integer({ min: 0, max: 9 }), weight: fc.integer({ min: 1, max: 9 }) });
  const weighed = fc.array(fc.tuple(row, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 6 });
  type Row = { readonly value: number; readonly weight: number };

  const rules = {
    sum: SUM,
    mean: MEAN,
    "mean of what is always known": MEAN_OF_ALL,
    "mean over runs": MEAN_OVER_RUNS,
    maximum: MAX,
    "ratio of sums": ratioOfSums<Row>(
      ({ value }) => value,
      ({ weight }) => weight,
    ),
    "sum by name": {
      pool: (values: readonly number[], all: PooledFrom) =>
        SUM_BY_NAME.pool(
          values.map((a) => ({ a })),
          all,
        ).a,
    },
  };

  it.each(Object.entries(rules))("%s: as if it were there so many times", (_, rule) => {
    fc.assert(
      fc.property(weighed, (all) => {
        const rows = all.map(([one]) => one);
        const repeated = all.flatMap(([one, times]) => Array<Row>(times).fill(one));
        const pool = (some: readonly Row[], factors: readonly number[]) =>
          rule.pool(
            some.map(({ value }) => value),
            from(factors, some),
          );
        const wanted = pool(
          repeated,
          repeated.map(() => 1),
        );
        expect(
          pool(
            rows,
            all.map(([, times]) => times),
          ),
        ).toBeCloseTo(wanted!, 9);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a trend of replications", () => {
  const sketchOf = (values: readonly number[]) => {
    const sketch = new QuantileSketch({ unit: 1e-6 });
    for (const value of values) sketch.add(value);
    return sketch;
  };
  const pooled = (runs: readonly (readonly number[])[], factors: readonly number[]) => {
    const sketches = runs.map(sketchOf);
    const parts = sketches.map((one, run) => ({ ranking: new Ranking(one.ranked()), factor: factors[run]! }));
    const pooledOf = (name: string) => new PooledValues(name === "ttft" ? parts : []);
    return pooledTrend("ttft").pool(sketches.map(summary), { ...from(factors), pooledOf });
  };

  it("has the quantiles of all values together, not the means of each one's", () => {
    const found = pooled([[1, 2, 3], [5]], [1, 1]);
    expect(found).toMatchObject({ count: 4, mean: 11 / 4, min: 1, max: 5, p50: 2, p99: 5, exact: true });
  });

  it("counts the values of each as often as it stands for", () => {
    const found = pooled([[1, 2, 3], [5]], [0.5, 2.5]);
    expect(found).toMatchObject({ count: 4, mean: (0.5 * 6 + 2.5 * 5) / 4, min: 1, max: 5, p25: 2, p50: 5 });
  });

  it("is nothing where none of them has a value, and goes by those that have", () => {
    expect(pooled([[], []], [1, 1])).toMatchObject({ count: 0, mean: null, min: null, max: null, p50: null });
    expect(pooled([[], [3]], [1, 1])).toMatchObject({ count: 1, mean: 3, min: 3, max: 3, p50: 3 });
  });

  it("is exact where all values are known, and not where some stand in bins", () => {
    const many = Array.from({ length: 5000 }, (_, index) => 1 + index / 1000);
    expect([pooled([many], [1]).exact, pooled([many.slice(1000), [1]], [1, 1]).exact]).toEqual([false, true]);
  });
});
