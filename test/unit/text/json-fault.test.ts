import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "../../../src/core/text/json-fault.js";

const place = (text: string) => {
  const { line, column, what } = jsonFault(text);
  return `${line}:${column} ${what}`;
};

describe("jsonFault", () => {
  it.each([
    ["", "1:1 expected a value, and the text ends"],
    ["{", '1:2 expected a key in quotes or "}", and the text ends'],
    ['{"a":1,}', "1:8 expected a key in quotes"],
    ["[1,]", "1:4 expected a value"],
    ["[1\n 2]", '2:2 expected "," or the end of what is open'],
    ["[}", '1:2 expected a value or "]"'],
    ['{"a" 1}', '1:6 expected ":"'],
    ['{\n  "a": tru\n}', "2:8 expected a value"],
    ["1 1", "1:3 expected nothing more"],
    ["[01]", '1:2 expected a value or "]"'],
    ["[NaN]", '1:2 expected a value or "]"'],
    ['["a\nb"]', "1:4 a text in quotes does not end, or holds what it may not"],
    ['["a', "1:2 a text in quotes does not end, or holds what it may not"],
    ['["\\x"]', "1:3 a text in quotes does not end, or holds what it may not"],
    ['["\\u12g4"]', "1:3 a text in quotes does not end, or holds what it may not"],
  ])("of %o", (text, wanted) => {
    expect(place(text)).toBe(wanted);
  });

  it("finds a fault in whatever JSON.parse refuses, at or before the last character that it could have been", () => {
    const values = fc
      .json()
      .chain((json) => fc.tuple(fc.constant(json), fc.nat(json.length), fc.string({ maxLength: 2 })));
    const law = fc.property(values, ([json, at, more]) => {
      const text = json.slice(0, at) + more + json.slice(at + 1);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      fc.pre(!isJson);
      const lines = text.split("\n");
      const { line, column } = jsonFault(text);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
      // What stands before could still have become JSON: cut off there, the fault is at the end.
      const before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
      expect(before).toBeLessThanOrEqual(text.length);
    });
    fc.assert(law, { numRuns: 300 });
  });

  it("goes as deep as the text does", () => {
    expect(place("[".repeat(1_000_000))).toMatch(/^1:1000001 expected/);
  });
});
