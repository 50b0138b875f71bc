// A small scenario in a file, for the tests of this folder: a replication of it takes a few milliseconds.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Allowed, type LoadedScenario, loadScenarioFile } from "../../../../src/node/scenario-file.js";

/** As text. */
export const SMALL = `schemaVersion: 1
seed: 7
duration: 60s
inventory: { gpus: 1 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }
    admission: { policy: tail-drop, maxQueue: 0 }
paths:
  standard: { model: m, pool: shared, rank: 0 }
traffic:
  calls: { arrivals: { process: poisson, rate: 3/s }, input: 10, output: 100, mix: { standard: 1 } }
`;

export function smallScenario(more = "", text = SMALL): LoadedScenario {
  return loadedFrom({ "small.yaml": text + more });
}

/** The same as text, asked by accounts whose rates swing. */
export const SWINGING: string = SMALL.replace(
  /^ {2}calls:.*\n/m,
  "  calls: { arrivals: { workload: conv, rate: 3/s }, accounts: { count: 6, skew: 1 }, mix: { standard: 1 } }\n",
);

/** The same as text with its arrivals from the trace of that path. */
export function tracedText(path: string): string {
  const calls = `  calls: { arrivals: { trace: ${path} }, mix: { standard: 1 } }\n`;
  return SMALL.replace(/^ {2}calls:.*\n/m, () => calls);
}

export function tracedScenario(trace: string): LoadedScenario {
  return loadedFrom({ "small.yaml": tracedText("trace.csv"), "trace.csv": trace });
}

/** With that module as the policy of its pool. */
export function ownPolicyScenario(module: string): LoadedScenario {
  const text = SMALL.replace("policy: tail-drop, maxQueue: 0", "policy: ./mine.ts, maxQueue: 0");
  return loadedFrom({ "small.yaml": text, "mine.ts": module }, { allowCode: true });
}

function loadedFrom(files: Readonly<Record<string, string>>, allowed: Allowed = {}): LoadedScenario {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return loadScenarioFile(join(folder, "small.yaml"), [], allowed);
}
