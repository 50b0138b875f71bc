import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runProgram } from "../../../../../src/node/program.js";
import { SMALL, SWINGING } from "../../run/small-scenario.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "fleet.yaml");
writeFileSync(path, SMALL.replace("seed: 7\n", "").replace("duration: 60s", "duration: 120s"));
const WORSE = ["--variant", "pools.shared.replica.slots=4"];
const BETTER = ["--variant", "pools.shared.replica.slots=12"];

async function program(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(words, { output, errors, env: {} });
  return { code, stdout, stderr };
}

/** The same words are run once: what they tell is the same, and several tests look at it. */
const compared = new Map<string, ReturnType<typeof program>>();
function compare(...words: string[]): ReturnType<typeof program> {
  const key = words.join("\n");
  const one = compared.get(key) ?? program("compare", ...words, "--workers", "1");
  compared.set(key, one);
  return one;
}

describe("surgefleet compare", () => {
  it("says what is worse, on pairs of equal seeds, and exits with 99 only where asked to", async () => {
    const { code, stdout } = await compare(path, ...WORSE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/-> pools\.shared\.replica\.slots=4 {2}10 pairs of equal seeds/);
    expect(stdout).toMatch(/overloaded_rate\{tier:standard,per:attempt\} .* worse$/m);
    expect((await compare(path, ...WORSE, "--fail-on-regression")).code).toBe(99);
    expect((await compare(path, ...BETTER, "--fail-on-regression", "--metric", "overloaded_rate")).code).toBe(
      0,
    );
  });

  it("judges an exit code as a gate does: beyond a margin, by ranks, and says what of", async () => {
    const gate = await compare(path, ...WORSE, "--fail-on-regression");
    expect(gate.stdout).toMatch(/\nregressions: overloaded_rate\{tier:standard,per:attempt\} rate \(p \S+\)/);
    const wide = await compare(path, ...WORSE, "--fail-on-regression", "--margin", "10000%");
    expect([wide.code, wide.stdout]).toEqual([0, expect.stringContaining("\nregressions: none\n")]);
    const { comparisons } = JSON.parse(
      (await compare(path, ...WORSE, "--fail-on-regression", "--json")).stdout,
    );
    const [document] = comparisons;
    expect(document.regressions[0]).toMatchObject({ verdict: "worse", p: 1 / 1024 });
    expect(await compare(path, ...WORSE, "--margin", "5%")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--margin goes with --fail-on-regression"),
    });
  });

  it("shows the five largest changes first, with p of all together, and what else there is", async () => {
    const rows = (text: string) => text.split("\n").filter((line) => /\{.* (worse|same)$/.test(line));
    const [short, all] = [await compare(path, ...WORSE), await compare(path, ...WORSE, "--all")];
    expect([rows(short.stdout).length, rows(all.stdout).length]).toEqual([5, 13]);
    expect(short.stdout).toMatch(
      /4 worse, 9 same; 8 not shown \(--all\)\n.* and p is of all together \(Holm\)/,
    );
    // There is one tier: none of all beside it.
    expect(all.stdout).not.toContain("tier:all");
    const sizes = rows(short.stdout).map((row) => Math.abs(Number(/([+-][\d.]+)%/.exec(row)?.[1] ?? 0)));
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(sizes[3]).toBeGreaterThan(10);
  });

  it("says of which side what is to be known besides, as a document by side", async () => {
    const short = ["--seeds", "2", "--set", "duration=5s"];
    const both = await compare(path, ...WORSE, ...short);
    expect(both.stdout).toMatch(/\n\nCAVEATS\n {2}the run is too short to tell whether the fleet keeps up\n/);
    const { comparisons } = JSON.parse((await compare(path, ...WORSE, ...short, "--json")).stdout);
    const [{ caveats }] = comparisons;
    expect(caveats.before).toEqual([{ kind: "short", text: expect.any(String) }]);
    expect(caveats.after).toEqual(caveats.before);
    const one = await compare(path, "--variant", "duration=5s", "--seeds", "2");
    expect(one.stdout).toMatch(/\n {2}duration=5s: the run is too short/);
  });

  it("gives no exit code on so few seeds that they say too little, and says so without one", async () => {
    const few = await compare(path, ...WORSE, "--seeds", "7", "--fail-on-regression");
    expect([few.code, few.stdout]).toEqual([2, ""]);
    expect(few.stderr).toContain(
      "needs at least 8 seeds on both sides, and pools.shared.replica.slots=4 has 7",
    );
    const shown = await compare(path, ...WORSE, "--seeds", "2");
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining("fewer than 8 seeds")]);
    expect((await compare(path, ...WORSE)).stdout).not.toContain("fewer than 8 seeds");
  });

  it("refuses an exit code on results of one seed, which once passed for good news", async () => {
    const run = (slots: number) =>
      program(
        "run",
        path,
        "--set",
        `pools.shared.replica.slots=${slots}`,
        "--seeds",
        "1",
        "--out",
        join(folder, `r${slots}`),
      );
    await Promise.all([run(8), run(4)]);
    const words = [join(folder, "r8"), join(folder, "r4")];
    const shown = await compare(...words);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain("One seed says nothing of chance");
    expect(await compare(...words, "--fail-on-regression")).toMatchObject({ code: 2, stdout: "" });
  });

  it("names the variant of which the scenario is not valid, and the flag that set it", async () => {
    const { code, stderr } = await compare(path, "--variant", "pools.shared.replicas=many");
    expect([code, stderr]).toEqual([
      2,
      `error: --variant "pools.shared.replicas=many": ${path} is not valid with that\n` +
        '--variant pools.shared.replicas: "many" is not a whole number (also with k, M or G, like 32k)\n',
    ]);
  });

  it("takes several variants, and prints one JSON document", async () => {
    const { stdout } = await compare(path, ...WORSE, ...BETTER, "--json");
    const { comparisons: documents } = JSON.parse(stdout) as {
      comparisons: { after: string; paired: boolean; changes: { verdict: string }[] }[];
    };
    expect(documents.map(({ after, paired }) => [after, paired])).toEqual([
      ["pools.shared.replica.slots=4", true],
      ["pools.shared.replica.slots=12", true],
    ]);
    expect(documents[0]!.changes.some(({ verdict }) => verdict === "worse")).toBe(true);
  });

  it("runs all sides on the seeds of the first, whatever their demand would choose", async () => {
    const swinging = join(folder, "swinging.yaml");
    writeFileSync(swinging, SWINGING);
    const demand = ["--variant", "traffic.calls.accounts.skew=0.2"];
    const { stdout } = await compare(swinging, ...demand, "--seeds", "12");
    expect(stdout).toMatch(/12 pairs of equal seeds/);
  });

  it.each([
    [[path], "nothing to compare with"],
    [[path, ...WORSE, "--metric", "speed"], "no measure begins so"],
    [[path, join(folder, "nowhere")], "nowhere"],
  ])("refuses %j", async (words, problem) => {
    const { code, stdout, stderr } = await compare(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });
});
