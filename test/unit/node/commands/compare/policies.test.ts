// `surgefleet compare` with policies, limits and rules that are named: which sides there are, what is said of them in
// text, as a document and on a page, and what is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { choicesOf } from "../../../../../src/node/commands/compare/choices.js";
import { compareCommand } from "../../../../../src/node/commands/compare/run.js";
import { runProgram } from "../../../../../src/node/program.js";
import { SMALL } from "../../run/small-scenario.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "fleet.yaml");
/** Two ranks on one pool that is short of places. */
const RANKS = SMALL.replace("seed: 7\n", "")
  .replace("maxQueue: 0", "maxQueue: 20")
  .replace("rate: 3/s", "rate: 5/s")
  .replace("rank: 0 }", "rank: 1 }\n  priority: { model: m, serviceTier: priority, pool: shared, rank: 0 }")
  .replace("mix: { standard: 1 }", "mix: { standard: 70%, priority: 30% }");
writeFileSync(path, RANKS);

async function compare(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const output = { write: (text: string) => (stdout += text) };
  const errors = { write: (text: string) => (stderr += text) };
  const code = await runProgram(["compare", ...words, "--workers", "1"], { output, errors, env: {} });
  return { code, stdout, stderr };
}

interface Document {
  readonly comparisons: readonly {
    readonly before: string;
    readonly after: string;
    readonly paired: boolean;
    readonly confidence: number;
    readonly changes: readonly { readonly metric: string }[];
  }[];
  readonly questions: readonly {
    readonly question: string;
    readonly answers: readonly { readonly metric: string; readonly sides: readonly object[] }[];
  }[];
  readonly tradeOffs: readonly {
    readonly across: { readonly metric: string };
    readonly up: { readonly metric: string };
    readonly points: readonly object[];
  }[];
}
const document = async (...words: string[]): Promise<Document> =>
  JSON.parse((await compare(path, ...words, "--json")).stdout);
const sidesIn = ({ comparisons }: Document) => [
  comparisons[0]!.before,
  ...comparisons.map(({ after }) => after),
];

const FEW = ["--seeds", "2"];

describe("policies that are named", () => {
  it("are all sides, the first of them what the others are compared with, on the same seeds", async () => {
    const found = await document("--policies", "tail-drop,none,saturation", ...FEW);
    expect(sidesIn(found)).toEqual(["tail-drop", "none", "saturation"]);
    expect(found.comparisons.map(({ paired, confidence }) => [paired, confidence])).toEqual([
      [true, 0.975],
      [true, 0.975],
    ]);
  });

  it.each([
    [
      ["--policies", "none"],
      [path, "none"],
    ],
    [
      ["--policies", "none,tail-drop", "--variant", "retryAfter.overloaded=9s"],
      [path, "retryAfter.overloaded=9s", "none", "tail-drop"],
    ],
    [
      ["--policies", "none,tail-drop", "--rules", "fifo"],
      [path, "none", "tail-drop", "rule fifo"],
    ],
    [
      ["--limits", "aimd,fixed;most=3"],
      ["limit aimd", "limit fixed;most=3"],
    ],
  ])("stand beside the scenario as it is where it is needed: %j", async (words, sides) => {
    expect(sidesIn(await document(...words, ...FEW))).toEqual(sides);
  });

  it("change what they name: with no bound the queue sheds nothing, with a small one most", async () => {
    const { questions } = await document("--policies", "tail-drop;maxQueue=0,none", ...FEW);
    const [shed] = questions;
    const all = shed!.answers.find(({ metric }) => metric.startsWith("overloaded_rate{tier:all"));
    expect(all!.sides).toMatchObject([
      { side: "tail-drop;maxQueue=0", value: expect.toSatisfy((value) => value > 0.2) },
      { side: "none", value: 0, difference: expect.toSatisfy((value) => value < -0.2) },
    ]);
  });

  it("are asked only the questions, unless all or a metric is asked for", async () => {
    const words = ["--policies", "tail-drop,none", ...FEW];
    const short = (await document(...words)).comparisons[0]!.changes.map(
      ({ metric }) => metric.split("{")[0],
    );
    expect([...new Set(short)].sort()).toEqual(["goodput", "overloaded_rate", "ttft"]);
    const all = (await document(...words, "--all")).comparisons[0]!.changes;
    expect(all.length).toBeGreaterThan(2 * short.length);
    const one = (await document(...words, "--metric", "latency")).comparisons[0]!.changes;
    expect([...new Set(one.map(({ metric }) => metric.split("{")[0]))]).toEqual(["latency"]);
  });

  it("have points for each trade-off: of the lowest rank what is shed, of the highest how long it waits", async () => {
    const { tradeOffs } = await document("--policies", "tail-drop;maxQueue=2,none", ...FEW);
    expect(tradeOffs[0]).toMatchObject({
      across: { metric: "overloaded_rate{tier:standard,per:attempt}" },
      up: { metric: "ttft{tier:priority}", aggregation: "p(99)" },
      points: [
        { side: "tail-drop;maxQueue=2", across: { low: null } },
        { side: "none", across: { value: 0, low: 0 } },
      ],
    });
  });

  it("are told in a table for each question and a picture for each trade-off, in ASCII too", async () => {
    const { code, stdout } = await compare(path, "--policies", "tail-drop;maxQueue=2,none", "--ascii");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tail-drop;maxQueue=2, none {2}10 pairs of equal seeds\n/);
    expect(stdout).toMatch(/\nSHED {2}overloaded_rate\n +standard +priority\n/);
    expect(stdout).toMatch(/\nnone +0% +-\S+ pp \[\S+, \S+\] +better /);
    // There is one account.
    expect(stdout).toMatch(/\nFAIRNESS BETWEEN ACCOUNTS {2}nothing of it was measured\n/);
    expect(stdout).toMatch(/\nCOST {2}nothing of it was measured\n/);
    expect(stdout).toMatch(/\nttft p\(99\) of priority {2}\(better below(; all of it may be chance)?\)\n/);
    expect(stdout).toMatch(/\n {2}B {2}none +0%, /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is ASCII
    expect(stdout).toMatch(/^[\x00-\x7f]*$/);
  });

  it("change one pool where only that is named", async () => {
    const both = await compare(path, "--policies", "none", "--pool", "share", ...FEW);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('did you mean "shared"?')]);
  });

  it("are judged by a gate as variants are", async () => {
    const gate = ["--policies", "none,tail-drop;maxQueue=0", "--fail-on-regression"];
    const { code, stdout } = await compare(path, ...gate);
    expect([code, stdout]).toEqual([
      99,
      expect.stringMatching(/\ntail-drop;maxQueue=0: regressions: .*overloaded_rate/),
    ]);
  });

  it("has the tables of every measure below, with --all", async () => {
    const { stdout } = await compare(path, "--policies", "none,tail-drop", "--all", ...FEW);
    expect(stdout).toMatch(/\nnone -> tail-drop {2}2 pairs of equal seeds\n/);
  });

  it.each([
    [["--policies", "codle"], "no admission policy is named"],
    [["--policies", "tail-dorp,none"], 'did you mean "tail-drop"?'],
    [["--policies", "none,none"], '"none" is there twice'],
    [["--policies", "saturation;sheddable=[gold],none"], '--policies "saturation;sheddable=[gold]": '],
    [["--policies", "tail-drop;maxQ=3,none"], "maxQ"],
    [["--pool", "shared"], "--pool goes with --policies, --limits, --rules: give one of them"],
  ])("refuses %j, before anything runs", async (words, problem) => {
    const { code, stdout, stderr } = await compare(path, ...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
  });

  it("need a scenario: a result was run already", async () => {
    const words = ["run", path, "--seeds", "1", "--workers", "1", "--quiet", "--out", join(folder, "result")];
    const nowhere = { write: () => {} };
    await runProgram(words, { output: nowhere, errors: nowhere, env: {} });
    const { code, stderr } = await compare(join(folder, "result"), "--policies", "none,tail-drop");
    expect([code, stderr]).toEqual([
      2,
      `error: --policies changes a scenario and runs it, and ${join(folder, "result")} is a result: name a scenario\n`,
    ]);
  });
});

describe("the page of a comparison", () => {
  const FILES = { script: "", style: "p{}" };
  const terminal = { output: { write: () => {} }, errors: { write: () => {} }, env: {} };
  const flags = {
    ...{ policies: choicesOf("policies")("tail-drop;maxQueue=2,none"), seeds: 2, workers: 1 },
    ...{ margin: 0.02, color: false, quiet: true },
  };

  it("is written with the same numbers and a picture for each trade-off", async () => {
    const html = join(folder, "policies.html");
    expect(await compareCommand([path], { ...flags, html }, terminal, FILES)).toBe(0);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("<style>p{}</style>");
    expect(page.match(/<svg class="scatter"/g)!.length).toBeGreaterThan(0);
    const { tradeOffs } = await document("--policies", "tail-drop;maxQueue=2,none", ...FEW);
    expect(page.match(/<svg class="scatter"/g)).toHaveLength(tradeOffs.length);
  });

  it("is refused before anything runs where it cannot be written, or would be over what is read", async () => {
    const page = (html: string, files: typeof FILES | null) =>
      compareCommand([path], { ...flags, html }, terminal, files);
    await expect(page(path, FILES)).rejects.toThrow("is read or written by this command already");
    await expect(page(join(folder, "other.html"), null)).rejects.toThrow("--html needs dist/web");
    expect(readFileSync(path, "utf8")).toBe(RANKS);
  });

  it("can be of results, which have fewer answers", async () => {
    const [one, other] = [join(folder, "one"), join(folder, "other")];
    const nowhere = { output: { write: () => {} }, errors: { write: () => {} }, env: {} };
    for (const [out, slots] of [
      [one, 8],
      [other, 6],
    ] as const) {
      const set = ["--set", `pools.shared.replica.slots=${slots}`];
      await runProgram(
        ["run", path, ...set, "--seeds", "2", "--workers", "1", "--quiet", "--out", out],
        nowhere,
      );
    }
    const html = join(folder, "results.html");
    const { policies: _, seeds: __, ...rest } = flags;
    expect(await compareCommand([one, other], { ...rest, html }, terminal, FILES)).toBe(0);
    expect(readFileSync(html, "utf8")).toMatch(/Goodput<\/h2>\s*<p class="quiet">Nothing of it was measured/);
  });
});
