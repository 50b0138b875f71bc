import { expect, it } from "vitest";
import { logRatio } from "../../../src/core/stats/log-ratio.js";

it.each([
  [Math.E, 1, 0, 1],
  [1, Math.E, 0, -1],
  [3, 1, 1, Math.LN2],
  [0, 0, 0, 0],
  [0, 0, 0.5, 0],
  [2, 0, 0, Number.POSITIVE_INFINITY],
  [0, 2, 0, Number.NEGATIVE_INFINITY],
])("of %d to %d with %d added to both is %d", (one, other, by, value) => {
  expect(logRatio(one, other, by)).toBeCloseTo(value, 12);
});
