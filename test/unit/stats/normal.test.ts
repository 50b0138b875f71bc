import { expect, it } from "vitest";
import { normalCdf } from "../../../src/core/stats/normal.js";

it.each([
  [0, 0.5],
  [-1.959963984540054, 0.025],
  [1.2815515655446004, 0.9],
  [-6, 9.865876450377e-10],
])("half of all normals lie below 0: below %d lie %d", (z, share) => {
  expect(normalCdf(z) / share).toBeCloseTo(1, 9);
});
