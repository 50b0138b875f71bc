import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeFolders } from "../../../../src/node/files/make-folders.js";

const home = mkdtempSync(join(tmpdir(), "surgefleet-folders-"));
afterAll(() => rmSync(home, { recursive: true }));

it("makes all that are missing, says which is topmost, and nothing the second time", () => {
  const path = join(home, "a/b/c");
  expect(makeFolders(path)).toBe(join(home, "a"));
  expect(statSync(path).isDirectory()).toBe(true);
  expect(makeFolders(path)).toBeUndefined();
});

it("says so where a file is in the way", () => {
  writeFileSync(join(home, "file"), "");
  expect(() => makeFolders(join(home, "file/x"))).toThrow(/ENOTDIR|EEXIST/);
});

it.skipIf(!existsSync("/proc/self"))("ends where a file system lets nothing be made", () => {
  for (const path of ["/proc/surgefleet", "/proc/surgefleet/results"])
    expect(() => makeFolders(path)).toThrow(expect.objectContaining({ code: "ENOENT" }));
});
