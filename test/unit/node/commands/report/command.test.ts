// The command from its words to its file; what is on the page is tested with src/core/report/html, and how it behaves
// in test/live/report.test.ts.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ReportFlags, reportCommand } from "../../../../../src/node/commands/report/run.js";
import { runProgram } from "../../../../../src/node/program.js";
import { dataHash } from "../../../../../src/node/results/manifest.js";
import { readResult as readAll } from "../../../../../src/node/results/read-result.js";
import { summaryJson } from "../../../../../src/node/results/summary-files.js";
import { timeseriesCsv } from "../../../../../src/node/results/timeseries-file.js";
import { loadScenarioFile } from "../../../../../src/node/scenario-file.js";
import { reportResult } from "../../../../support/report-result.js";

const CLIENT = { script: "void 0;", style: "p{}" };
const SCENARIO = join(import.meta.dirname, "../../../../../scenarios/quickstart.yaml");

const readResult = (path: string) => readAll(path).result;

function result(): string {
  const path = mkdtempSync(join(tmpdir(), "surgefleet-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, "summary.json"), summaryJson(reportResult()));
  writeFileSync(join(path, "timeseries.csv"), timeseriesCsv(reportResult()));
  return path;
}

function report(path: string, flags: Partial<ReportFlags> = {}, client = CLIENT) {
  let stderr = "";
  const terminal = {
    output: { write: () => undefined },
    errors: { write: (text: string) => (stderr += text) },
    env: {},
  };
  const code = reportCommand(path, { open: "never", ...flags }, terminal, client);
  return { code, stderr };
}

function withManifest(path: string, overrides: readonly string[], hash: string): string {
  const manifest = { scenario: { name: "quickstart", sha256: hash }, overrides };
  writeFileSync(join(path, "manifest.json"), JSON.stringify(manifest));
  return path;
}

describe("report", () => {
  it("writes a page beside the result, which reads back as the result", () => {
    const path = result();
    const file = join(path, "report.html");
    expect(report(path)).toEqual({ code: 0, stderr: `wrote ${file}\n` });
    const { series, ...rest } = readResult(file);
    expect(rest).toEqual(expect.objectContaining({ scenario: "example", seed: "7" }));
    expect(series.tiers).toHaveLength(3);
    expect(readFileSync(file, "utf8")).toContain("<script>void 0;</script>");
  });

  it("writes it where it is told, from a summary or from another report", () => {
    const path = result();
    const [one, two] = [join(path, "new/one.html"), join(path, "two.html")];
    report(join(path, "summary.json"), { out: one });
    report(one, { out: two });
    expect(readResult(two)).toEqual(readResult(one));
  });

  it("shows the manifest, and the scenario that was run", () => {
    const overrides = ["pools.shared.replicas=5"];
    const hash = dataHash(loadScenarioFile(SCENARIO, overrides).document);
    const path = withManifest(result(), overrides, hash);
    report(path, { scenario: SCENARIO });
    const page = readFileSync(join(path, "report.html"), "utf8");
    expect(page).toContain("replicas: 5");
    expect(page).toContain(hash);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "a scenario that was not run",
      () => report(withManifest(result(), [], "0"), { scenario: SCENARIO }),
      /another hash/,
    ],
    [
      "a scenario for a result without a manifest",
      () => report(result(), { scenario: SCENARIO }),
      /no manifest\.json/,
    ],
    ["to write over what it reads", () => overItself(), /summary\.json: this file is read/],
  ])("refuses %s", (_, act, message) => {
    expect(act).toThrow(message);
  });

  function overItself() {
    const path = result();
    return report(path, { out: join(path, "summary.json") });
  }

  it("says what to do where the page's script was not built", () => {
    const path = result();
    expect(() => reportWithoutBuild(path)).toThrow(/run npm run build first/);
    expect(existsSync(join(path, "report.html"))).toBe(false);
  });

  function reportWithoutBuild(path: string) {
    const terminal = { output: { write: () => undefined }, errors: { write: () => undefined }, env: {} };
    return reportCommand(path, { open: "never" }, terminal, null);
  }

  it.each([
    [["report"], /missing required argument/],
    [["report", "missing"], /missing: there is no such file/],
    [["report", "x", "--open", "maybe"], /Allowed choices are auto, always, never/],
  ])("is a command: %j is wrong usage", async (words, message) => {
    let stderr = "";
    const errors = { write: (text: string) => (stderr += text) };
    const code = await runProgram(words, { output: { write: () => undefined }, errors, env: {} });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
