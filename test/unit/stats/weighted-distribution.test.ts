import { expect, it } from "vitest";
import { WeightedDistribution } from "../../../src/core/stats/weighted-distribution.js";

const values = [
  { value: 1, share: 0.5 },
  { value: 3, share: 0.25 },
  { value: 10, share: 0.125 },
];

it("has the quantiles that its known part reaches, of the whole", () => {
  const known = new WeightedDistribution(values, 0, 7);
  const open = new WeightedDistribution(values, 0.125, 7);
  expect([0, 0.5, 0.6, 0.9, 1].map((p) => known.quantile(p))).toEqual([1, 1, 3, 10, 10]);
  expect([0, 0.5, 0.6, 0.875, 0.9].map((p) => open.quantile(p))).toEqual([1, 1, 3, 10, null]);
  expect([open.minimum, open.maximum, open.count]).toEqual([1, 10, 7]);
});

it("has a mean as long as little is unknown, which counts as the largest value", () => {
  const mean = (unknown: number) => new WeightedDistribution(values, unknown, 7).meanUpTo(0.05);
  expect(mean(0)).toBe((0.5 + 0.75 + 1.25) / 0.875);
  expect(mean(0.04)).toBeCloseTo((2.5 + 0.4) / 0.915, 12);
  expect(mean(0.05)).toBeNull();
});

it("has nothing of nothing", () => {
  const none = new WeightedDistribution([], 1, 0);
  expect([none.minimum, none.maximum, none.meanUpTo(1), none.quantile(0.5)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
