import { stringify } from "csv-stringify/sync";
import { csvParseRows } from "d3-dsv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { badQuoteColumn, csvColumn, csvValues } from "../../../src/core/text/csv.js";
import { gear } from "../../support/mode.js";

const field = fc.string({ unit: fc.constantFrom('"', ",", "a", "é", "\u{1f600}", " ", "\t", ";") });
const row = fc.array(field, { minLength: 1, maxLength: 6 });

describe("a line of CSV", () => {
  it.each([
    ["", [""]],
    ["a,b", ["a", "b"]],
    [",", ["", ""]],
    ['"",""', ["", ""]],
    ['"a,b",c,', ["a,b", "c", ""]],
    ['"say ""hi""", x ', ['say "hi"', " x "]],
    ['""""', ['"']],
  ])("%j holds %j", (text, values) => {
    expect(csvValues(text)).toEqual(values);
    expect(badQuoteColumn(text)).toBe(0);
  });

  it.each([
    ['"a', 1],
    ['"', 1],
    ['"""', 1],
    ['a"b', 1],
    [' "a"', 1],
    ['"a"b', 1],
    ['"a" ,b', 1],
    ['a,b"', 3],
    ['"a,b",c"d,e', 7],
    ['a,"b,c', 3],
    ['a,"b"",c', 3],
  ])("%j is refused, with the field at column %i", (text, column) => {
    expect(csvValues(text)).toBeUndefined();
    expect(badQuoteColumn(text)).toBe(column);
  });

  it("gives back what was written, quoted where it must be or everywhere", () => {
    fc.assert(
      fc.property(row, fc.boolean(), (values, quoted) => {
        const text = stringify([values], { quoted, quoted_empty: quoted, eof: false });
        expect(csvValues(text)).toEqual(values);
      }),
    );
  });

  it("holds what a lenient reader finds in it, unless it is refused", () => {
    const anything = fc.string({ unit: fc.constantFrom('"', '"', ",", "a", " ") });
    fc.assert(
      fc.property(anything, (text) => {
        const values = csvValues(text);
        expect(values === undefined).toBe(badQuoteColumn(text) > 0);
        if (values !== undefined && text !== "") expect([values]).toEqual(csvParseRows(text));
      }),
      { numRuns: gear(250, 1000) },
    );
  });

  it("says where each field starts, and where the next would", () => {
    expect(['"a,b",c,', "a,b"].map((text) => [0, 1, 2, 3].map((place) => csvColumn(text, place)))).toEqual([
      [1, 7, 9, 9],
      [1, 3, 4, 4],
    ]);
    fc.assert(
      fc.property(row, (values) => {
        const text = stringify([values], { eof: false });
        values.forEach((_, place) => {
          const rest = text.slice(csvColumn(text, place) - 1);
          expect(csvValues(rest)).toEqual(values.slice(place));
        });
      }),
    );
  });
});
