import { expect, it } from "vitest";
import { varianceMargin } from "../../../src/core/stats/variance-margin.js";

// Lower 10 % points of chi-square, as any table has them.
it.each([
  [2, 0.211],
  [4, 1.064],
  [7, 2.833],
  [19, 11.651],
  [60, 46.459],
])("with %d degrees of freedom is that over the table's %d", (freedom, point) => {
  expect(varianceMargin(freedom) / (freedom / point)).toBeCloseTo(1, freedom < 4 ? 0 : 1);
});

it("falls towards 1 with more of them, and is none without any", () => {
  const margins = [1, 2, 3, 7, 19, 99, 9999].map(varianceMargin);
  expect(margins).toEqual([...margins].sort((one, other) => other - one));
  expect(margins.at(-1)).toBeLessThan(1.02);
  expect(() => varianceMargin(0)).toThrow("at least one degree");
});
