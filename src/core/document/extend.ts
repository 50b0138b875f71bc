// A file and the bases that it extends, merged into one tree: maps merge, scalars and lists replace, null
// removes. Every value keeps the place where it was written. Reading files and the presets are the caller's.
import { type Issue, SurgefleetError } from "../base/errors.js";
import { dataSource } from "./data.js";
import { unknownName } from "./definition.js";
import type { ReadSource, Source } from "./source.js";
import { type Entry, isEmpty, issueAt, type Mapping, mapping, type Tree } from "./tree.js";

const PRESET_PREFIX = "preset:";
const DEEPEST = 16;
const MOST_BASES = 64;
/** A base lends what it sets up, not what it is called. */
const NOT_INHERITED: readonly string[] = ["extends", "name", "description"];

/** Plain data by name. */
export type Presets = ReadonlyMap<string, object>;

interface Loading {
  readonly read: ReadSource | undefined;
  /** What `extends: preset:NAME` means, by name. */
  readonly presets: Presets;
  readonly issues: Issue[];
  bases: number;
  /** Set once a base is missing: the tree then says nothing about what is missing or unknown. */
  isPartial: boolean;
}

/**
 * The upper tree laid over the base. Where a base has the key, null removes it; where it has not, the null
 * stays, and the schema reports it: a removal that removes nothing is a typing mistake.
 */
function overlay(base: Tree, upper: Tree): Tree {
  if (base.kind !== "map" || upper.kind !== "map") return upper;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of upper.entries) {
    const below = base.entries.get(key);
    if (below === undefined) entries.set(key, entry);
    else if (isEmpty(entry.value)) entries.delete(key);
    else entries.set(key, { key: entry.key, value: overlay(below.value, entry.value) });
  }
  return mapping(entries, upper.place);
}

function without(tree: Mapping, keys: readonly string[]): Mapping {
  const entries = new Map(tree.entries);
  for (const key of keys) entries.delete(key);
  return mapping(entries, tree.place);
}

function readPreset(reference: string, presets: Presets): Source {
  const name = reference.slice(PRESET_PREFIX.length);
  const preset = presets.get(name);
  if (preset !== undefined) return dataSource(reference, preset);
  throw unknownName(name, [...presets.keys()], "preset");
}

function readBase(reference: string, from: string, { read, presets }: Loading): Source {
  if (reference.startsWith(PRESET_PREFIX)) return readPreset(reference, presets);
  if (read !== undefined) return read(reference, from);
  throw new SurgefleetError("NOT_FOUND", "files cannot be read here, only presets");
}

/** The base that one reference names, with its own bases merged in; undefined if there was an issue. */
function loadBase(reference: Tree, chain: readonly string[], loading: Loading): Tree | undefined {
  const fail = (message: string) => {
    loading.issues.push(issueAt(reference.place, ["extends"], message));
    loading.isPartial = true;
    return undefined;
  };
  // What is not text is left to the schema, which sees `extends` too.
  if (reference.kind !== "scalar" || typeof reference.value !== "string") return undefined;
  if (chain.length > DEEPEST) return fail(`more than ${DEEPEST} files extend one another`);
  loading.bases += 1;
  if (loading.bases > MOST_BASES) return fail(`more than ${MOST_BASES} bases in all`);
  let source: Source;
  try {
    source = readBase(reference.value, chain.at(-1) ?? "", loading);
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    return fail(`cannot extend "${reference.value}": ${error.message}`);
  }
  if (chain.includes(source.file))
    return fail(`extends goes in a circle: ${[...chain, source.file].join(" -> ")}`);
  const tree = loadSource(source, chain, loading);
  if (tree === undefined) loading.isPartial = true;
  return tree && without(tree, NOT_INHERITED);
}

function loadSource(source: Source, chain: readonly string[], loading: Loading): Mapping | undefined {
  const { tree, issues } = source.parse();
  loading.issues.push(...issues);
  if (tree === undefined) return undefined;
  if (tree.kind !== "map") {
    loading.issues.push(issueAt(tree.place, [], "a scenario is a map of keys, like `schemaVersion: 1`"));
    return undefined;
  }
  const written = tree.entries.get("extends")?.value;
  if (written === undefined) return tree;
  let base: Tree | undefined;
  for (const reference of written.kind === "list" ? written.items : [written]) {
    const next = loadBase(reference, [...chain, source.file], loading);
    if (next !== undefined) base = base === undefined ? next : overlay(base, next);
  }
  return base === undefined ? tree : (overlay(base, tree) as Mapping);
}

export interface Extended {
  /** Undefined if the file or one of its bases could not be read as a map at all. */
  readonly tree: Mapping | undefined;
  readonly issues: readonly Issue[];
}

/**
 * Reads a file and everything that it extends. Its own `extends` stays in the tree, for the schema to look
 * at.
 */
export function loadExtended(source: Source, read: ReadSource | undefined, presets: Presets): Extended {
  const loading: Loading = { read, presets, issues: [], bases: 0, isPartial: false };
  const tree = loadSource(source, [], loading);
  return { tree: loading.isPartial ? undefined : tree, issues: loading.issues };
}

/** The tree without the keys that only say where it came from. */
export const withoutExtends = (tree: Mapping): Mapping => without(tree, ["extends"]);
