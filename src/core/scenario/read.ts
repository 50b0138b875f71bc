// The one way from a document to a scenario: extend, override, check, resolve. Returns either a scenario or every
// problem at once, each at its place. Knows no text, no files and no process: opening another document is the
// caller's.
import type { Issue } from "../base/errors.js";
import type { LoadCode } from "../custom/code.js";
import { loadExtended, withoutExtends } from "../document/extend.js";
import { arrange, explain } from "../document/issues.js";
import { plainWords } from "../document/plain-words.js";
import type { Raw, Report } from "../document/raw.js";
import type { ReadSource, Source } from "../document/source.js";
import {
  find,
  issueAt,
  type Mapping,
  type Path,
  type Place,
  placeOf,
  type Tree,
  toPlain,
} from "../document/tree.js";
import { readProfileFiles } from "../server/profile/file/profile-files.js";
import { crossCheck } from "./cross-checks.js";
import { scenarioFile } from "./file.js";
import { loadModules } from "./modules.js";
import { SCENARIO_PRESETS } from "./presets.js";
import { readRateFiles } from "./rate-files.js";
import { checkResolved } from "./resolved-checks.js";
import { type Scenario, scenarioSchema } from "./schema.js";
import { checkGoneKeys } from "./traffic-checks.js";

export interface ReadOptions {
  /** Loads modules of users' own; without it none may be named. */
  readonly code?: LoadCode | undefined;
  /** Opens a base; without it only presets can be extended. */
  readonly read?: ReadSource | undefined;
  /** Lays values over the document once it is whole. */
  readonly override?:
    | ((tree: Mapping) => { readonly tree: Tree; readonly issues: readonly Issue[] })
    | undefined;
}

interface Loaded {
  readonly ok: true;
  readonly scenario: Scenario;
  /** The merged document as written, before units and defaults. */
  readonly document: unknown;
  /** Where the value at a path of the document is written; where it is missing, the nearest key above it. */
  readonly place: (path: Path) => Place;
}

interface NotLoaded {
  readonly ok: false;
  /** At least one. */
  readonly issues: readonly Issue[];
}

export type LoadResult = Loaded | NotLoaded;

/** "scenarios/Black Friday.yaml" becomes "black-friday". */
function nameFromFile(file: string): string {
  const base = file.split(/[/\\]/).at(-1) ?? "";
  const stem = base.replace(/\.(?:ya?ml|json)$/i, "").toLowerCase();
  const name = stem
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 64);
  return name.replace(/-$/, "") || "scenario";
}

function findIssues(tree: Tree, document: object): readonly Issue[] {
  const issues: Issue[] = [];
  const report: Report = (path, message, { hint, at } = {}) => {
    const place = at === "key" ? find(tree, path).key : placeOf(tree, path);
    issues.push(issueAt(place, path, message, hint));
  };
  // Of what is said of one place the first is kept: a key that is gone is more than unknown.
  checkGoneKeys(document, report);
  const parsed = scenarioFile.safeParse(document, { error: plainWords });
  if (!parsed.success) issues.push(...explain(parsed.error, tree));
  crossCheck(document, report);
  return issues;
}

const OF_WHAT_IS_READ = /^(?:pools\.[^.]+\.replica|traffic\.[^.]+\.arrivals)(?:\.|$)/;

/** Reads a scenario. Problems of the scenario are returned, never thrown. */
export function readScenario(source: Source, options: ReadOptions = {}): LoadResult {
  const extended = loadExtended(source, options.read, SCENARIO_PRESETS);
  if (extended.tree === undefined) return { ok: false, issues: arrange(extended.issues) };
  const overridden = options.override?.(extended.tree) ?? { tree: extended.tree, issues: [] };
  const withRates = readRateFiles(overridden.tree, options.read);
  const withProfiles = readProfileFiles(withRates.tree, options.read);
  const { tree } = withProfiles;
  const issues = [...withRates.issues, ...withProfiles.issues];
  const own = loadModules(tree, toPlain(tree) as Raw, options.code);
  // A profile or a rate that could not be read would only be called unknown as well.
  const isConsequence = ({ path }: Issue) => issues.length > 0 && OF_WHAT_IS_READ.test(path);
  const found = findIssues(tree, toPlain(tree) as object).filter((issue) => !isConsequence(issue));
  const all = arrange([...extended.issues, ...overridden.issues, ...issues, ...own.issues, ...found]);
  if (all.length > 0) return { ok: false, issues: all };
  const document = toPlain(withoutExtends(tree as Mapping)) as object;
  const parsed = scenarioSchema.parse({ name: nameFromFile(source.file), ...document });
  const { modules } = own;
  const scenario: Scenario = modules === undefined ? parsed : { ...parsed, modules };
  const pointless: Issue[] = [];
  checkResolved(scenario, (path, message, { hint, at } = {}) => {
    const place = at === "key" ? find(tree, path).key : placeOf(tree, path);
    pointless.push(issueAt(place, path, message, hint));
  });
  if (pointless.length > 0) return { ok: false, issues: arrange(pointless) };
  return { ok: true, scenario, document, place: (path) => placeOf(tree, path) };
}
