// Profiles that a scenario names by file, read into its tree in place of their names, so that what is wrong with one is
// reported at its own line. Reading the file is the caller's.
import { type Issue, SurgefleetError } from "../../../base/errors.js";
import type { ReadSource, Source } from "../../../document/source.js";
import { find, issueAt, type Path, replaced, type Scalar, type Tree } from "../../../document/tree.js";

interface WithProfiles {
  readonly tree: Tree;
  readonly issues: readonly Issue[];
}

/** A name of a shipped profile never ends like this. */
const PROFILE_FILE = /\.json$/i;

/** The tree with every `pools.*.replica.profile` that names a JSON file replaced by what the file says. */
export function readProfileFiles(tree: Tree, read: ReadSource | undefined): WithProfiles {
  const pools = find(tree, ["pools"]).value;
  if (pools?.kind !== "map") return { tree, issues: [] };
  const issues: Issue[] = [];
  let changed = tree;
  for (const pool of pools.entries.keys()) {
    const path = ["pools", pool, "replica", "profile"];
    const named = find(tree, path).value;
    if (named?.kind !== "scalar" || typeof named.value !== "string" || !PROFILE_FILE.test(named.value))
      continue;
    const profile = readProfile(named, path, read, issues);
    if (profile !== undefined) changed = replaced(changed, path, profile);
  }
  return { tree: changed, issues };
}

function readProfile(
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
    issues.push(issueAt(named.place, path, `cannot read the profile "${named.value}": ${error.message}`));
    return undefined;
  }
  const parsed = source.parse();
  issues.push(...parsed.issues);
  return parsed.tree;
}
