import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readTogether } from "../../../../src/node/files/settled-read.js";
import { goneMark } from "./marks.js";

let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), "utf8");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-settled-"));
  for (const name of ["a", "b"]) writeFileSync(at(name), "old");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function replace(name: string): void {
  writeFileSync(at(`${name}.new`), "new");
  renameSync(at(`${name}.new`), at(name));
}

it("reads again where another command replaces the files meanwhile", () => {
  let reads = 0;
  const both = readTogether([at("a"), at("b"), at("none")], () => {
    const first = text("a");
    if (reads++ === 0) for (const name of ["a", "b"]) replace(name);
    return [first, text("b")];
  });
  expect([both, reads]).toEqual([["new", "new"], 2]);
});

it("reads again where reading fails for that reason, and says why it fails where it does not", () => {
  let reads = 0;
  const read = () => {
    if (reads++ > 0) return text("a");
    replace("a");
    throw new Error("half");
  };
  expect(readTogether([at("a")], read)).toBe("new");
  const fails = () => {
    throw new Error("always");
  };
  expect(() => readTogether([at("a")], fails)).toThrow("always");
});

it("says so where a command was killed half way and that cannot be taken back", () => {
  const mark = goneMark();
  const row = ["", "folder", `.surgefleet-${mark}.0.tmp`, true];
  writeFileSync(at(`.surgefleet-${mark}.record`), JSON.stringify([row]));
  rmSync(at("b"));
  // It cannot take the place of a folder with something in it.
  writeFileSync(at(`.surgefleet-${mark}.0.old`), "old");
  const wanted = { code: "NOT_FOUND", message: expect.stringContaining("was killed half way") };
  writeFolder("folder");
  expect(() => readTogether([at("a")], () => text("a"))).toThrow(expect.objectContaining(wanted));
});

function writeFolder(name: string): void {
  const inner = mkdtempSync(join(folder, "x"));
  writeFileSync(join(inner, "full"), "");
  renameSync(inner, at(name));
}
