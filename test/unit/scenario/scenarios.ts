// Scenario texts for the tests of this folder.
import { formatIssue } from "../../../src/core/base/errors.js";
import { type LoadOptions, loadScenario } from "../../../src/core/scenario/load.js";
import type { LoadResult } from "../../../src/core/scenario/read.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";

/** A small scenario that is right. Its lines are numbered in the tests that break one of them. */
export const SMALL = `schemaVersion: 1
duration: 10m
inventory: { gpus: 4 }
pools:
  shared:
    replicas: 4
    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }
paths:
  standard: { model: m, pool: shared, rank: 1 }
  priority: { model: m, serviceTier: priority, pool: shared, rank: 0 }
traffic:
  agents:
    arrivals: { process: poisson, rate: 10/s }
    input: 800
    output: 200
    mix: { standard: 90%, priority: 10% }
`;

export function load(text: string, options: LoadOptions = {}): LoadResult {
  return loadScenario({ file: "small.yaml", text }, options);
}

/** The scenario, or a failure that shows every issue. */
export function loaded(text: string, options: LoadOptions = {}): Scenario {
  const result = load(text, options);
  if (!result.ok) throw new Error(result.issues.map(formatIssue).join("\n"));
  return result.scenario;
}

/** The issues as a reader sees them, one a line. */
export function problems(text: string, options: LoadOptions = {}): readonly string[] {
  const result = load(text, options);
  return result.ok ? [] : result.issues.map(formatIssue);
}

/** SMALL with one line (counted from 1) put in place of another. */
export function withLine(line: number, text: string): string {
  const lines = SMALL.split("\n");
  lines[line - 1] = text;
  return lines.join("\n");
}
