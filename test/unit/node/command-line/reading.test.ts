// What reading a trace did is told by every command that reads one, in the same words: a command that does not tell it
// fails here, as one does whose result or page leaves it out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../../../../src/node/program.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-reading-"));
const [trace, scenario] = [join(folder, "t.csv"), join(folder, "s.yaml")];
const [out, summary] = [join(folder, "out"), join(folder, "summary.md")];

/** Everything that reading can do besides estimating: rows dropped and moved, a column ignored, a model unknown. */
const ROWS = [
  "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type",
  "5,m,472,18,490,Conversation log",
  "45,m,1087,0,1087,Conversation log",
  "30,m,417,276,693,Conversation log",
  "20,other,300,7,307,API log",
  "120,m,300,0,300,API log",
  "121,m,300,7,300,API log",
];
const SCENARIO = `schemaVersion: 1
name: replay
inventory: { gpus: 2 }
pools:
  p: { replicas: 1, replica: { engine: slots, slots: 4, tokensPerSecond: 50 }, admission: { policy: none } }
paths: { std: { model: m, pool: p, rank: 0 } }
traffic:
  t: { arrivals: { trace: t.csv }, mix: { std: 100% } }
thresholds: { "completed_rate{tier:std}": ["rate>10%"] }
`;

const TOLD = [
  "t reads t.csv, dropped: 2 failed: no output (first on line 3)",
  "t reads t.csv, sorted: 1 rows moved to where their time belongs, which goes back in 1 place (on line 5)",
  "t reads t.csv, ignored: Total tokens",
  "t reads t.csv, assumed: times are numbers without a unit, taken for seconds (unit: s)",
  "t reads t.csv, unserved: 1 of 4 rows that no path of the scenario serves",
];

beforeAll(() => {
  writeFileSync(trace, `${ROWS.join("\n")}\n`);
  writeFileSync(scenario, SCENARIO);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function surgefleet(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runProgram(words, {
    output: { write: (text) => (stdout += text), columns: 100 },
    errors: { write: (text) => (stderr += text), columns: 100 },
    env: {},
  });
  return { code, stdout, stderr };
}

/** As one line, so that it does not matter where lines were broken, with the marks of HTML read. */
const asLine = (text: string) => text.replaceAll("&quot;", '"').replaceAll(/\s+/g, " ");

/** How often each thing that there is to tell stands in a text. */
const timesTold = (text: string) => TOLD.map((one) => asLine(text).split(one).length - 1);
const once = TOLD.map(() => 1);

test.each([
  ["run", ["run", scenario, "--no-out"]],
  ["run, many seeds", ["run", scenario, "--no-out", "--seeds", "3", "--workers", "1"]],
  ["check", ["check", scenario, "--seeds", "3", "--workers", "1"]],
  ["validate", ["validate", scenario]],
  ["compare", ["compare", scenario, scenario, "--seeds", "3", "--workers", "1"]],
  ["plan", ["plan", scenario, "--find", "pools.p.replicas=1..2", "--workers", "1"]],
])(
  "%s tells it once",
  async (_, words) => {
    const { stdout, stderr } = await surgefleet(...words);
    expect([timesTold(stdout), stderr]).toEqual([once, stderr]);
  },
  60_000,
);

test("summary.json carries it", async () => {
  await surgefleet("run", scenario, "--out", out, "--quiet");
  const { reading, caveats } = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  expect(reading).toEqual([
    {
      ...{ source: "t", file: "t.csv", format: "burstgpt", rowsRead: 6, rowsYielded: 4 },
      findings: expect.any(Array),
    },
  ]);
  expect(
    reading[0].findings.map(({ kind, count, line }: Record<string, unknown>) => [kind, count, line]),
  ).toEqual([
    ["dropped", 2, 3],
    ["sorted", 1, 5],
    ["ignored", 6, 1],
    ["assumed", null, null],
    ["unserved", 1, 5],
  ]);
  expect(timesTold(caveats.map(({ text }: { text: string }) => text).join("\n"))).toEqual(once);
}, 60_000);

test("a CI's Markdown carries it", async () => {
  await surgefleet("check", scenario, "--seeds", "3", "--workers", "1", "--markdown", summary);
  expect(timesTold(readFileSync(summary, "utf8").replaceAll("\\", ""))).toEqual(once);
}, 60_000);
