// The library's entry: every export says what it is, and every one that runs has an example that is compiled and run
// (test/golden/generated-files.test.ts shows them in docs/library.md).
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import * as library from "../../src/core/index.js";
import { EXAMPLES, exampleText } from "../support/library-examples.js";
import { sourceFiles } from "../support/source-files.js";

const files = new Map(sourceFiles("src/core").map(({ path, text }) => [path, text]));
const FROM = /export (?:type )?\{([^}]*)\} from "([^"]+)";/g;

/** Names with the file that declares them, through files that hand them on. */
function exportsOf(path: string): { readonly name: string; readonly text: string }[] {
  return [...files.get(path)!.matchAll(FROM)].flatMap(([, names = "", from = ""]) => {
    const target = join(dirname(path), from.replace(/\.js$/, ".ts"));
    const handedOn = new Map(exportsOf(target).map(({ name, text }) => [name, text]));
    return names.split(",").flatMap((one) => {
      const name = one.replace(/^\s*type\s/, "").trim();
      return name === "" ? [] : [{ name, text: handedOn.get(name) ?? files.get(target)! }];
    });
  });
}

describe("the entry of the library", () => {
  const exported = exportsOf("src/core/index.ts");

  test("is small", () => {
    expect(Object.keys(library).length).toBeLessThanOrEqual(36);
    expect(exported.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(library)));
  });

  test("says of each function and class what it takes, returns and throws", () => {
    const bare = exported.filter(({ name, text }) => {
      const declared = new RegExp(
        `(\\*/\\n)?export (?:abstract )?(?:function\\*?|class|const) ${name}\\b`,
      ).exec(text);
      return declared !== null && declared[1] === undefined;
    });
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  test.each(Object.keys(library))("has an example of %s", (name) => {
    const used = EXAMPLES.some((one) =>
      new RegExp(`import \\{[^}]*\\b${name}\\b`).test(exampleText(one.name)),
    );
    expect(used).toBe(true);
  });
});
