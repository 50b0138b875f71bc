// The committed results of a check: where they lie, what they were made of, how many seeds they take, and which of them
// no scenario belongs to any more. Reads and writes files; compares nothing.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import {
  type BaselineOrigin,
  type BaselineRecord,
  defaultSeeds,
  LEAST_SEEDS,
  measureKey,
  measureOf,
  parseBaseline,
  seedsForThresholds,
  thresholdsOf,
  toSeconds,
} from "../../../core/internal.js";
import type { CheckedScenario } from "../../ci/checked.js";
import { baselineJson } from "../../ci/outputs.js";
import { kindOf } from "../../files/look.js";
import type { NamedOutput } from "../../files/output-path.js";
import { readText } from "../../files/read-text.js";
import { readTogether } from "../../files/settled-read.js";
import { reading } from "../../files/system-errors.js";
import { writeWhole } from "../../files/write-whole.js";
import type { ReplicationSettings } from "../../flags/replications.js";
import { inputHashes } from "../../results/input-hashes.js";
import type { LoadedScenario } from "../../scenario-file.js";

const BASELINE_FILE = "check.json";

export function baselinePath(folder: string, name: string): string {
  return join(folder, name, BASELINE_FILE);
}

/** Throws where the file is not what it should be, and USAGE where there is none. */
export function committedResult(folder: string, { scenario }: LoadedScenario): BaselineRecord {
  const path = baselinePath(folder, scenario.name);
  if (kindOf(path) === undefined) {
    throw new SurgefleetError("USAGE", `there is no ${path} to compare with; write it with --update`);
  }
  return parseBaseline(
    readTogether([path], () => readText(path)),
    path,
  );
}

/** What is recorded beside the numbers of a result of this scenario. */
export function originOf(loaded: LoadedScenario): BaselineOrigin {
  const { duration, warmup, findsWarmup } = loaded.scenario;
  return {
    window: {
      duration: duration === undefined ? null : toSeconds(duration),
      warmup: findsWarmup ? null : toSeconds(warmup),
    },
    inputs: inputHashes(loaded),
  };
}

/** Those in the folder that are of none of these scenarios, in the order of their names. */
export function orphansOf(folder: string, scenarios: readonly LoadedScenario[]): string[] {
  if (kindOf(folder) !== "folder") return [];
  const known = new Set(scenarios.map(({ scenario: { name } }) => name));
  return reading(folder, () => readdirSync(folder))
    .sort()
    .filter((name) => !known.has(name))
    .map((name) => baselinePath(folder, name))
    .filter((path) => kindOf(path) === "file");
}

/** On how many seeds a scenario is checked where no flag says it. */
export function seedCount(
  { scenario }: LoadedScenario,
  record: BaselineRecord | undefined,
  needed: number,
): number {
  return Math.max(
    scenario.check.seeds ?? Math.max(defaultSeeds(scenario), needed),
    record?.replications.length ?? 0,
  );
}

/** The seeds that tell all measures of a scenario's thresholds from chance. */
export function seedsNeeded({ scenario }: LoadedScenario): number {
  const measures = new Set(thresholdsOf(scenario).map(({ parsed }) => measureKey(measureOf(parsed))));
  return seedsForThresholds(measures.size);
}

/** Throws USAGE where a baseline is to be written or compared with on fewer seeds than a build may depend on. */
export function assertComparable(
  loaded: readonly (LoadedScenario & { readonly path: string })[],
  { plan }: ReplicationSettings,
): void {
  if (plan?.kind === "decided") {
    const why = "until stops when the thresholds are decided, which says nothing of the other measures";
    throw new SurgefleetError("USAGE", `--baseline needs a number of seeds: ${why}`);
  }
  for (const one of loaded) {
    const needed = seedsNeeded(one);
    const asked = plan?.count ?? one.scenario.check.seeds ?? needed;
    if (asked >= needed) continue;
    const why =
      needed > LEAST_SEEDS ? "its thresholds name that many measures" : "so few say too little of chance";
    const message = `${one.path}: --baseline needs at least ${needed} seeds, and this is ${asked}`;
    throw new SurgefleetError("USAGE", `${message}: ${why}`);
  }
}

/** Writes the results to where they are committed, all or none, and returns what to tell of it. */
export function updateBaselines(
  checked: readonly CheckedScenario[],
  loaded: readonly LoadedScenario[],
  outputs: readonly NamedOutput[],
  inputs: readonly string[],
): string {
  const files = checked.map(({ result }, index) => ({
    ...outputs[index]!,
    text: `${baselineJson(result, originOf(loaded[index]!))}\n`,
  }));
  writeWhole(files, inputs);
  return `${files.map(({ path }) => `wrote ${path}`).join("\n")}\n`;
}
