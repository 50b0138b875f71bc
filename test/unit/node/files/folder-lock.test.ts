import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { whileAlone } from "../../../../src/node/files/folder-lock.js";
import { isHalfWay } from "../../../../src/node/files/leftovers.js";
import { newMark } from "../../../../src/node/files/process-mark.js";
import { everyLookTakes } from "../../../support/clock.js";
import { elsewhere, goneMark } from "./marks.js";

let folder: string;
const at = (name: string) => join(folder, name);
const lock = (mark: string) => at(`.surgefleet-${mark}.lock`);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-lock-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it("is there during the action in every folder, and is given back also after an error", () => {
  const mark = newMark();
  mkdirSync(at("other"));
  const there = () => [existsSync(lock(mark)), readdirSync(at("other")).length];
  expect(whileAlone([folder, at("other")], there, { mark })).toEqual([true, 1]);
  expect(() =>
    whileAlone([folder], () => {
      throw new Error("inside");
    }),
  ).toThrow("inside");
  expect(readdirSync(folder, { recursive: true })).toEqual(["other"]);
});

it("is refused while another command has it, after the patience of the caller", () => {
  everyLookTakes(50);
  const looks = vi.mocked(performance.now).mock.calls;
  const nested = () => whileAlone([folder], () => whileAlone([folder], () => {}, { patienceMs: 300 }));
  expect(nested).toThrow(/another command has been writing there for long; if none is, take .*\.lock away/);
  // About as many as the patience holds: it waited, and no longer than that.
  expect(looks.length).toBeGreaterThan(5);
  expect(looks.length).toBeLessThan(30);
  expect(readdirSync(folder)).toEqual([]);
});

it("is free where those who had it are gone, of this machine or of another one that has said nothing for long", () => {
  const [first, second] = [goneMark(), elsewhere(newMark())];
  for (const mark of [first, second]) writeFileSync(lock(mark), "");
  const minuteAgo = Date.now() / 1000 - 60;
  utimesSync(lock(second), minuteAgo, minuteAgo);
  expect(whileAlone([folder], () => readdirSync(folder), { patienceMs: 0 })).toHaveLength(1);
  expect(readdirSync(folder)).toEqual([]);
});

it("is not free where one of another machine has said something lately", () => {
  writeFileSync(lock(elsewhere(newMark())), "");
  expect(() => whileAlone([folder], () => {}, { patienceMs: 20 })).toThrow(/another command/);
});

it("is renewed by who goes on, and lost where another command took it for killed", () => {
  const clock = vi.spyOn(performance, "now");
  const mark = newMark();
  const long = () =>
    whileAlone(
      [folder],
      (locks) => {
        const minuteAgo = Date.now() / 1000 - 60;
        utimesSync(lock(mark), minuteAgo, minuteAgo);
        const before = locks.madeAt(folder);
        clock.mockReturnValue(1e9);
        locks.renew();
        expect(locks.madeAt(folder)).toBeGreaterThan(before + 50_000);
        rmSync(lock(mark));
        clock.mockReturnValue(2e9);
        locks.renew();
      },
      { mark },
    );
  expect(long).toThrow(/another command took this one for killed/);
});

it("is refused where what a killed command had begun cannot be taken back", () => {
  const mark = goneMark();
  // A folder with something in it is in the way of what had the name.
  mkdirSync(at("a.csv/full"), { recursive: true });
  writeFileSync(at(`.surgefleet-${mark}.0.old`), "old");
  writeFileSync(
    at(`.surgefleet-${mark}.record`),
    JSON.stringify([["", "a.csv", `.surgefleet-${mark}.0.tmp`, true]]),
  );
  expect(isHalfWay(folder)).toBe(true);
  expect(() => whileAlone([folder], () => {})).toThrow(
    /what a killed command had begun .* cannot be taken back/,
  );
  expect(readdirSync(folder)).toHaveLength(3);
});
