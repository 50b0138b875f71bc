// From plain data, as a program hands it over, to a tree: what JSON would say of it, without the text. Its values
// have a name for a place, and no line.
import { SurgefleetError } from "../base/errors.js";
import type { Parsed, Source } from "./source.js";
import { type Entry, isForbiddenKey, issueAt, list, mapping, type Place, scalar, type Tree } from "./tree.js";
import { quote } from "./words.js";

const DEEPEST = 64;
const MOST_VALUES = 200_000;

/** Throws USAGE for what JSON cannot say: values that contain themselves, and whole numbers of type bigint. */
export function dataSource(file: string, data: unknown): Source {
  return { file, parse: () => treeOf(JSON.parse(written(data)), file) };
}

function written(data: unknown): string {
  try {
    return JSON.stringify(data, spelledOut);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SurgefleetError("USAGE", "a scenario is plain data, and this contains itself or a bigint");
  }
}

/** JSON has no word for NaN and infinity and would drop them: as text they are refused by name. */
function spelledOut(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function treeOf(data: unknown, file: string): Parsed {
  const place: Place = { file, line: 0, column: 0 };
  const issues: Parsed["issues"][number][] = [];
  const branch = (value: unknown, path: readonly (string | number)[]): Tree => {
    if (typeof value !== "object" || value === null)
      return scalar(value as string | number | boolean | null, place);
    if (path.length >= DEEPEST) {
      issues.push(issueAt(place, path, `nested deeper than ${DEEPEST} levels`));
      return scalar(null, place);
    }
    if (Array.isArray(value))
      return list(
        value.map((item, index) => branch(item, [...path, index])),
        place,
      );
    const entries = new Map<string, Entry>();
    for (const [key, inner] of Object.entries(value)) {
      if (isForbiddenKey(key)) issues.push(issueAt(place, [...path, key], `unknown key ${quote(key)}`));
      else entries.set(key, { key: place, value: branch(inner, [...path, key]) });
    }
    return mapping(entries, place);
  };
  const tree = branch(data, []);
  if (tree.size > MOST_VALUES) issues.push(issueAt(place, [], `more than ${MOST_VALUES} values`));
  return { tree, issues };
}
