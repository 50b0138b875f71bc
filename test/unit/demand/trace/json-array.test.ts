// A JSON list of a format's objects is read like lines of them, wherever its text is cut; what is no such list is told.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LONGEST_DOCUMENT } from "../../../../src/core/text/lines.js";
import { cutAt, reading } from "./traces.js";

const objects = [1, 2, 3].map((at) => ({
  timestamp: at,
  input_tokens: at,
  output_tokens: 1,
  session: 'a"],[{\\',
}));
const lines = objects.map((one) => JSON.stringify(one)).join("\n");

const ONE = '{"timestamp":1,"input_tokens":1,"output_tokens":1}';

test.each([
  ["on one line", JSON.stringify(objects)],
  ["as pretty-printers write it", JSON.stringify(objects, null, 2)],
  [
    "with a byte order mark and CRLF",
    `\uFEFF\r\n${JSON.stringify(objects, null, 1).replaceAll("\n", "\r\n")}\r\n`,
  ],
  ["an object a line", `[${lines.replaceAll("\n", ",\n")}]\n`],
])("a list %s is what its objects are on lines", (_, text) => {
  const wanted = reading([lines]);
  expect(wanted.rows).toHaveLength(3);
  const law = fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
    expect(reading(cutAt(text, cuts))).toEqual(wanted);
  });
  fc.assert(law, { numRuns: 50 });
});

test.each([
  ["an entry that is no object", '[{"timestamp":1,"input_tokens":1,"output_tokens":1},\n7]', "t:2"],
  ["a missing comma", `[${ONE}\n{}]`, "t:2"],
  ["a comma too many", `[${ONE},]`, "stands between the elements of the JSON array"],
  ["no entry", "[]", "t:1:1 the JSON array is empty"],
  ["no end", '[{"timestamp":1,"input_tokens":1,"output_tokens":1}', "the JSON array does not end"],
  ["an object that does not end", '[{"timestamp":1', "the JSON array does not end"],
  [
    "something behind it",
    '[{"timestamp":1,"input_tokens":1,"output_tokens":1}] x',
    "stands behind the JSON array",
  ],
  ["NUL", "[{}\0]", "not a text file"],
  ["objects of no format", '[{"id":1,"dialogue":[]}]', "no known trace format begins with"],
  [
    "a bad row",
    '[{"timestamp":1,"input_tokens":1,"output_tokens":1},\n{"timestamp":2}]',
    "t:2:1 input_tokens: is missing",
  ],
])("%s is told", (_, text, message) => {
  expect(reading([text]).error).toContain(message);
});

describe("bounds", () => {
  test("a list may be longer than a line may", () => {
    function* long() {
      yield "[";
      for (let at = 0; at < 40_000; at++)
        yield `${at === 0 ? "" : ","}{"timestamp":${at},"input_tokens":1,"output_tokens":1}`;
      yield "]";
    }
    const { rows, error } = reading(long());
    expect([error, rows.length]).toEqual(["", 40_000]);
  });

  test("an object may not be endless", () => {
    function* endless() {
      yield '[{"a":[';
      for (let length = 0; length <= LONGEST_DOCUMENT + 2 ** 20; length += 2 ** 20)
        yield "1,".repeat(2 ** 19);
    }
    expect(reading(endless()).error).toContain(`longer than ${LONGEST_DOCUMENT} characters`);
  });
});
