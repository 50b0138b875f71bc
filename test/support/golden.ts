// Golden results: what every shipped scenario gave when its baseline was last written on purpose. The same seed gives
// the same bytes on every machine, so the comparison is exact.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type RunResult, type Scenario, Simulation } from "../../src/core/index.js";
import { readTextChunks } from "../../src/node/files/read-text.js";
import { summaryJson } from "../../src/node/results/summary-files.js";
import { loadCheckedScenario, loadScenarioFile } from "../../src/node/scenario-file.js";

const SCENARIOS = join(import.meta.dirname, "../../scenarios");
const BASELINE = join(import.meta.dirname, "../../results/baseline");

const UPDATE = "UPDATE_BASELINE=1 npx vitest run --project golden";

export interface GoldenRun {
  readonly scenario: Scenario;
  readonly result: RunResult;
  /** summary.json as the program writes it. */
  readonly summary: string;
}

export interface GoldenOptions {
  readonly seed?: string;
  /** As --set takes them. */
  readonly overrides?: readonly string[];
  readonly stepByStep?: boolean;
}

/** Each is read once, whoever asks. */
const files = new Map<string, ReturnType<typeof loadScenarioFile>>();

function fileOf(name: string): ReturnType<typeof loadScenarioFile> {
  const known = files.get(name) ?? loadScenarioFile(join(SCENARIOS, `${name}.yaml`));
  files.set(name, known);
  return known;
}

/** Names of the scenario files that can run from the repository alone. */
export function shippedScenarios(): string[] {
  return readdirSync(SCENARIOS)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .filter((name) => fileOf(name).traces.every(({ path }) => existsSync(path)));
}

export const describedAs = (name: string): string | undefined => fileOf(name).scenario.description;

/** Whether it is too long even for a gate, which runs a part of it. */
export function isLong(name: string): boolean {
  return fileOf(name).scenario.check.duration !== undefined;
}

const runs = new Map<string, GoldenRun>();

/** What a gate runs of a shipped scenario: each run once, whichever test looks at it. */
export function runShipped(name: string, options: GoldenOptions = {}): GoldenRun {
  const key = JSON.stringify([name, options]);
  const known = runs.get(key);
  if (known !== undefined) return known;
  const { seed, overrides = [], stepByStep } = options;
  const { scenario, traces } = loadCheckedScenario(join(SCENARIOS, `${name}.yaml`), overrides);
  const readTrace = (written: string) => readTextChunks(traces.find((trace) => trace.name === written)!.path);
  const simulation = new Simulation(scenario, { readTrace, seed, stepByStep });
  simulation.run();
  const result = simulation.result();
  const run = { scenario, result, summary: summaryJson(result) };
  runs.set(key, run);
  return run;
}

/** A summary without the work that it took, the one thing that may differ step by step. */
export function withoutWork(summary: string): string {
  const { work: _, ...found } = JSON.parse(summary) as Record<string, unknown>;
  return JSON.stringify(found, null, 2);
}

const baselineFile = (name: string) => join(BASELINE, name, "summary.json");

/** Of what there are committed results. */
export const committedNames = (): string[] => readdirSync(BASELINE);

/** The committed summary; empty where there is none yet. */
export function readBaseline(name: string): string {
  const file = baselineFile(name);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

export function writeBaseline(name: string, summary: string): void {
  mkdirSync(dirname(baselineFile(name)), { recursive: true });
  writeFileSync(baselineFile(name), summary);
}

/** What is different, and what to do about it; undefined if not a byte is. */
export function compareWithBaseline(name: string, summary: string, baseline: string): string | undefined {
  if (summary === baseline) return undefined;
  const [now, then] = [summary.split("\n"), baseline.split("\n")];
  const line = now.findIndex((text, index) => text !== then[index]);
  return [
    `results/baseline/${name}/summary.json, line ${line + 1}:`,
    `  it was ${then[line]?.trim() ?? "missing"}`,
    `  now it is ${now[line]?.trim() ?? "missing"}`,
    "If the change is meant, rewrite the baselines and say old and new values under",
    `"Results changed" in CHANGELOG.md:\n  ${UPDATE}`,
  ].join("\n");
}

export type GoldenSummary = Omit<RunResult, "series">;
