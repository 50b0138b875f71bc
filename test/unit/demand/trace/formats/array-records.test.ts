import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SurgefleetError } from "../../../../../src/core/base/errors.js";
import { recordsOf } from "../../../../../src/core/demand/trace/formats/records.js";
import { cutAt, reading } from "../traces.js";

const elements = (...chunks: string[]) => Array.from(recordsOf(chunks, "t"), ({ text }) => text);

/** The texts with their lines, or the message of the error. */
function cut(chunks: readonly string[]): unknown {
  const found: unknown[] = [];
  try {
    for (const { text, number } of recordsOf(chunks, "t")) found.push([text, number]);
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    return [...found, error.message];
  }
  return found;
}

test("elements of any kind come out as they stand, with their lines", () => {
  const text = '\uFEFF \n[ {"a":"]}\\"["},\n\n[1,[2]], "x,]\\\\" ,-1.5e3,null\n, {"b":{}}\n] \n';
  expect(cut([text])).toEqual([
    ['{"a":"]}\\"["}', 2],
    ["[1,[2]]", 4],
    ['"x,]\\\\"', 4],
    ["-1.5e3", 4],
    ["null", 4],
    ['{"b":{}}', 5],
  ]);
});

test("whatever the elements are and wherever their text is cut", () => {
  const law = fc.property(
    fc.array(fc.jsonValue(), { minLength: 1 }),
    fc.constantFrom(undefined, 2),
    fc.array(fc.nat()),
    (values, indent, cuts) => {
      const texts = elements(...cutAt(JSON.stringify(values, undefined, indent), cuts));
      expect(texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
    },
  );
  fc.assert(law, { numRuns: 200 });
});

describe("what is no array", () => {
  test.each([
    ["[]", "t:1:1 the JSON array is empty"],
    ['[{"a":1}', "t:1:1 the JSON array does not end: is the file cut off?"],
    ['[{"a":1}\n,', "t:2:1 the JSON array does not end"],
    ['[{"a":1},]', 't:1:1 "]" stands between the elements'],
    ['[{"a":1} {"a":2}]', 't:1:1 "{" stands between the elements'],
    ['[,{"a":1}]', 't:1:1 "," stands between the elements'],
    ['[{"a":1}]\n{"a":2}', 't:2:1 "{" stands behind the JSON array'],
    ['[{"a":1},\n{"b":"\0"}]', "t:2:1 not a text file"],
  ])("%j is told with its line", (text, message) => {
    expect((cut([text]) as unknown[]).at(-1)).toContain(message);
  });
});

test("a file of blanks is not read ahead without end", () => {
  let chunks = 0;
  function* blanks() {
    for (; chunks < 1_000_000; chunks++) yield " ".repeat(65_536);
  }
  expect(reading(blanks()).error).toContain("the line is longer than");
  expect(chunks).toBeLessThan(20);
});

test("a row of an array is told with the line on which it begins", () => {
  const rows = '[{"timestamp":1,"input_tokens":1,"output_tokens":1},\n{"timestamp":2,"input_tokens":1}]';
  expect(reading([rows]).error).toContain("t:2:1 output_tokens: is missing");
});
