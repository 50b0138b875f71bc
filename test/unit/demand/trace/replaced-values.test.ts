// Whatever stands in place of any value of a JSON trace, its reader says so or reads it: nothing of it is taken for
// something that it is not.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTrace, SurgefleetError } from "../../../../src/core/index.js";
import { parseTree, partsOf, printTree, type Tree } from "../../../support/hostile/json-tree.js";

const FOLDER = join(import.meta.dirname, "../../../fixtures/traces");
const FILES = readdirSync(FOLDER).filter((name) => /\.jsonl?$/.test(name) && !name.startsWith("servegen-"));
const INSTEAD = [
  '"__proto__"',
  '"NaN"',
  "7",
  "0",
  "-1",
  "-1e30",
  "1e30",
  "1e999",
  "0.5",
  "true",
  "null",
  "[]",
  "{}",
  "[[]]",
  "[null]",
  '[{"a":1}]',
];

/** The same with one part replaced, whatever it was. */
function replaced(text: string, part: number, instead: string): string {
  const tree = parseTree(text);
  const found = partsOf(tree)[part]!;
  for (const key of Object.keys(found)) delete (found as unknown as Record<string, unknown>)[key];
  (found as { raw: string }).raw = instead;
  return printTree(tree as Tree, () => "");
}

test.each(FILES)("%s", (file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const [first = "", ...rest] = file.endsWith(".jsonl") ? text.split(/(?<=\n)/) : [text];
  const parts = partsOf(parseTree(first)).length;
  const options = { file, ...(file === "chat-text.json" && { sessionStarts: { rate: 4 } }) };
  const unexpected: string[] = [];
  for (let part = 0; part < parts; part += 1) {
    for (const instead of INSTEAD) {
      const changed = replaced(first, part, instead);
      try {
        for (const _ of readTrace([[changed, "\n", ...rest].join("")], options));
      } catch (error) {
        if (!(error instanceof SurgefleetError))
          unexpected.push(`${String(error)}: ${changed.slice(0, 300)}`);
      }
    }
  }
  expect(unexpected).toEqual([]);
});
