import { mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LOCK_FILE, whileLocked } from "../../../../src/node/files/folder-lock.js";
import { isGone, newMark } from "../../../../src/node/files/process-mark.js";

const goneMark = () => newMark().replace(/-\d+-\d+-/, "-99999999-1-");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("is there during the action, says who holds it, and is given back also after an error", () => {
  const holder = whileLocked(folder, () => readlinkSync(join(folder, LOCK_FILE)));
  expect(isGone(holder, () => Number.POSITIVE_INFINITY)).toBe(false);
  expect(() =>
    whileLocked(folder, () => {
      throw new Error("inside");
    }),
  ).toThrow("inside");
  expect(readdirSync(folder)).toEqual([]);
});

it("is refused while it is held, after the patience of the caller", () => {
  const nested = () => whileLocked(folder, () => whileLocked(folder, () => {}, 20));
  expect(nested).toThrow(/another command has been writing there for long; if none is, take .*lock away/);
  expect(readdirSync(folder)).toEqual([]);
});

it("is taken over from a process that is gone, also where one that took it over is gone too", () => {
  const [first, second] = [goneMark(), goneMark()];
  symlinkSync(first, join(folder, LOCK_FILE));
  symlinkSync(second, join(folder, `.surgefleet-${first}.break`));
  expect(whileLocked(folder, () => readdirSync(folder), 0)).toEqual([LOCK_FILE]);
  expect(readdirSync(folder)).toEqual([]);
});

it("is given up where what is found leads in a circle, which no command leaves", () => {
  const mark = goneMark();
  symlinkSync(mark, join(folder, LOCK_FILE));
  symlinkSync(mark, join(folder, `.surgefleet-${mark}.break`));
  expect(() => whileLocked(folder, () => {}, 20)).toThrow(/another command has been writing there/);
});
