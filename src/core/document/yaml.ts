// From YAML text (JSON is YAML) to a tree with places, or issues. Refuses what a scenario never needs and
// what could hurt: several documents, tags, alias bombs, depth without end. Knows nothing about scenarios.
import * as yaml from "yaml";
import type { Issue } from "../base/errors.js";
import type { Parsed, Source } from "./source.js";
import {
  type Entry,
  isForbiddenKey,
  issueAt,
  list,
  type Mapping,
  mapping,
  type Path,
  type Place,
  scalar,
  type Tree,
} from "./tree.js";
import { quote } from "./words.js";

const MOST_CHARACTERS = 4 * 1024 * 1024;
const MOST_VALUES = 200_000;
const DEEPEST = 64;
const MOST_SYNTAX_ISSUES = 5;
const BYTE_ORDER_MARK = 0xfeff;
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** What the conversion of one document needs at every node. */
interface Reading {
  readonly place: (offset: number) => Place;
  readonly issues: Issue[];
  /** Finished nodes only: an alias inside its own anchor therefore finds nothing. */
  readonly anchors: Map<string, Tree>;
}

/** Why the text cannot be a scenario, whatever it says; undefined if nothing is wrong. */
function refuse(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return "the file is larger than 4 MiB";
  if (text.startsWith(LFS_POINTER)) return "this is a Git LFS pointer, not the file: run `git lfs pull`";
  if (text.includes("\0") || text.includes("\uFFFD")) return "this is not a text file in UTF-8";
  if (text.trim() === "") return "the file is empty";
  return undefined;
}

/**
 * The offset at which the text is nested too deeply; undefined if it never is. The composer is recursive and
 * its overflow can end the process, so the depth is found first, with the token stream that is not.
 */
function tooDeepAt(text: string): number | undefined {
  const parser = new yaml.Parser();
  for (const token of new yaml.Lexer().lex(text)) {
    for (const _ of parser.next(token));
    if (parser.stack.length > DEEPEST) return parser.offset;
  }
  return undefined;
}

function sayProblem(problem: yaml.YAMLError): string {
  switch (problem.code) {
    case "MULTIPLE_DOCS":
      return "a second document starts here: one file holds one scenario";
    case "TAB_AS_INDENT":
      return "tabs are not allowed as indentation: use spaces";
    case "TAG_RESOLVE_FAILED":
      return `tags are not allowed: ${problem.message}`;
    default:
      return `this is not valid YAML: ${problem.message}`;
  }
}

function tooLarge(reading: Reading, node: yaml.Node, path: Path): Tree {
  const place = reading.place(node.range?.[0] ?? 0);
  reading.issues.push(issueAt(place, path, `more than ${MOST_VALUES} values, with aliases written out`));
  return scalar(null, place);
}

function readScalar(node: yaml.Scalar, path: Path, reading: Reading): Tree {
  const place = reading.place(node.range?.[0] ?? 0);
  const { value } = node;
  if (value === null || typeof value === "string" || typeof value === "boolean") return scalar(value, place);
  if (typeof value === "number" && Number.isFinite(value)) return scalar(value, place);
  reading.issues.push(issueAt(place, path, `${quote(node.source ?? value)} is not a finite number`));
  return scalar(null, place);
}

function readAlias(node: yaml.Alias, path: Path, reading: Reading): Tree {
  const place = reading.place(node.range?.[0] ?? 0);
  const target = reading.anchors.get(node.source);
  if (target !== undefined) return target;
  reading.issues.push(issueAt(place, path, `no finished anchor "&${node.source}" stands before this alias`));
  return scalar(null, place);
}

/**
 * `<<: *base` or `<<: [*first, *second]`: keys of the map itself go first, then those of the earlier source.
 */
function readMerge(node: unknown, path: Path, reading: Reading, into: Map<string, Entry>): void {
  const source = readNode(node, path, reading);
  const sources = source.kind === "list" ? source.items : [source];
  for (const one of sources) {
    if (one.kind !== "map") {
      reading.issues.push(issueAt(one.place, path, "a merge key needs a map, or a list of maps"));
      continue;
    }
    for (const [key, entry] of one.entries) if (!into.has(key)) into.set(key, entry);
  }
}

function readKey(key: unknown, path: Path, reading: Reading): string | undefined {
  if (yaml.isScalar(key) && typeof key.value !== "object") return key.source ?? String(key.value);
  const start = yaml.isNode(key) ? (key.range?.[0] ?? 0) : 0;
  reading.issues.push(issueAt(reading.place(start), path, "a key must be a plain word"));
  return undefined;
}

const isMergeKey = (key: unknown) => yaml.isScalar(key) && key.source === "<<" && key.type === "PLAIN";

function readMap(node: yaml.YAMLMap, path: Path, reading: Reading): Mapping {
  const entries = new Map<string, Entry>();
  const merges: yaml.Pair[] = [];
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) {
      merges.push(pair);
      continue;
    }
    const key = readKey(pair.key, path, reading);
    if (key === undefined) continue;
    const keyPath = [...path, key];
    const place = reading.place((pair.key as yaml.Node).range?.[0] ?? 0);
    const earlier = entries.get(key);
    // The value is read even of a refused key: an anchor inside it may be used later.
    const value = pair.value === null ? scalar(null, place) : readNode(pair.value, keyPath, reading);
    if (isForbiddenKey(key)) reading.issues.push(issueAt(place, keyPath, `unknown key ${quote(key)}`));
    else if (earlier === undefined) entries.set(key, { key: place, value });
    else {
      const first = `the first is in line ${earlier.key.line}`;
      reading.issues.push(issueAt(place, keyPath, `duplicate key ${quote(key)}`, first));
    }
  }
  for (const pair of merges) readMerge(pair.value, path, reading, entries);
  return mapping(entries, reading.place(node.range?.[0] ?? 0));
}

function readNode(node: unknown, path: Path, reading: Reading): Tree {
  if (!yaml.isNode(node)) return scalar(null, reading.place(0));
  if (yaml.isAlias(node)) return readAlias(node, path, reading);
  let tree: Tree;
  if (yaml.isScalar(node)) tree = readScalar(node, path, reading);
  else if (yaml.isMap(node)) tree = readMap(node, path, reading);
  else {
    const items = node.items.map((item, index) => readNode(item, [...path, index], reading));
    tree = list(items, reading.place(node.range?.[0] ?? 0));
  }
  if (tree.size > MOST_VALUES) tree = tooLarge(reading, node, path);
  if (node.anchor !== undefined) reading.anchors.set(node.anchor, tree);
  return tree;
}

/** A document as text: of a file, or of whatever `file` names. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

export function textSource({ file, text }: TextFile): Source {
  return { file, text, parse: () => parseYaml(file, text) };
}

/** Reads one YAML or JSON document. The issues are of the text itself: syntax, duplicate keys, limits. */
export function parseYaml(file: string, source: string): Parsed {
  const text = source.charCodeAt(0) === BYTE_ORDER_MARK ? source.slice(1) : source;
  const refusal = refuse(text);
  if (refusal !== undefined) return { issues: [issueAt({ file, line: 1, column: 1 }, [], refusal)] };
  const lines = new yaml.LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const line = text.slice(0, deep).split("\n").length;
    const column = deep - text.lastIndexOf("\n", deep - 1);
    return { issues: [issueAt({ file, line, column }, [], `nested deeper than ${DEEPEST} levels`)] };
  }
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    resolveKnownTags: false,
    strict: true,
    // Its check is quadratic in the number of keys; readMap does it with a Map.
    uniqueKeys: false,
  });
  const problems = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX_ISSUES);
  const issues = problems.map((problem) => issueAt(place(problem.pos[0]), [], sayProblem(problem)));
  if (document.directives?.yaml.version !== "1.2") {
    issues.push(issueAt(place(0), [], "only YAML 1.2 is read: remove the %YAML line"));
  }
  if (issues.length > 0) return { issues };
  const reading: Reading = { place, issues, anchors: new Map() };
  const tree = readNode(document.contents, [], reading);
  return { tree, issues };
}
