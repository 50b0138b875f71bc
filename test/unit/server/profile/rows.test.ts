import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/server/profile/registry.js";
import { firstAtLeast, paddedRows, stepRows } from "../../../../src/core/server/profile/rows.js";

const { rows: sizes } = profileFileByName("llama-3.1-8b-h100");

describe("the sizes of the measured engine", () => {
  it.each([
    [[1, 2, 3, 4, 5, 8, 9, 16, 17, 24, 200, 249, 256], [1, 2, 4, 4, 8, 8, 16, 16, 24, 24, 200, 256, 256], 0],
    [[257, 264, 265, 1000], [264, 264, 272, 1000], 0],
    [[0, 16, 48, 49, 432, 448], [64, 64, 64, 128, 448, 512], 16],
    [[0, 1, 128, 129, 256], [512, 640, 640, 768, 768], 512],
    [[0, 1, 256], [2048, 2176, 2304], 2048],
  ])("pads %j decoding sequences to %j rows beside %i prefill tokens", (decoding, rows, prefill) => {
    expect(decoding.map((count) => stepRows(sizes, count, prefill))).toEqual(rows);
  });

  it("has no rows in an empty step", () => {
    expect(stepRows(sizes, 0, 0)).toBe(0);
  });
});

describe("paddedRows", () => {
  it("leaves rows as they are where there are no sizes", () => {
    expect([paddedRows([], 0), paddedRows([], 77)]).toEqual([0, 77]);
    expect(stepRows(undefined, 3, 5)).toBe(8);
  });

  it("takes the only size as the gap too", () => {
    expect([1, 16, 17, 33].map((rows) => paddedRows([16], rows))).toEqual([16, 16, 32, 48]);
  });

  it("gives the least size that holds the rows", () => {
    const rising = fc
      .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 })
      .map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(rising, fc.integer({ min: 1, max: 2000 }), (list, rows) => {
        const padded = paddedRows(list, rows);
        expect(padded).toBeGreaterThanOrEqual(rows);
        const last = list.at(-1)!;
        if (rows <= last) expect(padded).toBe(list.find((size) => size >= rows));
        else expect((padded - last) % (last - (list.at(-2) ?? 0))).toBe(0);
      }),
    );
  });
});

it("firstAtLeast is the number of values when all are below", () => {
  expect([0, 1, 2, 3, 9].map((value) => firstAtLeast([1, 3, 5], value))).toEqual([0, 0, 1, 1, 3]);
});
