// What tests of the command line have in common: a folder of their own, a small fleet, and what a command leaves behind.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder of the test's own, gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A small fleet that is asked for twice what it can give, for a few seconds. */
export const OVERLOADED = `schemaVersion: 1
name: overloaded
duration: 20s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: batching, profile: llama-3.1-8b-h100, maxSequences: 16, kvTokens: 100k }
    admission: { policy: tail-drop, maxQueue: 8, queueTimeout: 1s }
paths:
  standard: { model: m, pool: shared, rank: 0, price: { input: 0.2, cached: 0.1, output: 0.2 } }
traffic:
  calls:
    arrivals: { process: poisson, rate: 30/s }
    input: 500
    output: 200
    mix: { standard: 100% }
`;

export function writeScenario(folder: string, text: string, name = "scenario.yaml"): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** By name. */
export const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** Files of a result, but for the page: the sources write one only where they have been built before. */
export const named = (files: readonly string[]): string[] =>
  files.filter((name) => name !== "report.html").sort();
