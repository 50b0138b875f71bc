import { expect, test } from "vitest";
import { RowScales } from "../../../../../src/core/server/gateway/accounts/row-scales.js";

test("every row is at the stated limit until it is told otherwise, and others stay there", () => {
  const scales = new RowScales(2);
  expect(scales.of(5000, 1)).toBe(1);
  scales.set(3, 1, 2.5);
  scales.set(900, 0, 4);
  expect(
    [
      [3, 1],
      [3, 0],
      [2, 1],
      [900, 0],
      [901, 0],
      [90_000, 1],
    ].map(([row, column]) => scales.of(row!, column!)),
  ).toEqual([2.5, 1, 1, 4, 1, 1]);
});

test("a row is made what another is, whether or not any has been told", () => {
  const scales = new RowScales(2);
  scales.copyRow(1, 0);
  scales.set(1, 0, 3);
  scales.copyRow(1, 200);
  scales.copyRow(7, 1);
  expect([scales.of(200, 0), scales.of(200, 1), scales.of(1, 0)]).toEqual([3, 1, 1]);
});
