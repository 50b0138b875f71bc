// Values that come from outside the file, like `--set pools.shared.replicas=5`: laid over the tree, each with
// the flag or variable as its place. Knows paths and trees, nothing about scenarios.
import { assert } from "../base/assert.js";
import type { Issue } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import {
  type Entry,
  isEmpty,
  isForbiddenKey,
  issueAt,
  list,
  type Mapping,
  mapping,
  type Place,
  scalar,
  type Tree,
} from "./tree.js";
import { quote } from "./words.js";
import { parseYaml } from "./yaml.js";

export interface Override {
  /** Dotted, with list positions as numbers: "outages.0.for"; the one behind the last adds an item. */
  readonly path: string;
  /**
   * One YAML scalar, or a flow collection like `{a: 1}`. Empty removes the key, and so does `null` but for a key that
   * holds text: such a one has what is written, be it 0123, 1e3, true or null.
   */
  readonly value: string;
  /** The flag or variable, as messages should name it. */
  readonly origin: string;
}

/** Whether a value may stand at a path, as far as the value itself tells. */
type Accepts = (path: readonly string[], value: unknown) => boolean;

type Applied = { readonly tree: Tree } | { readonly problem: string };

/** The same tree with every place moved to the origin: lines inside a flag mean nothing. */
function movedTo(tree: Tree, place: Place): Tree {
  if (tree.kind === "scalar") return scalar(tree.value, place);
  if (tree.kind === "list") {
    return list(
      tree.items.map((item) => movedTo(item, place)),
      place,
    );
  }
  const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
    key,
    { key: place, value: movedTo(entry.value, place) },
  ]);
  return mapping(new Map(entries), place);
}

/** Text that is no flow collection is a scalar, even where a file would read it as more, like `a: b`. */
function readValue(override: Override, path: readonly string[], place: Place, accepts: Accepts): Applied {
  const text = override.value.trim();
  if (text === "") return { tree: scalar(null, place) };
  const { tree, issues } = parseYaml(override.origin, text);
  const isFlow = /^[[{]/.test(text);
  if (tree !== undefined && issues.length === 0 && (isFlow || tree.kind === "scalar")) {
    const written =
      tree.kind === "scalar" ? asText(tree.value, text, (value) => accepts(path, value)) : undefined;
    return { tree: written === undefined ? movedTo(tree, place) : scalar(written, place) };
  }
  if (isFlow) return { problem: issues[0]?.message ?? "this is not a value" };
  return { tree: scalar(text, place) };
}

/** What is written where YAML reads something else that is not as it was written, or may not stand there. */
function asText(read: unknown, text: string, accepts: (value: unknown) => boolean): string | undefined {
  if (typeof read === "string") return undefined;
  const written = text.replace(/\s#.*$/, "").trim();
  const isSame = String(read) === written && accepts(read);
  return !isSame && accepts(written) ? written : undefined;
}

function setInMap(tree: Mapping, key: string, value: Tree, place: Place): Tree {
  const entries = new Map(tree.entries);
  if (isEmpty(value) && entries.has(key)) entries.delete(key);
  else entries.set(key, { key: place, value });
  return mapping(entries, tree.place);
}

function setAt(tree: Tree | undefined, path: readonly string[], done: number, value: Tree): Applied {
  const key = path[done];
  if (key === undefined) return { tree: value };
  const place = value.place;
  // What is missing or empty on the way becomes a map.
  const parent = tree === undefined || isEmpty(tree) ? mapping(new Map(), place) : tree;
  const soFar = path.slice(0, done).join(".");
  if (parent.kind === "scalar") return { problem: `"${soFar}" is ${quote(parent.value)}, not a map` };
  if (parent.kind === "map") {
    const inner = setAt(parent.entries.get(key)?.value, path, done + 1, value);
    return "problem" in inner ? inner : { tree: setInMap(parent, key, inner.tree, place) };
  }
  const index = Number(key);
  const isNext = key === String(parent.items.length) && done === path.length - 1;
  const item = /^\d+$/.test(key) ? parent.items[index] : undefined;
  if (item === undefined && !isNext)
    return { problem: `"${soFar}" is a list of ${parent.items.length} without a "${key}"` };
  const inner = setAt(item, path, done + 1, value);
  if ("problem" in inner) return inner;
  const items = isNext
    ? [...parent.items, inner.tree]
    : parent.items.map((old, position) => (position === index ? inner.tree : old));
  return { tree: list(items, parent.place) };
}

function applyOne(tree: Tree, override: Override, accepts: Accepts): Applied {
  const place: Place = { file: override.origin, line: 0, column: 0 };
  const path = override.path.split(".");
  if (path.includes(""))
    return { problem: `${quote(override.path)} is not a path like pools.shared.replicas` };
  if (path[0] === "extends") return { problem: "bases are part of the file and cannot be set from outside" };
  const forbidden = path.find(isForbiddenKey);
  if (forbidden !== undefined) return { problem: `unknown key ${quote(forbidden)}` };
  const value = readValue(override, path, place, accepts);
  return "problem" in value ? value : setAt(tree, path, 0, value.tree);
}

/** More names than that are not read. */
const MOST_NAMED = 8;

/** An override that names something beside what is there: right where a new one is meant, and else a slip. */
export interface NewName {
  readonly override: Override;
  /** The new name, by its path. */
  readonly path: readonly string[];
  /** What to say where it was a slip; undefined where no other name is like it. */
  readonly slip: Issue | undefined;
  /** What it is beside, for whoever meant no new one. */
  readonly beside: string;
}

export interface Overridden {
  readonly tree: Mapping;
  readonly issues: readonly Issue[];
  readonly newNames: readonly NewName[];
}

/**
 * Lays the overrides over the tree, in order: a later one wins. One that cannot be applied is an issue. `accepts` tells
 * which keys hold text.
 */
export function applyOverrides(
  root: Mapping,
  overrides: readonly Override[],
  accepts: Accepts = () => false,
): Overridden {
  const issues: Issue[] = [];
  const newNames: NewName[] = [];
  let tree = root;
  for (const override of overrides) {
    newNames.push(...newNameOf(root, override));
    const applied = applyOne(tree, override, accepts);
    if ("problem" in applied) {
      const place: Place = { file: override.origin, line: 0, column: 0 };
      issues.push(issueAt(place, override.path.split("."), applied.problem));
      continue;
    }
    assert(applied.tree.kind === "map", "an override replaced the root");
    tree = applied.tree;
  }
  return { tree, issues, newNames };
}

/** The first step of its path that leads to something new in a map that has others. */
function newNameOf(root: Mapping, override: Override): NewName[] {
  const path = override.path.split(".");
  let at: Tree | undefined = root;
  for (const [depth, key] of path.slice(0, -1).entries()) {
    if (at?.kind !== "map") return [];
    if (!at.entries.has(key)) {
      const names = [...at.entries.keys()];
      if (depth === 0 || names.length === 0) return [];
      const above = quote(path.slice(0, depth).join("."));
      const beside = `${quote(key)} is new in ${above}, which has ${names.slice(0, MOST_NAMED).join(", ")}`;
      const meant = nearest(key, names);
      const place: Place = { file: override.origin, line: 0, column: 0 };
      const slip = issueAt(place, path, `there is no ${quote(key)} in ${above}`, `did you mean "${meant}"?`);
      return [
        { override, path: path.slice(0, depth + 1), slip: meant === undefined ? undefined : slip, beside },
      ];
    }
    at = at.entries.get(key)?.value;
  }
  return [];
}
