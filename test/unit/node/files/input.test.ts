import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { kindOf } from "../../../../src/node/files/look.js";
import { readText, readTextChunks } from "../../../../src/node/files/read-text.js";
import { everyLookTakes } from "../../../support/clock.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-input-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

symlinkSync("loop", at("loop"));
writeFileSync(at("plain"), "plain");

it.each([
  ["a device", "/dev/zero", "it is a device, not a file"],
  ["another device", "/dev/null", "it is a device, not a file"],
  ["a circle of links", at("loop"), "its links lead in a circle"],
  ["a name below a file", at("plain/x"), "a part of its path is not a directory"],
])("refuses %s at once", (_, path, why) => {
  expect(() => readText(path)).toThrow(
    expect.objectContaining({ code: "NOT_FOUND", message: `cannot read ${path}: ${why}` }),
  );
});

it("says what lies under a name, and why a name leads nowhere", () => {
  expect([kindOf(at("plain")), kindOf(folder), kindOf("/dev/null"), kindOf(at("none"))]).toEqual([
    "file",
    "folder",
    "other",
    undefined,
  ]);
  expect(() => kindOf(at("loop"))).toThrow("its links lead in a circle");
});

it("reads no more than was asked for of a file that is parsed whole", () => {
  writeFileSync(at("large"), "x".repeat(2 * 1024 * 1024 + 1));
  expect(() => readText(at("large"), 2 * 1024 * 1024)).toThrow(/large: it is larger than 2 MiB/);
  expect(readText(at("large"))).toHaveLength(2 * 1024 * 1024 + 1);
});

describe.skipIf(process.platform === "win32")("a pipe", () => {
  const pipe = (name: string) => {
    execFileSync("mkfifo", [at(name)]);
    return at(name);
  };

  it("is read to its end, also where its writer takes its time", () => {
    // However long the shell takes to begin.
    everyLookTakes(0);
    const path = pipe("slow");
    const script = "(printf 'a,b\\n'; sleep 0.3; printf 'c,d\\n') > \"$0\"";
    spawn("sh", ["-c", script, path], { stdio: "ignore" });
    expect([...readTextChunks(path)].join("")).toBe("a,b\nc,d\n");
  });

  it("that nothing writes to is given up", () => {
    everyLookTakes(100);
    const looks = vi.mocked(performance.now).mock.calls;
    const path = pipe("idle");
    expect(() => readText(path)).toThrow(/idle: nothing writes to this pipe; what is read twice must be/);
    // Not at the first of them.
    expect(looks.length).toBeGreaterThan(40);
  });
});
