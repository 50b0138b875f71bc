// From the text of a profile file to a profile or all its problems, each at its place. Knows no files.
import { type Issue, SurgefleetError } from "../../../base/errors.js";
import { arrange, explain } from "../../../document/issues.js";
import { plainWords } from "../../../document/plain-words.js";
import { issueAt, toPlain } from "../../../document/tree.js";
import { parseYaml } from "../../../document/yaml.js";
import { type ProfileFile, profileFile } from "../kinds.js";

/**
 * Reads a profile written as JSON, or as YAML, of which JSON is a part. Throws INVALID_PROFILE with every problem and
 * its line and column; `file` is how messages call the text.
 */
export function parseProfile(text: string, file: string): ProfileFile {
  const { tree, issues } = parseYaml(file, text);
  if (tree === undefined || issues.length > 0) throw invalid(file, issues);
  if (tree.kind !== "map") throw invalid(file, [issueAt(tree.place, [], "a profile is a map of keys")]);
  const parsed = profileFile.safeParse(toPlain(tree), { error: plainWords });
  if (!parsed.success) throw invalid(file, arrange(explain(parsed.error, tree)));
  return parsed.data;
}

function invalid(file: string, issues: readonly Issue[]): SurgefleetError {
  return new SurgefleetError("INVALID_PROFILE", `${file} is not a valid profile`, issues);
}
