// From what zod found to what a reader can act on: one issue per problem, in plain words, at its place in the
// files. Knows zod's issues and located trees; the wording of each unit is in units.ts.
import type * as z from "zod";
import type { Issue } from "../base/errors.js";
import { nearest, suggest } from "../base/nearest.js";
import { NO_MODULE } from "./custom.js";
import { KEY_SEPARATOR } from "./plain-words.js";
import {
  find,
  issueAt,
  type Mapping,
  type Path,
  type Place,
  placeOf,
  type Scalar,
  type Tree,
  toPlain,
} from "./tree.js";
import { choices, quote } from "./words.js";

type ZodIssue = z.core.$ZodIssue;

const valueAt = (root: Tree, path: Path) => find(root, path).value;

/** Whether a branch of a union was made for another kind of value: the branch then has nothing to say. */
function isOtherKind(branch: readonly ZodIssue[], value: Tree | undefined): boolean {
  if (branch.some(({ message }) => message === NO_MODULE)) return true;
  return branch.some((issue) => {
    if (issue.path.length > 0) return false;
    if (issue.code === "invalid_type") return true;
    if (issue.code === "invalid_value") return value?.kind !== "scalar";
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return false;
    return issue.errors.every((inner) => isOtherKind(inner, value));
  });
}

const keysIn = ({ message }: ZodIssue): readonly string[] => message.split(KEY_SEPARATOR);

/** A key that is nearly right says a little less than one that is. */
const SLIP = 0.9;

/** The key among those written in a map that is a slip of one that is missing there; undefined where none is. */
function slipOf(missing: string, unknown: readonly string[], known: readonly string[], written: Mapping) {
  const unused = known.filter((one) => !written.entries.has(one));
  return unknown.find((key) => nearest(key, unused) === missing);
}

/** The key by which a branch of maps is told from others, where it is not written, and what the branch knows. */
function untold(branch: readonly ZodIssue[], { entries }: Mapping) {
  const issue = branch.find((one) => one.code === "invalid_union" && one.discriminator === one.path[0]);
  const key = String(issue?.path[0]);
  return issue === undefined || entries.has(key) ? undefined : { key, known: keysIn(issue) };
}

/** The written keys that a branch does not know. */
function unknownTo(branch: readonly ZodIssue[], written: Tree): readonly string[] {
  if (written.kind !== "map") return [];
  const told = untold(branch, written);
  if (told !== undefined) return [...written.entries.keys()].filter((key) => !told.known.includes(key));
  return branch.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
  );
}

/**
 * How many of the written keys a branch knows, slips included, which no branch knows as they are: the best sign of
 * which branch was meant.
 */
function keysKnown(
  branch: readonly ZodIssue[],
  value: Mapping,
  all: readonly (readonly ZodIssue[])[],
): number {
  const unknown = unknownTo(branch, value);
  const strange = unknown.filter((key) => all.every((one) => unknownTo(one, value).includes(key)));
  const told = untold(branch, value);
  if (told !== undefined && slipOf(told.key, strange, told.known, value) === undefined) return 0;
  const known = told?.known ?? branch.flatMap((one) => (one.code === "unrecognized_keys" ? keysIn(one) : []));
  const unused = known.filter((one) => !value.entries.has(one));
  const slips = strange.filter((key) => nearest(key, unused) !== undefined);
  return value.entries.size - unknown.length + SLIP * slips.length;
}

/**
 * How much a branch has to say about a scalar: a name that was nearly right, or a quantity only out of range.
 */
function scalarLikeness(branch: readonly ZodIssue[], value: Scalar): number {
  if (branch.some((issue) => didYouMean(value, namesOf(issue)) !== undefined)) return 2;
  return branch.some((issue) => issue.code === "custom") ? 1 : 0;
}

function likenessOf(branch: readonly ZodIssue[], value: Tree, all: readonly (readonly ZodIssue[])[]): number {
  if (value.kind === "map") return keysKnown(branch, value, all);
  return value.kind === "scalar" ? scalarLikeness(branch, value) : 0;
}

/** Whether a branch takes one word only, which the value is nothing like: the words of the whole union say more. */
function isOneWord(branch: readonly ZodIssue[], value: Tree): boolean {
  const [first] = branch;
  if (first?.code !== "invalid_value" || first.path.length > 0 || first.values.length > 1) return false;
  return didYouMean(value, namesOf(first)) === undefined;
}

/** The issues of the branch that was meant; none if no branch stands out. */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion, value: Tree): readonly ZodIssue[] {
  const branches = issue.errors.filter((one) => !isOtherKind(one, value));
  const [only, second] = branches;
  if (second === undefined) return only === undefined || isOneWord(only, value) ? [] : only;
  let best: readonly ZodIssue[] = [];
  // The first branch of maps is as good as any; a scalar that is like nothing gets the words of the whole
  // union.
  let most = value.kind === "map" ? -1 : 0;
  for (const branch of branches) {
    const likeness = likenessOf(branch, value, branches);
    if (likeness <= most) continue;
    best = branch;
    most = likeness;
  }
  return best;
}

/** A value that a base brought in surprises: say how to get rid of it. One in a file of its own is wrong there. */
function baseHint(place: Place, root: Tree, path: Path): string {
  const isFromBase = place.file !== root.place.file && place.line > 0 && path[3] !== "profile";
  return isFromBase ? "; it comes from a base: null removes it" : "";
}

interface Renamed {
  readonly key: string;
  /** What to write there, where the value has another form. */
  readonly value?: string;
}

/** Keys of earlier versions, and what stands in their place today. */
const RENAMED: Readonly<Partial<Record<string, Renamed>>> = {
  replicas: { key: "instances" },
  replications: { key: "seeds" },
  staleness: { key: "period" },
  signalAge: { key: "signals", value: "{period: 100ms}" },
  schedule: { key: "autoscaler", value: "{algorithm: schedule, steps: [{at: 2h, replicas: 20}]}" },
};

/** Undefined where it was never called that. */
function todayOf(key: string, known: readonly string[]): string | undefined {
  const today = RENAMED[key];
  if (today === undefined || !known.includes(today.key)) return undefined;
  return `it is ${quote(today.key)} now${today.value === undefined ? "" : `, like ${today.value}`}`;
}

function unknownKey(root: Tree, path: Path, key: string, known: readonly string[]): Issue {
  const keyPath = [...path, key];
  const place = find(root, keyPath).key;
  const written = valueAt(root, path);
  const unused = known.filter((one) => !(written?.kind === "map" && written.entries.has(one)));
  // A slip of a key that is there already is still a slip of that key.
  const isSlip = nearest(key, unused) === undefined && nearest(key, known) !== undefined;
  const hint = todayOf(key, known) ?? suggest(key, isSlip ? known : unused);
  return issueAt(place, keyPath, `unknown key ${quote(key)}${baseHint(place, root, path)}`, hint);
}

/** A key that tells forms apart and is missing: as a slip of the finger where one is written. */
function untoldKey(root: Tree, path: Path, known: readonly string[]): Issue | undefined {
  const above = path.slice(0, -1);
  const key = String(path.at(-1));
  const written = valueAt(root, above);
  if (written?.kind !== "map") return undefined;
  const unknown = [...written.entries.keys()].filter((one) => !known.includes(one));
  const slip = slipOf(key, unknown, known, written);
  return slip === undefined ? undefined : unknownKey(root, above, slip, [key]);
}

/** How the message of a missing key begins. */
export const MISSING_KEY = "missing key";

function missingKey(root: Tree, path: Path, values: readonly string[]): Issue {
  const hint = values.length > 0 ? `write ${choices(values)}` : undefined;
  return issueAt(placeOf(root, path), path, `${MISSING_KEY} ${quote(path.at(-1))}`, hint);
}

/** The names that would have been right, for the issues that know them. */
function namesOf(issue: ZodIssue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union") return ("options" in issue ? (issue.options ?? []) : []).map(String);
  return [];
}

/**
 * Keys that the form that was meant does not know, and another does: each is right by itself, but not beside keys that
 * only the other form has.
 */
function keysApart(
  branch: readonly ZodIssue[],
  others: readonly (readonly ZodIssue[])[],
  value: Tree,
  path: Path,
  root: Tree,
): readonly Issue[] {
  const unknown = unknownTo(branch, value);
  return unknown.flatMap((key) => {
    const rival = others.find((one) => !unknownTo(one, value).includes(key)) ?? [];
    const known = unknownTo(rival, value).filter((one) => !unknown.includes(one));
    if (known.length === 0) return [];
    const keyPath = [...path, key];
    const message = `${quote(key)} does not go with ${choices(known.map((one) => quote(one)))}`;
    return [issueAt(find(root, keyPath).key, keyPath, message, "write one or the other, not both")];
  });
}

function toIssues(issue: ZodIssue, above: Path, root: Tree): readonly Issue[] {
  const path: Path = [
    ...above,
    ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
  ];
  const value = valueAt(root, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(root, path, key, keysIn(issue)));
  }
  const names = namesOf(issue);
  if (value === undefined) {
    // A check of several keys found this one's default wrong: it is not missing, it does not fit the others.
    if (issue.code === "custom") return [issueAt(placeOf(root, path), path, issue.message)];
    const slip = issue.code === "invalid_union" ? untoldKey(root, path, keysIn(issue)) : undefined;
    return [slip ?? missingKey(root, path, names)];
  }
  if (issue.code === "invalid_key") {
    const message = issue.issues[0]?.message ?? issue.message;
    return [issueAt(find(root, path).key, path, message)];
  }
  if (value.kind === "scalar" && value.value === null) {
    return [issueAt(value.place, path, "has no value: write one, or remove the key")];
  }
  if (issue.code === "invalid_union") {
    const branch = meantBranch(issue, value);
    const others = issue.errors.filter((one) => one !== branch && !isOtherKind(one, value));
    const apart = keysApart(branch, others, value, path, root);
    const inside = allIssues(branch, path, root);
    if (branch.length > 0) return [...apart, ...inside];
  }
  if (issue.code === "invalid_union" && names.length > 0) {
    const message = `${quote(toPlain(value))} is not ${choices(names)}`;
    return [issueAt(value.place, path, message, didYouMean(value, names))];
  }
  return [issueAt(value.place, path, issue.message, didYouMean(value, names))];
}

/** Whether a key is missing because of a slip of the finger, which another of the issues names. */
function isSlipped({ path }: ZodIssue, all: readonly ZodIssue[], above: Path, root: Tree): boolean {
  const written = valueAt(root, [...above, ...path.slice(0, -1)] as Path);
  const key = String(path.at(-1));
  if (path.length === 0 || written?.kind !== "map" || written.entries.has(key)) return false;
  return all.some((one) => {
    if (one.code !== "unrecognized_keys" || one.path.length !== path.length - 1) return false;
    if (one.path.some((step, index) => step !== path[index])) return false;
    return slipOf(key, one.keys, keysIn(one), written) !== undefined;
  });
}

function allIssues(issues: readonly ZodIssue[], above: Path, root: Tree): readonly Issue[] {
  const own = issues.filter((issue) => !isSlipped(issue, issues, above, root));
  return own.flatMap((issue) => toIssues(issue, above, root));
}

/** A file of code that is named without saying where it lies, or with the other slashes. */
const FILE_OF_CODE = /\.[cm]?[jt]s$/;
const MODULE_HINT = "a module of your own, where one may be named, begins with ./, ../ or /";

function didYouMean(value: Tree, names: readonly string[]): string | undefined {
  if (value.kind === "scalar" && FILE_OF_CODE.test(String(value.value))) return MODULE_HINT;
  const meant = value.kind === "scalar" ? nearest(String(value.value), names) : undefined;
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
}

/** Everything that zod found, placed in the tree that it parsed, or a part of it: where that is. */
export function explain(error: z.ZodError, root: Tree, above: Path = []): readonly Issue[] {
  return allIssues(error.issues, above, root);
}

/**
 * One issue per place and path, the first to be found, in reading order: the files as they first appear, then
 * lines.
 */
export function arrange(issues: readonly Issue[]): readonly Issue[] {
  const files = [...new Set(issues.map((issue) => issue.file))];
  const seen = new Map<string, Issue>();
  for (const issue of issues) {
    const key = JSON.stringify([issue.file, issue.line, issue.column, issue.path]);
    if (!seen.has(key)) seen.set(key, issue);
  }
  return [...seen.values()].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
