// What a comparison is of: results that were written before, scenarios that are yet to be run, and variants of the
// first of them. Reads files and runs nothing.
import { type RunResult, SurgefleetError } from "../../../core/index.js";
import { kindOf } from "../../files/look.js";
import { readText } from "../../files/read-text.js";
import { readResult } from "../../results/read-result.js";
import { type Allowed, type LoadedScenario, loadScenarioFile, loadTried } from "../../scenario-file.js";

/** Changes to the first scenario, and the text that names them. */
export interface Variant {
  readonly name: string;
  readonly changes: readonly string[];
}

/** One side of a comparison: a result, or a scenario that is yet to be run. */
export type Side =
  | { readonly name: string; readonly kind: "result"; readonly result: RunResult }
  | {
      readonly name: string;
      readonly kind: "scenario";
      readonly path: string;
      readonly set: readonly string[];
      readonly allowCode: boolean | undefined;
      /** Of a variant. */
      readonly changes?: readonly string[];
    };
type ScenarioSide = Extract<Side, { readonly kind: "scenario" }>;

/** Throws USAGE where there is nothing to compare with. */
export function sidesOf(
  targets: readonly string[],
  variant: readonly Variant[],
  set: readonly string[],
  { allowCode }: Allowed = {},
): Side[] {
  const sides = targets.map(
    (path): Side =>
      isScenario(path)
        ? { name: path, kind: "scenario", path, set, allowCode }
        : { name: path, kind: "result", result: readResult(path).result },
  );
  const first = sides[0]!;
  if (variant.length > 0 && first.kind !== "scenario") {
    throw new SurgefleetError("USAGE", `--variant changes a scenario, and ${first.name} is a result`);
  }
  const variants = variant.map(
    ({ name, changes }): Side => ({ name, kind: "scenario", path: targets[0]!, set, allowCode, changes }),
  );
  const all = [...sides, ...variants];
  if (all.length < 2) {
    throw new SurgefleetError("USAGE", "there is nothing to compare with: name a second one, or a --variant");
  }
  return all;
}

/** A JSON file may be either; a scenario has pools, and a result estimates. */
function isScenario(path: string): boolean {
  if (kindOf(path) !== "file") return false;
  if (/\.ya?ml$/i.test(path)) return true;
  if (!/\.json$/i.test(path)) return false;
  try {
    const document: unknown = JSON.parse(readText(path));
    return (
      typeof document === "object" &&
      document !== null &&
      !("estimates" in document) &&
      ("pools" in document || "extends" in document)
    );
  } catch {
    return false;
  }
}

/** Throws as `loadScenarioFile` does, and names the variant that is at fault. */
export function loadSide({ name, path, set, allowCode, changes }: ScenarioSide): LoadedScenario {
  if (changes === undefined) return loadScenarioFile(path, set, { allowCode });
  const words = `--variant "${name}"`;
  return loadTried(path, set, { flag: "--variant", overrides: changes, words, allowCode });
}
