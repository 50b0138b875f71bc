import { expect, it } from "vitest";
import * as z from "zod";
import { plainWords } from "../../../src/core/document/plain-words.js";
import { sourceFiles } from "../../support/source-files.js";

/** Whether it parses is all that they ask, or the schema has words of its own for all that can be wrong. */
const TELL_NOTHING = [
  "src/core/document/raw.ts",
  "src/core/document/schema-at.ts",
  "src/core/tools/planning/axis.ts",
  "src/core/tools/rare/estimate.ts",
  "src/core/tools/rare/window.ts",
];

it("are used wherever problems of a schema may be told", () => {
  const bare = sourceFiles("src")
    .filter(({ path }) => !TELL_NOTHING.includes(path))
    .flatMap(({ path, text }) => (text.match(/\.safeParse\([^;]*;/g) ?? []).map((call) => ({ path, call })))
    .filter(({ call }) => !call.includes("plainWords"));
  expect(bare).toEqual([]);
});

it.each<[z.ZodType, unknown, string]>([
  [z.number(), undefined, "expected a number, got nothing"],
  [z.number(), "3", 'expected a number, got "3"'],
  [z.int(), 1.5, "expected a whole number, got 1.5"],
  [z.string(), 3, "expected text, got 3"],
  [z.boolean(), "yes", 'expected true or false, got "yes"'],
  [z.array(z.string()), {}, "expected a list, got a map"],
  [z.looseObject({}), [], "expected a map, got a list"],
  [
    z.strictObject({ tokens: z.number(), bandwidth: z.number() }),
    5,
    "expected a map of tokens, bandwidth, got 5",
  ],
  [z.enum(["a", "b"]), "c", '"c" is not a or b'],
])("%#: say what was expected and what is there", (schema, value, words) => {
  const { error } = schema.safeParse(value, { error: plainWords });
  expect(error?.issues.map(({ message }) => message)).toEqual([words]);
});
