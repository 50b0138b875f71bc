// From the text of a scenario file to a scenario: YAML or JSON, with the bases and profiles that it names, and
// overrides as flags write them.
import type { LoadCode } from "../custom/code.js";
import { applyOverrides, type NearMiss, type Override } from "../document/overrides.js";
import { accepts } from "../document/schema-at.js";
import { type TextFile, textSource } from "../document/yaml.js";
import { scenarioFile } from "./file.js";
import { type LoadResult, readScenario } from "./read.js";

export interface LoadOptions {
  /** Reads what `reference` names inside the file `from`; without it only presets can be extended. */
  readonly read?: (reference: string, from: string) => TextFile;
  /** Loads modules of users' own, which are then run as part of a simulation; without it none may be named. */
  readonly code?: LoadCode | undefined;
  /** Values from flags and variables, in order: a later one wins. */
  readonly overrides?: readonly Override[];
}

/**
 * Reads the text of a scenario file, the bases and profiles that it names, and overrides such as `{ path:
 * "pools.shared.replicas", value: "5", origin: "--set" }`. Returns `{ ok: true, scenario, document, place }`, or `{
 * ok: false, issues }` with every problem at its line: they are returned, never thrown.
 */
export function loadScenario(file: TextFile, options: LoadOptions = {}): LoadResult {
  const { read, code } = options;
  const load = (overrides: readonly Override[]) => {
    let nearMisses: readonly NearMiss[] = [];
    const result = readScenario(textSource(file), {
      code,
      read: read && ((reference, from) => textSource(read(reference, from))),
      override: (tree) => {
        const overridden = applyOverrides(tree, overrides, (path, value) =>
          accepts(scenarioFile, path, value),
        );
        nearMisses = overridden.nearMisses;
        return overridden;
      },
    });
    return { result, nearMisses };
  };
  const { overrides = [] } = options;
  const { result, nearMisses } = load(overrides);
  if (result.ok) return result;
  const slips = nearMisses.filter((one) => result.issues.some((issue) => isWithin(issue.path, one.path)));
  if (slips.length === 0) return result;
  // What a slip made of the document says nothing of what was meant.
  const rest = load(overrides.filter((one) => !slips.some(({ override }) => override === one))).result;
  return { ok: false, issues: [...slips.map(({ issue }) => issue), ...(rest.ok ? [] : rest.issues)] };
}

function isWithin(path: string, above: readonly string[]): boolean {
  const start = above.join(".");
  return path === start || path.startsWith(`${start}.`);
}
