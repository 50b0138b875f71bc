import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { INLINING_FLAG } from "../../../src/node/inlining.js";

it("is asked of V8 by a flag that it knows", () => {
  const run = (flag: string) => spawnSync(process.execPath, [flag, "-e", ""], { encoding: "utf8" });
  const { status, stderr } = run(INLINING_FLAG);
  expect([status, stderr]).toEqual([0, ""]);
  expect(run(`${INLINING_FLAG.split("=")[0]}-of-nothing=1`).status).not.toBe(0);
});
