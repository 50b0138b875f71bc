import { describe, expect, it } from "vitest";
import type { Estimate, Replication } from "../../../../src/core/results/shape/result.js";
import { compareResults } from "../../../../src/core/results/verdict/comparison.js";
import type { Comparable } from "../../../../src/core/results/verdict/matched.js";

const measure = (metric: string, better: Estimate["better"], value: number | null): Estimate => ({
  metric,
  aggregation: "rate",
  unit: "share",
  better,
  value,
  low: null,
  high: null,
  oneRun: null,
  n: 4,
  method: "replications",
});

/** One measure of several seeds, each with the same weight. */
function side(
  metric: string,
  better: Estimate["better"],
  values: readonly number[],
  prefix = "s",
): Comparable {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    estimates: [measure(metric, better, mean)],
    replications: values.map(
      (value, i): Replication => ({ seed: `${prefix}/${i}`, values: [value], weights: [1] }),
    ),
  };
}

const NOISE = [0.1, 0.14, 0.06, 0.12, 0.08];
const shifted = (by: number) => NOISE.map((value, i) => value + by + 1e-4 * i);

describe("a comparison", () => {
  it("sees in pairs of equal seeds what the spread of the seeds would hide", () => {
    const { paired, changes } = compareResults(side("m", "lower", NOISE), side("m", "lower", shifted(0.01)));
    expect(paired).toBe(true);
    expect(changes[0]!.verdict).toBe("worse");
    expect(changes[0]!.difference).toBeCloseTo(0.0102, 6);
    expect(changes[0]!.low!).toBeGreaterThan(0);
    const other = compareResults(side("m", "lower", NOISE), side("m", "lower", shifted(0.01), "t"));
    expect([other.paired, other.changes[0]!.verdict]).toEqual([false, "unclear"]);
  });

  it.each([
    ["lower", 0.01, "worse"],
    ["lower", -0.01, "better"],
    ["higher", 0.01, "better"],
    ["higher", -0.01, "worse"],
    ["none", 0.01, "different"],
  ] as const)("where %s is better, a change by %d is %s", (better, by, verdict) => {
    expect(compareResults(side("m", better, NOISE), side("m", better, shifted(by))).changes[0]!.verdict).toBe(
      verdict,
    );
  });

  it("calls equal numbers the same, with no difference and an interval of nothing", () => {
    const [change] = compareResults(side("m", "lower", NOISE), side("m", "lower", NOISE)).changes;
    expect(change).toMatchObject({ verdict: "same", difference: 0, low: 0, high: 0 });
  });

  it("pairs by seed, in whatever order they come and whatever else there is", () => {
    const after = side("m", "lower", NOISE);
    const shuffled = { ...after, replications: [...after.replications].reverse().slice(0, 4) };
    const [change] = compareResults(side("m", "lower", NOISE), shuffled).changes;
    expect(change).toMatchObject({ difference: 0, n: 4, verdict: "same" });
  });

  it("gives the p of each as one of all, by which it is called real", () => {
    const two = (by: number): Comparable => ({
      estimates: [measure("a", "lower", 0.1), measure("b", "lower", 0.1)],
      replications: NOISE.map((value, i) => ({
        seed: `s/${i}`,
        values: [value + by + 1e-4 * i, value * (1 + by)],
        weights: [1, 1],
      })),
    });
    const { changes } = compareResults(two(0), two(0.01));
    const sorted = [...changes].sort((one, other) => one.p - other.p);
    expect(sorted.map(({ adjusted }) => adjusted)).toEqual([
      Math.min(1, 2 * sorted[0]!.p),
      Math.max(2 * sorted[0]!.p, sorted[1]!.p),
    ]);
  });

  it("tells copies of one run from nothing: they are one", () => {
    const same = (value: number) => side("m", "lower", [value, value, value]);
    const { isCopies, changes } = compareResults(same(0.1), same(0.2));
    expect(isCopies).toBe(true);
    expect(changes[0]).toMatchObject({ n: 1, p: 1, low: null, verdict: "unclear" });
    expect(compareResults(same(0.1), same(0.1)).changes[0]!.verdict).toBe("same");
  });

  it("names what only one side has", () => {
    const { changes, missing } = compareResults(side("a", "lower", NOISE), side("b", "lower", NOISE));
    expect(changes).toEqual([]);
    expect([...missing].sort()).toEqual(["a rate", "b rate"]);
  });

  it("asks for more of each the more there are", () => {
    const many = (values: readonly number[]): Comparable => ({
      estimates: Array.from({ length: 40 }, (_, i) => measure(`m${i}`, "lower", 0.1)),
      replications: values.map((value, seed) => ({
        seed: `s/${seed}`,
        // Only the first differs, and not by much.
        values: Array.from({ length: 40 }, (_, i) => (i === 0 ? value : 0.1)),
        weights: Array.from({ length: 40 }, () => 1),
      })),
    });
    const [before, after] = [NOISE, NOISE.map((value, i) => value + [0.01, 0.02, 0.03, 0.01, 0.03][i]!)];
    expect(compareResults(side("m0", "lower", before), side("m0", "lower", after)).changes[0]!.verdict).toBe(
      "worse",
    );
    expect(compareResults(many(before), many(after)).changes[0]!.verdict).toBe("unclear");
  });
});
