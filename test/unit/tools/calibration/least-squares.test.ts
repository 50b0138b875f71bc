import fc from "fast-check";
import { expect, it } from "vitest";
import { nonNegativeLeastSquares } from "../../../../src/core/tools/calibration/least-squares.js";

const ones = (rows: readonly unknown[]) => rows.map(() => 1);

it("finds the coefficients that made the targets", () => {
  const coefficient = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(coefficient, coefficient, coefficient, (a, b, c) => {
      const rows = Array.from({ length: 12 }, (_, index) => [1, index % 4, (index * index) % 7]);
      const targets = rows.map(([x = 0, y = 0, z = 0]) => a * x + b * y + c * z);
      const found = nonNegativeLeastSquares(rows, targets, ones(rows));
      for (const [index, wanted] of [a, b, c].entries()) expect(found[index]).toBeCloseTo(wanted, 4);
    }),
  );
});

it("gives 0 where the best would be negative, and what is best then", () => {
  const rows = [
    [1, 0],
    [1, 1],
    [1, 2],
  ];
  expect(nonNegativeLeastSquares(rows, [3, 2, 1], ones(rows))).toEqual([2, 0]);
});

it("listens to weights, and gives 0 to what never occurs", () => {
  const [mean, nothing] = nonNegativeLeastSquares(
    [
      [1, 0],
      [1, 0],
    ],
    [1, 4],
    [2, 1],
  );
  expect(mean).toBeCloseTo(2, 6);
  expect(nothing).toBe(0);
});
