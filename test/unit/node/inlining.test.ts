import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { INLINING_FLAGS } from "../../../src/node/inlining.js";

it("is asked of V8 by flags that it knows", () => {
  const run = (...flags: readonly string[]) =>
    spawnSync(process.execPath, [...flags, "-e", ""], { encoding: "utf8" });
  const { status, stderr } = run(...INLINING_FLAGS);
  expect([status, stderr]).toEqual([0, ""]);
  for (const flag of INLINING_FLAGS) expect(run(`${flag.split("=")[0]}-of-nothing=1`).status).not.toBe(0);
});
