// Names that would act on whoever reads them, through every command that prints: on a terminal, and in a log that a
// server reads for commands.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { surgefleet } from "./hosted.js";

/** Turns the direction, has no width, colours, clears a screen, ends a line, is a command of a CI server. */
const HOSTILE = "ev\u202eil\u200b\u001b[31m\u009b2J\n::error::x";
const SEEN = "ev\\u202eil\\u200b\\u001b[31m\\u009b2J";
const SCENARIO = `schemaVersion: 1
name: valid
duration: 5s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 4, tokensPerSecond: 100 }
paths:
  standard: { model: m, pool: shared, rank: 0 }
traffic:
  calls:
    arrivals: { process: poisson, rate: 5/s }
    input: 10
    output: 20
    mix: { standard: 100% }
thresholds:
  "completed_rate{tier:standard}": ["rate>1%"]
`;
const REPLAY = SCENARIO.replace("duration: 5s\n", "")
  .replace("name: valid", "name: replay")
  .replace(/arrivals:.*\n.*input: 10\n.*output: 20/, "arrivals: { trace: trace.jsonl }");
const ENV = { FORCE_COLOR: "1", GITHUB_ACTIONS: "true" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OUR_COLORS = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

let cwd = "";

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "surgefleet-hostile-"));
  writeFileSync(join(cwd, "s.yaml"), SCENARIO);
  expect((await surgefleet(["run", "s.yaml"], { cwd })).code).toBe(0);
  for (const name of ["one", "two"]) {
    const folder = join(cwd, name);
    cpSync(join(cwd, "results", "valid"), folder, { recursive: true });
    for (const file of ["summary.json", "timeseries.csv"]) {
      const path = join(folder, file);
      const hostile = file.endsWith(".json") ? JSON.stringify(HOSTILE).slice(1, -1) : `"${HOSTILE}"`;
      const text = readFileSync(path, "utf8").replaceAll(/standard|shared|calls|valid/g, () => hostile);
      writeFileSync(path, text);
    }
  }
  const row = { timestamp: 0, input_tokens: 5, output_tokens: 5 };
  const trace = (fields: object) => `${JSON.stringify({ ...row, ...fields })}\n`;
  writeFileSync(join(cwd, "trace.jsonl"), trace({ account: HOSTILE, session: HOSTILE }));
  writeFileSync(join(cwd, "tiers.jsonl"), trace({ tier: HOSTILE, [HOSTILE]: 1 }));
  writeFileSync(join(cwd, "times.jsonl"), trace({ timestamp: HOSTILE }));
  writeFileSync(join(cwd, "replay.yaml"), REPLAY);
  writeFileSync(join(cwd, "key.yaml"), `${SCENARIO}${JSON.stringify(HOSTILE)}: 1\n`);
  writeFileSync(
    join(cwd, "value.yaml"),
    SCENARIO.replace("engine: slots", `engine: ${JSON.stringify(HOSTILE)}`),
  );
  writeFileSync(join(cwd, "syntax.yaml"), `${SCENARIO}a: "ev\u202eil\u200b\u001b[31m\u009b2J\n b: [\n`);
  mkdirSync(join(cwd, "empty"));
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function assertHarmless(text: string): void {
  const bare = text.replaceAll(OUR_COLORS, "");
  expect(bare).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(bare).not.toMatch(/^\s*::error::x/m);
}

it("a name as it is would be noticed", () => {
  expect(() => assertHarmless(HOSTILE)).toThrow();
  expect(() => assertHarmless("::error::x")).toThrow();
});

describe("is shown and does nothing", () => {
  it.each<readonly [string, ...string[]]>([
    ["compare", "one", "two"],
    ["compare", "one", "two", "--json"],
    ["run", HOSTILE],
    ["run", "s.yaml", "--seed", HOSTILE, "--json"],
    ["run", "s.yaml", "--set", `pools.${HOSTILE}.replicas=1`],
    ["run", "s.yaml", "--set", `name=${HOSTILE}`],
    ["run", `--${HOSTILE}`],
    [HOSTILE],
    ["validate", "key.yaml", "value.yaml", "syntax.yaml"],
    ["check", "key.yaml"],
    ["plan", "s.yaml", "--find", `${HOSTILE}=1..2`],
    ["rare", "s.yaml", "--metric", HOSTILE],
    ["trace", "inspect", "tiers.jsonl"],
    ["trace", "inspect", "times.jsonl"],
    ["trace", "convert", "times.jsonl", "--out", "x.csv"],
    ["run", "replay.yaml", "--set", "traffic.calls.arrivals.trace=tiers.jsonl"],
    ["validate-profile", HOSTILE, "--steps", "trace.jsonl"],
    ["calibrate", "trace.jsonl"],
    ["report", HOSTILE],
    ["policy", "show", HOSTILE],
    ["init", HOSTILE],
  ])("%j %j", async (...words) => {
    const { stdout, stderr } = await surgefleet(words, { cwd, env: ENV });
    const text = stdout + stderr;
    assertHarmless(text);
    expect(text).not.toBe("");
  });
});

describe("reaches what people read, as its escape", () => {
  it.each<readonly [string, readonly string[]]>([
    ["a comparison", ["compare", "one", "two", "--all"]],
    ["an error about a key", ["validate", "key.yaml"]],
    ["an error about a row", ["trace", "inspect", "times.jsonl"]],
  ])("%s", async (_, words) => {
    const { stdout, stderr } = await surgefleet(words, { cwd, env: ENV });
    expect(stdout + stderr).toContain(SEEN);
  });
});
