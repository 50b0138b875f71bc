// Members as they stand in the text, against a parser.
import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf, membersOf, valueIn } from "../../../src/core/text/json-members.js";

test("keep what a parser loses: digits, and both of two members of one key", () => {
  const text = '{ "id" : 12345678901234567890, "a": {"id": 1, "b": ["}"]}, "id":1.50 }';
  expect(membersOf(text)).toEqual([
    { key: "id", value: "12345678901234567890" },
    { key: "a", value: '{"id": 1, "b": ["}"]}' },
    { key: "id", value: "1.50" },
  ]);
  expect([valueIn(membersOf(text), "id"), valueIn(membersOf(text), "b")]).toEqual(["1.50", ""]);
});

test("read as the values that a parser finds, whatever is inside them", () => {
  const law = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
    const members = membersOf(JSON.stringify(object, null, 1));
    const read = Object.fromEntries(members.map(({ key, value }) => [key, JSON.parse(value)]));
    expect(read).toEqual(JSON.parse(JSON.stringify(object)));
  });
  fc.assert(law, { numRuns: 200 });
});

test("entries of a list likewise", () => {
  const law = fc.property(fc.array(fc.jsonValue()), (list) => {
    expect(entriesOf(JSON.stringify(list)).map((one) => JSON.parse(one))).toEqual(
      JSON.parse(JSON.stringify(list)),
    );
  });
  fc.assert(law, { numRuns: 200 });
  expect(entriesOf(" [ 18446744073709551615 ,1 ] ")).toEqual(["18446744073709551615", "1"]);
});
