// Command lines that need no process of their own: what is refused, and what is told.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../../src/node/program.js";

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function told(words: readonly string[], env: Record<string, string> = {}): Promise<Told> {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(words, { output, errors, env });
  return { code, stdout, stderr };
}

describe("the command line refuses", () => {
  it.each<[string, string[], RegExp]>([
    ["an unknown flag", ["run", "--sed", "1"], /unknown option '--sed'[\s\S]*--seed/],
    ["an unknown command", ["rum"], /unknown command 'rum'[\s\S]*run/],
    ["a word too many", ["run", "a.yaml", "b.yaml"], /too many arguments/],
    ["nothing to validate", ["validate"], /missing required argument 'scenario'/],
    ["an override that is none", ["run", "--set", "pools"], /^--set pools: write path=value/],
    [
      "overrides, every one of them at once",
      ["run", "--set", "pools", "--set", "pools.sharedd.replicas=5", "--set", "durration=3"],
      /^--set pools: write.*\n--set pools\.sharedd\.replicas: there is no "sharedd" in "pools" \(did.*"shared"\?\)\n--set durration: unknown key "durration" \(did you mean "duration"\?\)\n$/,
    ],
    [
      "a search along no pool of the scenario",
      ["plan", "scenarios/quickstart.yaml", "--find", "pools.sharedd.replicas=1..4"],
      /^error: --find pools\.sharedd\.replicas: there is no pool "sharedd" \(did you mean "shared"\?\)\n$/,
    ],
    [
      "a slip in what a search is along",
      ["plan", "scenarios/quickstart.yaml", "--find", "replcas=1..4"],
      /^error: --find replcas: there is no such key \(did you mean "replicas"\?\)\n$/,
    ],
    ["an override of a key that is none", ["run", "--set", "pols.x=1", "--no-out"], /^--set pols.*pools/],
    ["a missing file", ["run", "missing.yaml"], /^error: .*missing\.yaml: there is no such file\n$/],
    ["a directory", ["run", "/"], /^error: .*it is a directory, not a file\n$/],
    ["a file without end", ["run", "/dev/zero"], /\/dev\/zero/],
    ["--requests with --no-out", ["run", "--requests", "--no-out"], /--requests .*--no-out/],
    ["an empty seed", ["run", "--seed", "", "--no-out"], /--seed .* Write a text of 1 to 256/],
    [
      "an unknown template",
      ["init", "--template", "nonsense"],
      /'nonsense' is invalid. There are .*quickstart/,
    ],
  ])("%s, with exit code 2 and nothing on stdout", async (_, words, wanted) => {
    const { code, stdout, stderr } = await told(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(wanted);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

describe("the command line tells", () => {
  it("what to do first and what exit codes mean, asked or not", async () => {
    const [bare, help] = [await told([]), await told(["--help"])];
    expect([bare.code, help.code, help.stderr]).toEqual([0, 0, ""]);
    expect(help.stdout).toMatch(/surgefleet init[\s\S]*Exit codes:[\s\S]*99[\s\S]*130/);
    expect(bare.stdout).toBe(help.stdout);
  });

  it("where results go and what the environment does", async () => {
    const { code, stdout } = await told(["run", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--set <path=value>[\s\S]*requests\.csv[\s\S]*SURGEFLEET_SEED/);
    expect(stdout.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });

  it("its version", async () => {
    expect((await told(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("the JSON Schema of a scenario", async () => {
    const { stdout } = await told(["schema"]);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
    });
  });

  it("its templates", async () => {
    expect((await told(["init", "--list"])).stdout).toMatch(/^quickstart +\S.*$/m);
  });
});

describe("every template", () => {
  it("is valid where init writes it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
    try {
      const names = (await told(["init", "--list"])).stdout.match(/^\S+/gm) ?? [];
      for (const name of names) await told(["init", folder, "--template", name]);
      const files = names.map((name) => join(folder, `${name}.yaml`));
      const { code, stderr } = await told(["validate", ...files]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(names).toContain("quickstart");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
