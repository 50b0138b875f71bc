// Small inputs that went wrong once, each with what is right now, by the commands that went wrong. Where the list is at
// hand that they were handed over in, it has to be covered, and its inputs to be these.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NIGHTLY } from "../../../support/mode.js";
import { sharedFile } from "../../../support/shared-data.js";
import { surgefleet } from "./hosted.js";

const OWN = join(import.meta.dirname, "../../../fixtures/cases");
const LIST = sharedFile("cases/README.md");

/** Runs a command in a copy of the folder: the exit code, and all that it says, or the output alone with --json. */
type Say = (...words: string[]) => Promise<{ readonly code: number | null; readonly said: string }>;

interface Summary {
  readonly tiers: readonly {
    readonly attempts: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly requests: Readonly<Record<string, number>>;
  }[];
  readonly time: { readonly warmup: number; readonly measured: number };
}

/** One seed of a scenario, as summary.json has it. */
async function summaryOf(say: Say, scenario: string, ...words: string[]): Promise<Summary> {
  const { code, said } = await say("run", scenario, "--seeds", "1", "--json", "--out", "o", ...words);
  expect(code, said).toBe(0);
  return JSON.parse(said);
}

const set = (...pairs: string[]) => pairs.flatMap((pair) => ["--set", pair]);
const trace = (file: string) => set(`traffic.t.arrivals.trace=${file}`);
const completed = ({ tiers }: Summary) => tiers.map(({ outcomes }) => outcomes["completed"]);

/** By the words that a row of the list begins with, or that its command has: what is right. */
const CASES: Readonly<Record<string, (say: Say) => Promise<void>>> = {
  "c01-seconds.jsonl": async (say) => {
    const { said } = await say("trace", "inspect", "c01-seconds.jsonl");
    expect(said).toContain("5 requests over 2m, 0.04167/s");
    expect(said).toContain("its times have fractions, so that they are taken for seconds");
    expect((await summaryOf(say, "replay.yaml")).time.measured).toBeGreaterThan(120);
    const milliseconds = await say("trace", "inspect", "c01-seconds.jsonl", "--unit", "ms");
    expect(milliseconds.said).toContain("over 0.12s");
  },
  "c05-burstgpt.csv": async (say) => {
    const words = trace("c05-burstgpt.csv");
    const { said } = await say("validate", "replay.yaml", ...words);
    expect(said).toContain("3 of 3 rows that no path of the scenario serves");
    expect(said).toContain("ignore: [model]");
    const ignored = set("traffic.t.arrivals={trace: c05-burstgpt.csv, ignore: [model]}");
    expect(completed(await summaryOf(say, "replay.yaml", ...ignored))).toEqual([3]);
  },
  "c06-dropped.csv, c06-run.yaml": async (say) => {
    const dropped = "t reads c06-dropped.csv, dropped: 2 failed: no output (first on line 3)";
    for (const command of ["run", "validate", "check"]) {
      const { code, said } = await say(command, "c06-run.yaml", ...(command === "run" ? ["--out", "o"] : []));
      expect([code, said]).toEqual([0, expect.stringContaining(dropped)]);
    }
    for (const file of ["summary.json", "report.html"])
      expect((await say("cat", `o/${file}`)).said).toMatch(/2 failed: no output|"failed: no output"/);
  },
  "c07-prefix.yaml": async (say) => {
    const { said } = await say("trace", "generate", "c07-prefix.yaml", "--out", "x.csv", "--instant");
    expect(said).toContain("that prompts begin with the prefix of their application");
  },
  "c08-kv.yaml": async (say) => {
    const { said } = await say("run", "c08-kv.yaml", "--seeds", "1", ...set("pools.p.replica.kvTokens=928"));
    expect(said).toMatch(/\d+ outputs of p ended where the memory of 928 tokens .* \d+ tokens short/s);
  },
  "c09-closed.yaml --set warmup": async (say) => {
    for (const duration of NIGHTLY ? ["5m", "20m", "60m"] : ["1m"]) {
      const words = set("warmup=auto", `duration=${duration}`);
      const { time } = await summaryOf(say, "c09-closed.yaml", ...words);
      expect(time.warmup).toBeGreaterThan(0);
      expect(time.warmup).toBeLessThan(10);
    }
  },
  "c09-closed.yaml --set traffic": async (say) => {
    const think = (value: string) =>
      say("validate", "c09-closed.yaml", ...set(`traffic.t.arrivals.think=${value}`));
    for (const value of ["0", "0s", "5s", "500ms"]) expect((await think(value)).code).toBe(0);
    expect((await think("soon")).said).toContain('traffic.t.arrivals.think: "soon" is not a duration');
    const constant = set("traffic.t.arrivals={process: constant, rate: 2/s}");
    expect((await say("validate", "c09-closed.yaml", ...constant)).code).toBe(0);
  },
  "c10-zero.yaml, c10-limit.yaml": async (say) => {
    for (const [file, rows] of [
      ["c10-zero.yaml", 2],
      ["c10-limit.yaml", 3],
    ] as const) {
      expect((await say("validate", file)).said).toContain(`${rows} rows over 2s`);
      expect(completed(await summaryOf(say, file))).toEqual([rows]);
    }
  },
  "c13-warmup-full.yaml": async (say) => {
    for (const rate of NIGHTLY ? [30, 60, 200] : [60]) {
      const words = set(`traffic.t.arrivals.rate=${rate}/s`, NIGHTLY ? "duration=10m" : "duration=30s");
      expect((await summaryOf(say, "c13-warmup-full.yaml", ...words)).time.warmup).toBeLessThan(10);
    }
  },
  "c16-diverge.yaml": async (say) => {
    const { code, said } = await say("check", "c16-diverge.yaml", "--seeds", NIGHTLY ? "4" : "2");
    expect([code, said]).toEqual([3, expect.stringContaining("0 of 4 thresholds met")]);
    expect(said).toMatch(/not sustainable: the queue of p grows by [45]\.\d+\/s/);
    if (!NIGHTLY) return;
    const words = ["--maximise", "load=0.5..2", "--most", "8", ...set("duration=60s")];
    const load = /^load x ([\d.]+)/m.exec((await say("plan", "c16-diverge.yaml", ...words)).said);
    expect(25 * Number(load?.[1])).toBeLessThan(20.3);
  },
  "c17-hour.yaml": async (say) => {
    for (const rate of ["61/h", "30/h", "20/h"]) {
      const { tiers } = await summaryOf(say, "c17-hour.yaml", ...set(`limits.requests.rate=${rate}`));
      const [all, whole] = [tiers[0]!.attempts, tiers[0]!.outcomes["completed"]!];
      expect([whole / all, all % 6]).toEqual([2 / 3, 0]);
    }
  },
  "c20.yaml": async (say) => {
    const router = set("traffic.t.client={preset: litellm-router, deployments: 3}");
    expect(completed(await summaryOf(say, "c20.yaml", ...router))).toEqual([2]);
    const docs = readFileSync(join(import.meta.dirname, "../../../../docs/clients.md"), "utf8");
    expect(docs).toMatch(/\| `delay`, `cap`, `deployments`.*scenario\.md/);
  },
  "c31.yaml": async (say) => {
    const { said } = await say("run", "c31.yaml", "--seeds", "1");
    expect(said).toMatch(/\? completed_rate\{tier:lo,per:request\} .*had not ended when the run did/);
    expect(said).toMatch(/\d+ % of the requests of lo had not ended when the run did/);
    expect(said).toMatch(/\d+ % of the attempts of lo had not ended when the run did: at least \d+ never/);
  },
  "c36-multiround.csv": async (say) => {
    expect((await say("trace", "inspect", "c36-multiround.csv")).said).toContain("2 sessions over 1m30s");
  },
  "c50-uncached.yaml, c50b.yaml": async (say) => {
    for (const file of ["c50-uncached.yaml", "c50b.yaml"])
      expect(completed(await summaryOf(say, file))).toEqual([6]);
  },
  "c47-array.json, c29-*": async (say) => {
    const read = async (file: string) => (await say("trace", "inspect", file)).said.split("\n")[0];
    expect(await read("c47-array.json")).toContain("generic");
    expect(await read("c29-vllm.json")).toContain("vllm-bench");
    expect(await read("c29-sglang.jsonl")).toContain("sglang-bench");
    expect(await read("c29-servegen.csv")).toContain("servegen-csv");
    expect(await read("c29-sharegpt.json")).toContain("conversations as text, without times: say how many");
    expect(await read("c29-prom.txt")).toContain("a snapshot of metrics in Prometheus's text form");
    expect(await read("c29-k6.json")).toContain("k6's summary of a test");
    expect(await read("c29-servegen-off.jsonl")).toContain("an offline workload of ServeGen");
  },
  "any --set seed": async (say) => {
    const bySet = await summaryOf(say, "c20.yaml", ...set("seed=0123"));
    expect(await summaryOf(say, "c20.yaml", "--seed", "0123")).toEqual(bySet);
    expect(bySet).toMatchObject({ seed: expect.stringMatching(/^0123/) });
  },
  "any cached: 90%": async (say) => {
    const source =
      "{arrivals: {process: poisson, rate: 1/s}, input: 9, cached: 90%, output: 9, mix: {std: 100%}}";
    const words = set(`traffic.t=${source}`, "duration=9s", "pools.p.replica.prefixCache=false");
    const { code, said } = await say("validate", "c20.yaml", ...words);
    expect([code, said]).toEqual([2, expect.stringContaining("traffic.t.cached: pool")]);
  },
};

describe("inputs that went wrong once", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "surgefleet-cases-"));
    cpSync(OWN, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const say: Say = async (...words) => {
    if (words[0] === "cat") return { code: 0, said: readFileSync(join(folder, words[1]!), "utf8") };
    // A thread takes longer to start than these runs take.
    const more = words[0] === "run" || words[0] === "check" ? ["--workers", "1"] : [];
    const { code, stdout, stderr } = await surgefleet([...words, ...more], { cwd: folder });
    return { code, said: words.includes("--json") && code === 0 ? stdout : stdout + stderr };
  };

  test.each(Object.keys(CASES))("%s", async (name) => await CASES[name]!(say));
});

test.skipIf(LIST === undefined)("each row of the list is a case here (skipped without the list)", () => {
  const rows = readFileSync(LIST!, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| files"))
    .map((line) => line.split("|").slice(1, 3).join(" ").replaceAll("`", "").trim().replace(/ +/g, " "));
  const covered = rows.map((row) => Object.keys(CASES).filter((name) => row.startsWith(name)));
  expect(covered.map(({ length }) => length)).toEqual(rows.map(() => 1));
  expect(new Set(covered.flat())).toEqual(new Set(Object.keys(CASES)));
  // A file that no row names is none of a case.
  const named = (file: string) => readdirSync(OWN).includes(file);
  for (const file of readdirSync(dirname(LIST!)).filter(named))
    expect(readFileSync(join(OWN, file), "utf8"), file).toBe(
      readFileSync(join(dirname(LIST!), file), "utf8"),
    );
});
