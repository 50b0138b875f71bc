// What a comparison is of: results that were written before, scenarios that are yet to be run, and variants of the
// first of them, changed by path or by what is named in place of its own. Reads files and runs nothing.
import { type RunResult, SurgefleetError } from "../../../core/index.js";
import { kindOf } from "../../files/look.js";
import { readText } from "../../files/read-text.js";
import { readResult } from "../../results/read-result.js";
import {
  type Allowed,
  type FlagOverrides,
  type LoadedScenario,
  loadScenarioFile,
  loadTried,
} from "../../scenario-file.js";
import { type Choice, choiceOverrides, sideName } from "./choices.js";

/** Changes to the first scenario, and the text that names them. */
export interface Variant {
  readonly name: string;
  readonly changes: readonly string[];
}

/** One side of a comparison: a result, or a scenario that is yet to be run. */
export type Side =
  | {
      readonly name: string;
      readonly kind: "result";
      readonly result: RunResult;
      /** Files that it was read from. */
      readonly sources: readonly string[];
    }
  | {
      readonly name: string;
      readonly kind: "scenario";
      readonly path: string;
      readonly set: readonly string[];
      readonly allowCode?: boolean | undefined;
      /** Of a variant: what is changed, and by which words. */
      readonly tried?: FlagOverrides & { readonly words: string };
    };
type ScenarioSide = Extract<Side, { readonly kind: "scenario" }>;

/** What flags add to the files that are named. */
export interface MoreSides extends Allowed {
  readonly variant: readonly Variant[];
  readonly choices: readonly Choice[];
  /** Where what is named stands; undefined: in every pool. */
  readonly pool: string | undefined;
  /** Changes to all that is run. */
  readonly set: readonly string[];
}

/**
 * The sides in their order: files, variants, what is named. Of one scenario of which nothing but several of a kind are
 * named, these are all sides: it is not compared as it is. Throws USAGE where there is nothing to compare with, and
 * for changes to what was run already; as `loadScenarioFile` does, where what is changed depends on the scenario.
 */
export function sidesOf(
  targets: readonly string[],
  { variant, choices, pool, set, allowCode }: MoreSides,
): Side[] {
  const files = targets.map(
    (path): Side =>
      isScenario(path) ? { name: path, kind: "scenario", path, set, allowCode } : resultSide(path),
  );
  const first = files[0]!;
  const flag = variant.length > 0 ? "variant" : choices[0]?.flag;
  if (flag !== undefined && first.kind !== "scenario") {
    throw new SurgefleetError(
      "USAGE",
      `--${flag} changes a scenario and runs it, and ${first.name} is a result: name a scenario`,
    );
  }
  const path = targets[0]!;
  const variants = variant.map(({ name, changes }): Side => {
    const tried = { flag: "--variant", overrides: changes, words: `--variant "${name}"` };
    return { name, kind: "scenario", path, set, allowCode, tried };
  });
  const document = choices.length === 0 ? undefined : loadScenarioFile(path, set, { allowCode }).document;
  const named = choices.map((choice): Side => {
    const flag = `--${choice.flag}`;
    const overrides = choiceOverrides(choice, document, pool);
    const tried = { flag, overrides, words: `${flag} "${choice.text}"` };
    return { name: sideName(choice), kind: "scenario", path, set, allowCode, tried };
  });
  const isOfOneKind = choices.every((choice) => choice.flag === choices[0]!.flag);
  const areAll = targets.length === 1 && variants.length === 0 && named.length > 1 && isOfOneKind;
  const all = areAll ? named : [...files, ...variants, ...named];
  if (all.length < 2) {
    const more = "name a second one, a --variant, or --policies";
    throw new SurgefleetError("USAGE", `there is nothing to compare with: ${more}`);
  }
  return all;
}

function resultSide(path: string): Side {
  const { result, sources } = readResult(path);
  return { name: path, kind: "result", result, sources };
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
export function loadSide({ path, set, allowCode, tried }: ScenarioSide): LoadedScenario {
  return tried === undefined
    ? loadScenarioFile(path, set, { allowCode })
    : loadTried(path, set, { ...tried, allowCode });
}
