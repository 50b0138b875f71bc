import { expect, test } from "vitest";
import { readTrace, SurgefleetError } from "../../../src/core/index.js";
import { briefJson, shown, shownJson } from "../../../src/core/text/shown.js";

test("a part of a document is shown as it is written, and never long", () => {
  const part = { a: [1, "b", null, { c: false }] };
  expect(shownJson(part)).toBe(shown(JSON.stringify(part)));
  const wide = Array.from({ length: 1000 }, (_, index) => index);
  expect(shownJson(wide)).toBe(shown(JSON.stringify(wide)));
  expect(shownJson(undefined)).toBe('""');
  expect(briefJson(part)).toBe(JSON.stringify(part));
});

test.each(["[", '{"a":'])("a part of any depth of %s is shown, and told of a trace", (open) => {
  const deep = `${open.repeat(50_000)}1${(open === "[" ? "]" : "}").repeat(50_000)}`;
  expect(shownJson(JSON.parse(deep))).toHaveLength(shown(deep).length);
  const line = `{"timestamp":${deep},"input_length":1,"output_length":1,"hash_ids":[1]}\n`;
  expect(() => [...readTrace([line], { file: "t" })]).toThrow(SurgefleetError);
});
