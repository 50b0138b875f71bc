import { describe, expect, it } from "vitest";
import {
  firstOf,
  MAX,
  MEAN,
  MEAN_OVER_RUNS,
  ratioOfSums,
  SAME,
  SUM_BY_NAME,
  weightedMean,
} from "../../../../src/core/results/metrics/pooling.js";

const from = { rows: [], runs: 4 };

describe("a rule of pooling", () => {
  it("leaves out what has no value, and has none where nothing has", () => {
    expect([MEAN.pool([1, null, 5], from), MEAN.pool([null], from)]).toEqual([3, null]);
    expect([MAX.pool([1, null, 5], from), MAX.pool([null], from)]).toEqual([5, null]);
  });

  it("counts a replication without a row as nothing where it says so", () => {
    expect(MEAN_OVER_RUNS.pool([2, 6], from)).toBe(2);
  });

  it("adds counts up by name, in the order in which names come up", () => {
    const sums = SUM_BY_NAME.pool([{ b: 1 }, { a: 2, b: 3 }]);
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
    expect([rule.pool([0.5, 0], { rows, runs: 2 }), rule.pool([], { rows: [], runs: 2 })]).toEqual([
      0.1,
      null,
    ]);
  });

  it("weighs a mean by what it is of", () => {
    const rule = weightedMean<{ weight: number }>(({ weight }) => weight);
    const rows = [{ weight: 3 }, { weight: 1 }, { weight: 0 }];
    expect(rule.pool([2, 6, null], { rows, runs: 3 })).toBe(3);
    expect(rule.pool([null, null, null], { rows, runs: 3 })).toBeNull();
  });

  it("takes the first of an order, and refuses what must not differ", () => {
    expect(firstOf(["stuck", "recovered"]).pool(["recovered", "stuck"], from)).toBe("stuck");
    expect(SAME.pool(["x", "x"])).toBe("x");
    expect(() => SAME.pool([1, 2])).toThrow("agree");
  });
});
