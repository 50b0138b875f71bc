// A document as a tree in which every value and every key knows where it was written. Trees are immutable, so
// bases, aliases and overrides can share branches. Knows nothing about YAML and nothing about scenarios.
import type { Issue } from "../base/errors.js";

/**
 * Lines and columns count from 1; line 0 means that the value came from a flag or variable, named by `file`.
 */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

interface Located {
  readonly place: Place;
  /** Values in the branch, this one included, with every alias written out. */
  readonly size: number;
}

export interface Scalar extends Located {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
}

export interface List extends Located {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface Entry {
  readonly key: Place;
  readonly value: Tree;
}

export interface Mapping extends Located {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}

export type Tree = Scalar | List | Mapping;

export function scalar(value: Scalar["value"], place: Place): Scalar {
  return { kind: "scalar", value, place, size: 1 };
}

export function list(items: readonly Tree[], place: Place): List {
  const size = items.reduce((sum, item) => sum + item.size, 1);
  return { kind: "list", items, place, size };
}

export function mapping(entries: ReadonlyMap<string, Entry>, place: Place): Mapping {
  let size = 1;
  for (const entry of entries.values()) size += entry.value.size;
  return { kind: "map", entries, place, size };
}

export function isEmpty(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}

/** The tree as plain values, without places. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(toPlain);
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

/** The tree with another value at a path, which leads somewhere by names. */
export function replaced(tree: Tree, [key, ...rest]: readonly string[], value: Tree): Tree {
  if (key === undefined || tree.kind !== "map") return value;
  const entry = tree.entries.get(key)!;
  const entries = new Map(tree.entries).set(key, {
    key: entry.key,
    value: replaced(entry.value, rest, value),
  });
  return mapping(entries, tree.place);
}

interface Found {
  /** Undefined where the path leads nowhere. */
  readonly value: Tree | undefined;
  /** Of the last key on the way that exists; of the root if none does. */
  readonly key: Place;
}

/** Follows a path as far as it goes. */
export function find(root: Tree, path: Path): Found {
  let key = root.place;
  let value: Tree = root;
  for (const step of path) {
    if (value.kind === "map") {
      const entry = value.entries.get(String(step));
      if (entry === undefined) return { value: undefined, key };
      key = entry.key;
      value = entry.value;
    } else {
      const item: Tree | undefined = value.kind === "list" ? value.items[Number(step)] : undefined;
      if (item === undefined) return { value: undefined, key };
      key = item.place;
      value = item;
    }
  }
  return { value, key };
}

/** Where the value at the path is written; where it is missing, the nearest key above it. */
export function placeOf(root: Tree, path: Path): Place {
  const { value, key } = find(root, path);
  return value?.place ?? key;
}

export function issueAt(place: Place, path: Path, message: string, hint?: string): Issue {
  const { file, line, column } = place;
  return { file, line, column, path: path.join("."), message, ...(hint !== undefined && { hint }) };
}

const FORBIDDEN: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Keys that JavaScript gives a meaning of its own, `__proto__` above all: no document needs them. */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN.has(key) || key === "prototype";
}
