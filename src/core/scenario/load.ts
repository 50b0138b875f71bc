// From the text of a scenario file to a scenario: YAML or JSON, with the bases and profiles that it names, and
// overrides as flags write them.
import type { Issue } from "../base/errors.js";
import type { LoadCode } from "../custom/code.js";
import { MISSING_KEY } from "../document/issues.js";
import { applyOverrides, type NewName, type Override } from "../document/overrides.js";
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
    let newNames: readonly NewName[] = [];
    const result = readScenario(textSource(file), {
      code,
      read: read && ((reference, from) => textSource(read(reference, from))),
      override: (tree) => {
        const overridden = applyOverrides(tree, overrides, (path, value) =>
          accepts(scenarioFile, path, value),
        );
        newNames = overridden.newNames;
        return overridden;
      },
    });
    return { result, newNames };
  };
  const { overrides = [] } = options;
  const { result, newNames } = load(overrides);
  if (result.ok) return result;
  const wrong = newNames.filter((one) => result.issues.some((issue) => isWithin(issue.path, one.path)));
  const slips = wrong.flatMap(({ slip }) => (slip === undefined ? [] : [slip]));
  if (slips.length === 0) return { ok: false, issues: result.issues.map((issue) => besides(issue, wrong)) };
  // What a slip made of the document says nothing of what was meant.
  const isSlip = (one: Override) =>
    wrong.some(({ override, slip }) => override === one && slip !== undefined);
  const rest = load(overrides.filter((one) => !isSlip(one))).result;
  return { ok: false, issues: [...slips, ...(rest.ok ? [] : rest.issues)] };
}

/** Of a key that a new name lacks: perhaps no new one was meant. */
function besides(issue: Issue, newNames: readonly NewName[]): Issue {
  const above = newNames.find(({ path }) => issue.path.split(".").slice(0, -1).join(".") === path.join("."));
  const isLacking = above !== undefined && issue.message.startsWith(MISSING_KEY) && issue.hint === undefined;
  return isLacking ? { ...issue, hint: above.beside } : issue;
}

function isWithin(path: string, above: readonly string[]): boolean {
  const start = above.join(".");
  return path === start || path.startsWith(`${start}.`);
}
