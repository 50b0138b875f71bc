import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeWhole } from "../../../../src/node/files/write-whole.js";

let folder: string;
const at = (name: string) => join(folder, name);
const file = (name: string, text = "new", flag = "--out") => ({ flag, path: at(name), text });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-write-whole-"));
  writeFileSync(at("log.csv"), "log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("writes all files, in folders that are made for them, over what was there", () => {
  writeFileSync(at("old.json"), "old");
  writeWhole([file("old.json"), file("a/b.svg", "picture")], [at("log.csv")]);
  expect([readFileSync(at("old.json"), "utf8"), readFileSync(at("a/b.svg"), "utf8")]).toEqual([
    "new",
    "picture",
  ]);
  expect(readdirSync(folder).sort()).toEqual(["a", "log.csv", "old.json"]);
});

it("does not write over what it has read, over itself, or over what is no plain file", () => {
  mkdirSync(at("dir"));
  expect(() => writeWhole([file("log.csv")], [at("./log.csv")])).toThrow(
    "is read or written by this command",
  );
  expect(() => writeWhole([file("x"), file("x", "", "--svg")], [])).toThrow(
    /^--svg .*x: this file is read or/,
  );
  expect(() => writeWhole([file("dir")], [])).toThrow("is not a plain file");
  expect(readdirSync(folder).sort()).toEqual(["dir", "log.csv"]);
  expect(readFileSync(at("log.csv"), "utf8")).toBe("log");
});

it("writes none where one cannot be written", () => {
  expect(() => writeWhole([file("one"), file("log.csv/two")], [])).toThrow("cannot write");
  expect(readdirSync(folder)).toEqual(["log.csv"]);
});
