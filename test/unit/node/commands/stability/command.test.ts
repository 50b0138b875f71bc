import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TRIGGER = "trigger: { from: 2m, for: 10s, window: 30s }\n";
/** Far from any limit: an outage of ten seconds is over as soon as it is. */
const CALM = `schemaVersion: 1
duration: 5m
inventory: { gpus: 4 }
pools:
  shared: { replicas: 4, replica: { engine: slots, slots: 8, tokensPerSecond: 100 } }
paths:
  standard: { model: m, pool: shared, rank: 0 }
outages: [{ pool: shared, from: 2m, for: 10s }]
traffic:
  calls: { arrivals: { process: poisson, rate: 4 }, input: 10, output: 100, mix: { standard: 1 } }
`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const calm = file("calm.yaml", CALM + TRIGGER);
const untriggered = file("untriggered.yaml", CALM);

async function told(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["stability", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

describe("surgefleet stability", () => {
  it("prints a line per seed and the verdict, the same every time", async () => {
    const [one, two] = [await told(calm, "--seeds", "8"), await told(calm, "--seeds", "8")];
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(two).toEqual(one);
    const lines = one.stdout.split("\n");
    expect(lines[0]).toMatch(/^seed +verdict +recovery +before +after +attempts each$/);
    expect(lines.slice(1, 9).every((line, seed) => line.startsWith(`1/${seed + 1} `))).toBe(true);
    expect(lines.at(-2)).toBe("calm  stable: 0 of 8 seeds stuck, 95% interval 0% to 36.9% (Clopper-Pearson)");
  });

  it.each([
    ["open", ""],
    ["closed", ", replay: think-time"],
  ])("goes with a trace, %s loop, the same every time, and says how it was read", async (name, replay) => {
    writeFileSync(join(folder, `${name}.csv`), "timestamp,input_tokens,output_tokens\n0,1,100\n0.5,1,100\n");
    const source = `arrivals: { trace: ${name}.csv, repeat: 1000000${replay} }`;
    const text = (CALM + TRIGGER).replace(/calls: .*/, `calls: { ${source}, mix: { standard: 1 } }`);
    const traced = file(`${name}.yaml`, text);
    const [one, two] = [await told(traced, "--seeds", "2"), await told(traced, "--seeds", "2")];
    expect([one.code, one.stderr]).toEqual([0, ""]);
    expect(two).toEqual(one);
    // Two a second, through an outage of all of them, which is what the trigger is.
    expect(one.stdout).toMatch(/^1\/1 +recovered +\S+ +(1\.9|2)/m);
    expect(one.stdout).toContain(`calls reads ${name}.csv, assumed: times are numbers without a unit`);
    writeFileSync(join(folder, `${name}.csv`), "timestamp,input_tokens,output_tokens\n0,1,100\n-,1,100\n");
    const { code, stderr } = await told(traced, "--seeds", "2");
    expect(code).toBe(2);
    expect(stderr).toContain(`${name}.csv:3:1 `);
  });

  it("is one JSON document when asked, and takes overrides", async () => {
    const { code, stdout } = await told(calm, "--seeds", "2", "--set", "seed=9", "--json", "--check");
    const { verdict, seeds, recovered, stuckShare } = JSON.parse(stdout);
    expect([verdict, recovered, stuckShare.value]).toEqual(["unclear", 2, 0]);
    expect(seeds.map(({ seed }: { seed: string }) => seed)).toEqual(["9/1", "9/2"]);
    expect(code).toBe(99);
  });

  it.each([
    [[untriggered], 'has no "trigger"'],
    [[calm, "--seeds", "0"], "Write a whole number from 1"],
    [[calm, "--seeds", "many"], "Write a whole number from 1"],
    [[join(folder, "missing.yaml")], "missing.yaml"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await told(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });
});
