import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../../src/core/internal.js";
import { runProgram } from "../../../../../src/node/program.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const HEADER = "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s\n";
const requests = file("r.csv", `${HEADER}1,100,11,1.008,1.072\n0,100,11,0.008,0.072\n`);
const steps = file("s.csv", "n_decode,sum_context,prefill_tokens,step_ms_p50\n1,128,0,6.28\n");
const own = file("own.json", JSON.stringify({ ...profileFileByName("llama-3.1-8b-h100"), name: "own" }));

async function told(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["validate-profile", ...words], { output, errors, env: {} });
  return { code, stdout, stderr };
}

describe("surgefleet validate-profile", () => {
  it("prints one JSON document, the cap and the budget as they were given", async () => {
    const words = ["--requests", requests, "--max-sequences", "12", "--max-batched-tokens", "300", "--json"];
    const { code, stdout, stderr } = await told("llama-3.1-8b-h100", ...words);
    expect([code, stderr]).toEqual([0, ""]);
    const { profile, run, steps: none } = JSON.parse(stdout);
    expect(profile.name).toBe("llama-3.1-8b-h100");
    expect(run.settings).toMatchObject({ maxSequences: 12, maxBatchedTokens: 300 });
    expect(Object.keys(run.ttft.p50)).toEqual(["recorded", "simulated", "error"]);
    expect(none).toBeNull();
  });

  it("replays with what is said of KV, prefills, replicas, callers and any other key", async () => {
    const flags =
      "--kv-tokens 5000 --max-prefills 2 --replicas 2 --timeout 1m --set pools.engine.replica.kvBlockTokens=32";
    const { code, stdout } = await told(
      "llama-3.1-8b-h100",
      "--requests",
      requests,
      ...flags.split(" "),
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).run.settings).toMatchObject({
      kvTokens: 5000,
      maxPrefillSequences: 2,
      replicas: 2,
    });
  });

  it("simulates stages in place of requests", async () => {
    const header =
      "model,rate_per_s,duration_s,output_tokens,prompt_tokens_mean,cached_tokens_mean,ttft_p50_s\n";
    const stages = file("stages.csv", `${header}m,2,5,20,100,0,0.01\nn,2,5,20,100,0,0.01\n`);
    const words = ["llama-3.1-8b-h100", "--stages", stages];
    const { code, stdout } = await told(...words, "--model", "n", "--json");
    expect([code, JSON.parse(stdout).stages.length]).toEqual([0, 1]);
    expect((await told(...words)).stderr).toMatch(/several models/);
    expect((await told(...words, "--model", "n")).stdout).toMatch(/time to first token p50 +10\.0ms/);
    expect((await told(...words, "--requests", requests)).stderr).toMatch(/--stages are percentiles only/);
  });

  it("holds stages against a scenario, whose one source sends their load", async () => {
    const stages = file(
      "fleet-stages.csv",
      "rate_per_s,duration_s,output_tokens,prompt_tokens_mean,cached_tokens_mean,sent,ttft_p50_s\n2,10,20,100,0,20,0.01\n",
    );
    const fleet = file(
      "fleet.yaml",
      `schemaVersion: 1
name: fleet
duration: 1h
inventory: { gpus: 2 }
pools: { p: { replicas: 2, replica: { engine: batching, profile: llama-3.1-8b-h100 } } }
paths: { standard: { model: m, pool: p, rank: 0 } }
traffic:
  t: { arrivals: { process: poisson, rate: 1/s }, input: 9, output: 9, mix: { standard: 1 }, client: naive }
`,
    );
    const { code, stdout, stderr } = await told(fleet, "--stages", stages, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { profile, stages: results } = JSON.parse(stdout);
    expect(profile).toMatchObject({ name: "fleet", source: "a scenario, source t" });
    expect(results[0].settings).toBeNull();
    expect(results[0].bounds[0].sent).toMatchObject({ recorded: 20, simulated: 20 });
    expect(results[0].bounds[0].ttft.p50.simulated).toBeGreaterThan(0.005);
    expect((await told(fleet, "--stages", stages)).stdout).toMatch(/as the scenario says/);
    expect((await told(fleet, "--stages", stages, "--replicas", "2")).stderr).toMatch(/with --set/);
    expect((await told(fleet, "--requests", requests)).stderr).toMatch(/held against --stages/);
  });

  it("takes a profile file, and steps alone", async () => {
    const { code, stdout } = await told(own, "--steps", steps);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^own\n[\s\S]*decode 1-8 +1 /)]);
  });

  it("exits with 99 where --check finds a bound exceeded, and 0 without it", async () => {
    const late = file("late.csv", `${HEADER}0,100,11,0.008,0.172\n`);
    expect((await told("llama-3.1-8b-h100", "--requests", late, "--check")).code).toBe(99);
    expect((await told("llama-3.1-8b-h100", "--requests", late)).code).toBe(0);
    expect((await told("llama-3.1-8b-h100", "--requests", requests, "--check")).code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ["nothing to compare with", ["llama-3.1-8b-h100"], /--requests FILE, --steps FILE, or both/],
    [
      "--check without a run",
      ["llama-3.1-8b-h100", "--steps", steps, "--check"],
      /--check goes with --requests/,
    ],
    ["an unknown profile", ["llama-3.1-8b-h10", "--steps", steps], /did you mean "llama-3\.1-8b-h100"/],
    ["a missing profile file", ["./none.json", "--steps", steps], /none\.json: there is no such file/],
    ["a missing run", ["llama-3.1-8b-h100", "--requests", "none.csv"], /none\.csv: there is no such file/],
    [
      "a cap that is none",
      ["x", "--requests", requests, "--max-sequences", "-1"],
      /--max-sequences .*'-1' is invalid/,
    ],
    [
      "a budget below the cap",
      [own, "--requests", requests, "--max-batched-tokens", "9"],
      /budget of 9 tokens/,
    ],
    ["requests that are steps", [own, "--requests", steps], /s\.csv:1:1 this is a log of steps.*--steps/s],
    ["steps that are requests", [own, "--steps", requests], /r\.csv:1:1 .*n_decode/],
  ])("refuses %s, with exit code 2 and nothing on stdout", async (_, words, wanted) => {
    const { code, stdout, stderr } = await told(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(wanted);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  it("tells the problems of the profile and of the recording at once", async () => {
    const broken = file("broken.json", '{ "schemaVersion": 1, "kind": "measured" }');
    const bad = file("bad.csv", `${HEADER}0,0,1,2,3\n`);
    const { code, stderr } = await told(broken, "--requests", bad);
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.json[\s\S]*bad\.csv:2:3 prompt_tokens/);
  });
});
