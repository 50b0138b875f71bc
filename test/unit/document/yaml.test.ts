import { describe, expect, test } from "vitest";
import { formatIssue } from "../../../src/core/base/errors.js";
import { find, placeOf, toPlain } from "../../../src/core/document/tree.js";
import { parseYaml } from "../../../src/core/document/yaml.js";
import { gear } from "../../support/mode.js";

const plain = (text: string) => {
  const { tree, issues } = parseYaml("a.yaml", text);
  return issues.length > 0 || tree === undefined ? issues.map(formatIssue) : toPlain(tree);
};

describe("what is read", () => {
  test.each([
    ["YAML", "a: 1\nb: [x, true, null]\n", { a: 1, b: ["x", true, null] }],
    ["JSON, with tabs", '{\n\t"a": 1,\n\t"b": ["x"]\n}', { a: 1, b: ["x"] }],
    ["a byte order mark", "\uFEFFa: 1", { a: 1 }],
    ["Windows line ends", "a: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
    ["YAML 1.2 words, not 1.1 ones", "a: no\nb: 12:30:00\nc: 10m", { a: "no", b: "12:30:00", c: "10m" }],
    ["an alias", "a: &x {b: 1}\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
    [
      "a merge key, after the map's own keys",
      "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}",
      { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } },
    ],
    ["merge keys, the earlier source first", "d: {<<: [{b: 1}, {b: 2, c: 3}]}", { d: { b: 1, c: 3 } }],
    ["a quoted merge key as a key", 'a: {"<<": 1}', { a: { "<<": 1 } }],
    ["keys that are numbers", "1: a\nfalse: b", { "1": "a", false: "b" }],
    ["a standard tag", "a: !!str 5", { a: "5" }],
    ["a missing value", "a:", { a: null }],
  ])("%s", (_, text, value) => {
    expect(plain(text)).toEqual(value);
  });
});

describe("what is refused", () => {
  test.each([
    ["an empty file", " \n", "a.yaml:1:1 the file is empty"],
    ["a NUL byte", "a: \0", "a.yaml:1:1 this is not a text file in UTF-8"],
    ["bytes that are not UTF-8", "a: \uFFFD", "a.yaml:1:1 this is not a text file in UTF-8"],
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0",
      /1:1 this is a Git LFS pointer/,
    ],
    ["more than 4 MiB", `a: ${"x".repeat(4 * 1024 * 1024)}`, "a.yaml:1:1 the file is larger than 4 MiB"],
    ["a second document", "a: 1\n---\nb: 1", /2:1 a second document starts here/],
    ["a tab as indentation", "a:\n\t- 1", /2:1 tabs are not allowed/],
    ["a bracket left open", "a: [1,2\nb: 1", /a.yaml:\d+:\d+ this is not valid YAML/],
    ["a duplicate key", "a: 1\nb: 2\na: 3", 'a.yaml:3:1 a: duplicate key "a" (the first is in line 1)'],
    ["a duplicate key in two spellings", "{1: a, '1': b}", /1:8 1: duplicate key "1"/],
    ["an unknown tag", "a: !foo 1", /1:4 tags are not allowed: .*!foo/],
    ["a binary tag", "a: !!binary aGk=", /1:4 tags are not allowed/],
    ["YAML 1.1", "%YAML 1.1\n---\na: yes", /only YAML 1.2/],
    ["infinity", "a:\n  b: .inf", 'a.yaml:2:6 a.b: ".inf" is not a finite number'],
    ["not a number", "a: .nan", 'a.yaml:1:4 a: ".nan" is not a finite number'],
    ["a number beyond doubles", "a: 1e999", /1:4 a: "1e999" is not a finite number/],
    ["an alias without anchor", "a: *x", /1:4 a: no finished anchor "&x"/],
    ["an alias inside its own anchor", "a: &x [*x]", /1:8 a.0: no finished anchor "&x"/],
    ["a merge of a scalar", "a: {<<: 1}", /1:9 a: a merge key needs a map/],
    ["a collection as key", "? [1]\n: 2", "a.yaml:1:3 a key must be a plain word"],
    ["__proto__", "a:\n  __proto__: {x: 1}", 'a.yaml:2:3 a.__proto__: unknown key "__proto__"'],
    ["constructor", "constructor: 1", 'a.yaml:1:1 constructor: unknown key "constructor"'],
  ])("%s", (_, text, issue) => {
    const found = plain(text);
    expect(found).toEqual([typeof issue === "string" ? issue : expect.stringMatching(issue)]);
  });

  test("an alias bomb, quickly", () => {
    const levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 12; level++) {
      const alias = Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ");
      levels.push(`a${level}: &a${level} [${alias}]`);
    }
    expect(plain(levels.join("\n"))).toContainEqual(expect.stringMatching(/more than 200000 values/));
  });

  test.each([
    ["brackets", "[".repeat(50_000), /^a.yaml:1:\d+ nested deeper/],
    ["dashes", "- ".repeat(50_000), /^a.yaml:1:\d+ nested deeper/],
    [
      "indentation",
      Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      /^a.yaml:6\d:/,
    ],
  ])("depth without end, by %s", (_, text, words) => {
    expect(plain(text)).toEqual([expect.stringMatching(words)]);
  });

  test("a map of very many keys is read whole, and one that stands twice among them is found", () => {
    const count = gear(6000, 30_000);
    const lines = Array.from({ length: count }, (_, index) => `k${index}: 1`);
    expect(Object.keys(plain(lines.join("\n")) as object)).toHaveLength(count);
    expect(plain([...lines, "k7: 2"].join("\n"))).toEqual([
      expect.stringMatching(`^a.yaml:${count + 1}:1.*k7`),
    ]);
  });
});

test("places are those of keys and values, through aliases too", () => {
  const { tree } = parseYaml("a.yaml", "# comment\nbase: &b\n  x: 1\nlist:\n  - *b\n  - y: [2]\n");
  const at = (path: (string | number)[]) => {
    const { line, column } = placeOf(tree!, path);
    return `${line}:${column}`;
  };
  expect(at(["base", "x"])).toBe("3:6");
  expect(at(["list", 0, "x"])).toBe("3:6");
  expect(at(["list", 1, "y", 0])).toBe("6:9");
  expect(at(["list", 1, "missing"])).toBe("6:5");
  expect(at(["missing"])).toBe("2:1");
  expect(find(tree!, ["list", 1, "y"]).key).toEqual({ file: "a.yaml", line: 6, column: 5 });
});
