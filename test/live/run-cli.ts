// Runs the command line as a process of its own, as it was built before these tests began (test/support/build.ts): from
// the sources every start would compile them.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../dist/node/cli.js", import.meta.url));
/** One command line's words before surgefleet's own. */
export const NODE_WORDS: readonly string[] = [process.execPath, CLI];

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

export function start(words: readonly string[], { cwd, env = {} }: Options): ChildProcess {
  const [command = "", ...rest] = words;
  // Nothing of the environment that the tests run in may change what a command prints.
  const { PATH = "", HOME = "" } = process.env;
  return spawn(command, rest, { cwd, env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

export function finished(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export function surgefleet(words: readonly string[], options: Options): Promise<Finished> {
  return finished(start([...NODE_WORDS, ...words], options));
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
