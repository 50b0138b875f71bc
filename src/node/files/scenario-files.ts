// The scenario files behind what a person names: files as they are, folders for the YAML and JSON files in them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { kindOf } from "./look.js";
import { reading } from "./system-errors.js";

const SCENARIO = /\.(?:ya?ml|json)$/i;

/** Sorted within a folder; a file named twice comes once. Throws NOT_FOUND, and USAGE for a folder without any. */
export function scenarioFiles(targets: readonly string[]): string[] {
  return [...new Set(targets.flatMap(filesOf))];
}

function filesOf(target: string): string[] {
  const kind = kindOf(target);
  if (kind === undefined) throw new SurgefleetError("NOT_FOUND", `there is no ${target}`);
  if (kind !== "folder") return [target];
  const names = reading(target, () => readdirSync(target)).filter((name) => SCENARIO.test(name));
  if (names.length === 0) throw new SurgefleetError("USAGE", `there is no scenario in ${target}`);
  return names.sort().map((name) => join(target, name));
}
