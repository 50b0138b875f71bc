import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../src/core/index.js";
import { readNumberTable } from "../../../src/core/text/number-table.js";

const COLUMNS = { at: {}, tokens: { whole: true, from: 1 }, note: { optional: true } } as const;

function read(text: string, errorLimit = 20) {
  return readNumberTable([text], { file: "t.csv", columns: COLUMNS, errorLimit });
}

function told(text: string, errorLimit?: number): string[] {
  try {
    read(text, errorLimit);
  } catch (error) {
    if (error instanceof SurgefleetError) {
      return error.issues.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
    }
  }
  return [];
}

describe("readNumberTable", () => {
  it("finds columns by name, in any order, and passes over the others", () => {
    const { rows, columns } = read("x,tokens,at\na,3,0.5\n\nb,40,1e-3\r\n");
    expect(rows).toBe(2);
    expect([[...columns.at!], [...columns.tokens!], columns.note]).toEqual([
      [0.5, 0.001],
      [3, 40],
      undefined,
    ]);
  });

  it("tells every problem with its place", () => {
    expect(told("at,tokens\n-1,2\nx,2.5\n1,0\n1\n")).toEqual([
      '2:1 at is "-1", but must not be below 0',
      '3:1 at is "x", but must be a number',
      '3:3 tokens is "2.5", but must be a whole number',
      '4:3 tokens is "0", but must not be below 1',
      "5:1  the row does not match the header: 1 fields, not 2",
    ]);
  });

  it.each([
    ["at,tokens,at\n1,2,3\n", '1:1  column "at" stands here a second time'],
    ["at,token\n1,2\n", '1:1  column "tokens" is missing'],
    ["at,tokens\n", "1:1  the file has a header but no rows"],
    ["at,tokens\nInfinity,1\n", '2:1 at is "Infinity", but must be a number'],
    ["at,tokens\n0x10,1\n", '2:1 at is "0x10", but must be a number'],
    ["at,tokens\n,1\n", "2:1 at is empty, but must be a number"],
  ])("refuses %j", (text, wanted) => {
    expect(told(text)).toEqual([wanted]);
  });

  it("stops after as many problems as were asked for", () => {
    expect(told(`at,tokens\n${"x,1\n".repeat(9)}`, 3)).toHaveLength(3);
  });
});
