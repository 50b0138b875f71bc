import { describe, expect, it } from "vitest";
import { letterOf, scatter } from "../../../../src/core/report/text/scatter.js";
import { ASCII_MARKS } from "../../../../src/core/report/text/style.js";

const drawn = (...dots: readonly (readonly [number, number])[]) =>
  scatter(
    dots.map(([across, up], place) => ({ across, up, letter: letterOf(place, false) })),
    ASCII_MARKS,
  );
const placeOf = (rows: readonly string[], letter: string) => {
  const row = rows.findIndex((line) => line.includes(letter));
  return [rows[row]!.indexOf(letter), row];
};

describe("points drawn in characters", () => {
  it("stand in the corners where they are the least and the most, and between by their values", () => {
    const rows = drawn([0, 0], [10, 10], [5, 10], [0, 10]);
    expect(["a", "b", "c", "d"].map((letter) => placeOf(rows, letter))).toEqual([
      [2, 9],
      [57, 0],
      [30, 0],
      [2, 0],
    ]);
    expect(rows.at(-1)).toBe(`+${"-".repeat(57)}`);
  });

  it("stand side by side where they are the same", () => {
    expect(drawn([0, 0], [1, 1], [1, 1], [1, 1], [0, 0])[0]).toMatch(/dcb$/);
    expect(drawn([0, 0], [1, 1], [0, 0])[9]).toBe("| ac");
  });

  it("are in the middle of an axis along which all are the same", () => {
    expect(placeOf(drawn([3, 1], [3, 2]), "a")).toEqual([30, 9]);
  });

  it("have letters, capitals where they are marked, and a plus beyond the alphabet", () => {
    expect([letterOf(0, false), letterOf(25, true), letterOf(26, true)]).toEqual(["a", "Z", "+"]);
  });
});
