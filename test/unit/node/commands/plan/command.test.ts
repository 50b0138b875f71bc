import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";
import { PLANNED } from "../../../../support/planned.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "fleet.json");
writeFileSync(path, JSON.stringify(PLANNED[7]!.scenario));

async function told(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["plan", path, "--workers", "1", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

describe("surgefleet plan", () => {
  it("finds the least fleet, or says that there is none", async () => {
    const found = await told("--find", "replicas=1..64", "--demand", "1", "--json", "--most", "16");
    expect([found.code, found.stderr]).toEqual([0, ""]);
    expect(Math.abs(JSON.parse(found.stdout).answer.values[0].value - 6)).toBeLessThanOrEqual(1);
    const none = await told("--find", "replicas=1..2", "--demand", "1");
    expect([none.code, none.stdout.slice(0, 13)]).toEqual([99, "nothing found"]);
  });

  it.each([
    [[], "exactly one of"],
    [["--find", "replicas=9..3"], "is above"],
    [["--find", "pools.other.replicas=1..3"], "the pools are shared"],
    [["--maximise", "speed"], "--maximise <load>"],
    [["--find", "replicas=1..3", "--maximise", "load"], "cannot be used with option '--maximise"],
    [["--minimise", "money"], "Allowed choices are cost"],
    [["--maximise", "load", "--gpu-cost", "other=2"], "the pools are shared"],
    [["--minimise", "cost"], "needs two --over"],
    [["--best", "a=1..2"], "needs --objective"],
    [["--maximise", "load", "--demand", "1"], "--demand goes with --find"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await told(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });
});
