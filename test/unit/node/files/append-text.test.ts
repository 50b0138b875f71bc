import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { appendText } from "../../../../src/node/files/append-text.js";

it("adds to what is there, makes what is not, and lets what is no plain file be", () => {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-append-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "summary.md");
  appendText(path, "a\n");
  appendText(path, "ä\n");
  appendText("/dev/null", "x");
  expect(readFileSync(path, "utf8")).toBe("a\nä\n");
  symlinkSync("loop", join(folder, "loop"));
  expect(() => appendText(join(folder, "loop"), "x")).toThrow(/its links lead in a circle/);
  writeFileSync(path, "");
  expect(() => appendText(join(path, "below"), "x")).toThrow(/a part of its path is not a directory/);
});
