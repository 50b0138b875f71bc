// Points between two axes, drawn in characters: a letter for each, a capital where it is marked. Where a cell is taken,
// a letter stands in the next free one of its row. Knows numbers and letters, not what they are of.
import type { Marks } from "./style.js";

export interface Dot {
  readonly across: number;
  readonly up: number;
  readonly letter: string;
}

const WIDTH = 56;
const HEIGHT = 10;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** By its place among all; a capital where it is marked. Those that the alphabet has no letter for are all `+`. */
export function letterOf(place: number, isMarked: boolean): string {
  const letter = LETTERS[place] ?? "+";
  return isMarked ? letter.toUpperCase() : letter;
}

/** The rows from top to bottom, then the axis below them. */
export function scatter(dots: readonly Dot[], { upright, corner, rule }: Marks): string[] {
  const columnOf = placer(
    dots.map(({ across }) => across),
    WIDTH,
  );
  const rowOf = placer(
    dots.map(({ up }) => up),
    HEIGHT,
  );
  const grid = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(" "));
  for (const { across, up, letter } of dots) {
    const row = grid[HEIGHT - 1 - rowOf(up)]!;
    row[freeNear(row, columnOf(across))] = letter;
  }
  return [...grid.map((row) => `${upright} ${row.join("")}`.trimEnd()), `${corner}${rule.repeat(WIDTH + 1)}`];
}

/** From a value to one of so many cells; all are in the middle where they are the same. */
function placer(values: readonly number[], cells: number): (value: number) => number {
  const least = Math.min(...values);
  const span = Math.max(...values) - least;
  return (value) => Math.round((span > 0 ? (value - least) / span : 0.5) * (cells - 1));
}

function freeNear(row: readonly string[], wanted: number): number {
  for (let apart = 0; apart < row.length; apart++) {
    for (const column of [wanted + apart, wanted - apart]) if (row[column] === " ") return column;
  }
  return wanted;
}
