// No regular expression of the sources takes more than linear time: input of any length is matched in passing, and who
// wrote it may mean harm. scslre proves it of each by itself, for every text.
import { analyse } from "scslre";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type SourceFile, sourceFile, sourceFiles } from "../support/source-files.js";

/** Made at run time from names of our own, so that what they are is not in the source. */
const BUILT = [
  "src/core/results/verdict/measures.ts",
  // In parts of a line each, every one of a bounded length.
  "src/core/tools/calibration/iteration-log.ts",
  "src/node/code/open-realm.ts",
  "src/node/files/marked-files.ts",
  "src/node/safe-text.ts",
];

function literalsOf({ tree }: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Why it may take long, for each way; also where nothing that follows makes it fail, as a scan goes on behind it. */
function slownessOf(literal: string): string[] {
  const end = literal.lastIndexOf("/");
  const { reports } = analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) });
  return reports.map(({ type, exponential }) => `${exponential ? "exponential" : "polynomial"} (${type})`);
}

/** Only files with what may be one: to read the others as code takes most of the time. */
const files = sourceFiles("src").filter(({ text }) => /[=(,:?&|[\s]\/(?![/*\s])[^\n]+\//.test(text));

it("is linear, every one", () => {
  const slow = files.flatMap((file) =>
    literalsOf(file).flatMap((literal) =>
      slownessOf(literal).map((why) => `${file.path}: ${literal} is ${why}`),
    ),
  );
  expect(slow).toEqual([]);
});

describe("one that is not would be noticed", () => {
  it.each(["/^\\s*([a-z]*?)\\s*:$/", "/^\\d+\\.?\\d*$/", "/0+$/", "/^(a+)+$/"])("%s", (literal) => {
    const [found] = literalsOf(sourceFile("planted.ts", `const planted = ${literal};`));
    expect(slownessOf(found!)).not.toEqual([]);
  });
});

it("is written as a literal, so that it is looked at", () => {
  const built = files.filter(({ text }) => text.includes("new RegExp(")).map(({ path }) => path);
  expect(built.filter((path) => !BUILT.includes(path))).toEqual([]);
});
