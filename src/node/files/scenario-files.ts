// The scenario files behind what a person names: files as they are, folders for the YAML and JSON files in them.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";

const SCENARIO = /\.(?:ya?ml|json)$/i;

/** Sorted within a folder; a file named twice comes once. Throws NOT_FOUND, and USAGE for a folder without any. */
export function scenarioFiles(targets: readonly string[]): string[] {
  return [...new Set(targets.flatMap(filesOf))];
}

function filesOf(target: string): string[] {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) throw new SurgefleetError("NOT_FOUND", `there is no ${target}`);
  if (!found.isDirectory()) return [target];
  const names = readdirSync(target).filter((name) => SCENARIO.test(name));
  if (names.length === 0) throw new SurgefleetError("USAGE", `there is no scenario in ${target}`);
  return names.sort().map((name) => join(target, name));
}
