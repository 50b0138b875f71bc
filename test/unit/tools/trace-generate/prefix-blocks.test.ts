// What prompts of one application have in common is kept where the format has block ids, and its loss told elsewhere.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { PrefixBlocks } from "../../../../src/core/tools/trace-generate/prefix-blocks.js";
import { runProgram } from "../../../../src/node/program.js";

const prompt = { prefix: 1, prefixTokens: 130, session: NONE, inputTokens: 200, cachedTokens: 0 };

test("prompts of one application begin with the same blocks, and go on with their own", () => {
  const blocks = new PrefixBlocks(64);
  const [one, other, third] = [prompt, prompt, { ...prompt, prefix: 2 }].map((wanted) => blocks.of(wanted)!);
  expect([one!.length, other!.slice(0, 2)]).toEqual([4, one!.slice(0, 2)]);
  expect(new Set([...one!, ...other!, ...third!]).size).toBe(10);
});

test("what something else tells has no blocks", () => {
  const blocks = new PrefixBlocks(64);
  const others = [{ prefix: NONE }, { prefixTokens: 0 }, { session: 3 }, { cachedTokens: 5 }];
  expect(others.map((other) => blocks.of({ ...prompt, ...other }))).toEqual(others.map(() => undefined));
});

const SCENARIO = `schemaVersion: 1
name: prefix
duration: 2m
drain: true
inventory: { gpus: 1 }
pools:
  p:
    replicas: 1
    replica: { engine: batching, profile: llama-3.1-8b-h100, maxSequences: 64, kvTokens: 200k }
    admission: { policy: none }
paths: { std: { model: m, pool: p, rank: 0 } }
traffic:
  t:
    arrivals: { process: poisson, rate: 8/s }
    prefix: { tokens: 4096, applications: 3 }
    input: 256
    output: 16
    mix: { std: 100% }
`;

async function surgefleet(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runProgram(words, {
    output: { write: (text) => (stdout += text), columns: 100 },
    errors: { write: (text) => (stderr += text), columns: 100 },
    env: {},
  });
  return { code, stdout, stderr };
}

test("kept in formats with block ids, told in the others", async () => {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-prefix-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const scenario = join(folder, "s.yaml");
  writeFileSync(scenario, SCENARIO);
  const [csv, moon] = [join(folder, "x.csv"), join(folder, "x.jsonl")];
  const plain = await surgefleet("trace", "generate", scenario, "--out", csv, "--instant");
  expect(plain.stderr).toMatch(
    /lost in generic: that prompts begin with the prefix of their application.* requests\)/,
  );
  const kept = await surgefleet(
    "trace",
    "generate",
    scenario,
    "--out",
    moon,
    "--to",
    "mooncake-session",
    "--instant",
  );
  expect(kept.stderr).not.toMatch(/prefix/);
  const replay = join(folder, "r.yaml");
  writeFileSync(
    replay,
    SCENARIO.replace(/traffic:.*/s, `traffic: { t: { arrivals: { trace: ${moon} }, mix: { std: 100% } } }\n`),
  );
  const [drawn, replayed] = [await medianTtft(scenario), await medianTtft(replay)];
  // Without the prefix the whole prompts would be computed, and queue.
  expect(replayed / drawn).toBeLessThan(1.2);
}, 60_000);

async function medianTtft(scenario: string): Promise<number> {
  const { stdout } = await surgefleet(
    "run",
    scenario,
    "--json",
    "--no-out",
    "--seeds",
    "1",
    "--workers",
    "1",
  );
  return (JSON.parse(stdout) as { tiers: { ttft: { p50: number } }[] }).tiers[0]!.ttft.p50;
}
