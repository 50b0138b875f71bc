import { expect, it } from "vitest";
import { minimize } from "../../../../src/core/tools/calibration/minimize.js";

const options = { evaluations: 2000, rounds: 20 };

it("finds the bottom of a bent valley", () => {
  const valley = ([x = 0, y = 0]: readonly number[]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  const { at, value } = minimize(valley, [-1.2, 1], { steps: [0.5, 0.5], ...options });
  expect(value).toBeLessThan(1e-6);
  expect(at[0]).toBeCloseTo(1, 2);
  expect(at[1]).toBeCloseTo(1, 2);
});

it("keeps out of what must not be, and finds the corner of absolute values", () => {
  const corner = ([x = 0, y = 0]: readonly number[]) =>
    x < 0 ? Number.POSITIVE_INFINITY : Math.abs(x - 2) + Math.abs(x + y - 1) + 1;
  const { at } = minimize(corner, [0.1, 0.1], { steps: [0.2, 0.2], ...options });
  expect(at[0]).toBeCloseTo(2, 3);
  expect(at[1]).toBeCloseTo(-1, 3);
});

it("stays where nothing is better", () => {
  expect(minimize(([x = 0]) => x * x, [0], { steps: [1], ...options }).at).toEqual([0]);
});
