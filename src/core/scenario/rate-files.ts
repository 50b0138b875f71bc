// Rates that a scenario names by file, read into its tree as phases in place of their names: `counts` for requests in
// each step, `rates` for requests a second. Reading the file is the caller's.
import { type Issue, SurgefleetError } from "../base/errors.js";
import { readRecordedRate } from "../demand/traffic/rate/recorded-rate.js";
import type { ReadSource, Source } from "../document/source.js";
import {
  type Entry,
  find,
  issueAt,
  list,
  type Mapping,
  mapping,
  type Path,
  type Place,
  replaced,
  type Scalar,
  scalar,
  type Tree,
} from "../document/tree.js";

const KEYS = ["counts", "rates"] as const;
const OTHERS = ["rate", "phases"] as const;

/** The tree with every `traffic.*.arrivals` that names such a file given the phases that the file says. */
export function readRateFiles(
  tree: Tree,
  read: ReadSource | undefined,
): { readonly tree: Tree; readonly issues: readonly Issue[] } {
  const sources = find(tree, ["traffic"]).value;
  const issues: Issue[] = [];
  let changed = tree;
  if (sources?.kind !== "map") return { tree, issues };
  for (const source of sources.entries.keys()) {
    const path = ["traffic", source, "arrivals"];
    const arrivals = find(tree, path).value;
    if (arrivals?.kind !== "map") continue;
    for (const key of KEYS) {
      const named = arrivals.entries.get(key)?.value;
      if (named?.kind !== "scalar" || typeof named.value !== "string") continue;
      const phases = readPhases(key, named, [...path, key], read, issues);
      const other = [...OTHERS, ...KEYS].find((one) => one !== key && arrivals.entries.has(one));
      if (other !== undefined) {
        const message = `the file says the rate by itself: leave out "${other}"`;
        issues.push(issueAt(named.place, [...path, key], message));
      } else if (phases !== undefined) {
        const entries = new Map<string, Entry>(arrivals.entries).set("phases", {
          key: named.place,
          value: phases,
        });
        entries.delete(key);
        changed = replaced(changed, path, mapping(entries, arrivals.place));
      }
    }
  }
  return { tree: changed, issues };
}

function readPhases(
  key: (typeof KEYS)[number],
  named: Scalar,
  path: Path,
  read: ReadSource | undefined,
  issues: Issue[],
): Tree | undefined {
  let source: Source;
  try {
    if (read === undefined) throw new SurgefleetError("NOT_FOUND", "files cannot be read here");
    source = read(String(named.value), named.place.file);
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    issues.push(issueAt(named.place, path, `cannot read "${named.value}": ${error.message}`));
    return undefined;
  }
  const recorded = readRecordedRate(source.text ?? "");
  if ("message" in recorded) {
    const { line, message, hint } = recorded;
    issues.push(issueAt({ file: source.file, line, column: 1 }, path, message, hint));
    return undefined;
  }
  const perSecond = key === "rates" ? 1 : 1e6 / recorded.step;
  return phasesOf(
    recorded.values.map((value) => value * perSecond),
    recorded.step,
    named.place,
  );
}

/** A phase for each run of equal rates. */
function phasesOf(rates: readonly number[], step: number, place: Place): Tree {
  const phases: Mapping[] = [];
  let from = 0;
  for (let index = 1; index <= rates.length; index++) {
    if (rates[index] === rates[from]) continue;
    const duration = scalar(`${(index - from) * step}us`, place);
    const rate = scalar(rates[from]!, place);
    const entries = { duration, arrivalRate: rate };
    phases.push(
      mapping(new Map(Object.entries(entries).map(([name, value]) => [name, { key: place, value }])), place),
    );
    from = index;
  }
  return list(phases, place);
}
