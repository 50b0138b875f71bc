import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isGone, MARK, newMark } from "../../../../src/node/files/process-mark.js";

const never = () => {
  throw new Error("asked for its age");
};
const [host, boot, , start, random] = newMark().split("-");
const here = `${host}-${boot}`;
const isLinux = process.platform === "linux";
const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it("is never given twice", () => {
  const marks = Array.from({ length: 100 }, newMark);
  expect(new Set(marks).size).toBe(100);
  for (const mark of marks) expect(mark).toMatch(new RegExp(`^${MARK.source}$`));
});

it("is of a process that is there or gone", () => {
  const { pid: ended } = spawnSync(process.execPath, ["--version"]);
  expect(isGone(newMark(), never)).toBe(false);
  expect(isGone(`${here}-${ended}-${start}-${random}`, never)).toBe(true);
});

it("is of a process that is gone where its number has been given to another", () => {
  expect(isGone(`${here}-${process.pid}-1-${random}`, never)).toBe(true);
  const parents = isLinux ? readFileSync(`/proc/${process.ppid}/stat`, "utf8").replace(/^.*\) /s, "") : "";
  if (!isLinux) return;
  const theirs = (began: string) => `${here}-${process.ppid}-${began}-${random}`;
  expect(isGone(theirs(parents.split(" ")[19]!), never)).toBe(false);
  expect(isGone(theirs("1"), never)).toBe(true);
});

it.skipIf(!isLinux)("is of a process that is gone where its parent has not noticed (Linux)", () => {
  // Node hears of a child's end in its loop, which does not turn while this test waits.
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  child.kill("SIGKILL");
  const stat = () =>
    readFileSync(`/proc/${child.pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  for (let tries = 0; tries < 60_000 && stat()[0] !== "Z"; tries++) pause(1);
  expect(stat()[0]).toBe("Z");
  expect(isGone(`${here}-${child.pid}-${stat()[19]}-${random}`, never)).toBe(true);
});

it("is, on another machine, of a process that is gone where its file is old", () => {
  const elsewhere = `00000000-${boot}-${process.pid}-${start}-${random}`;
  expect([isGone(elsewhere, () => 1000), isGone(elsewhere, () => 25 * 3600 * 1000)]).toEqual([false, true]);
});

it("is of a process that is gone where the machine has started again since", () => {
  expect(isGone(`${host}-00000000-${process.pid}-${start}-${random}`, never)).toBe(true);
});
