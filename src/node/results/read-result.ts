// Reads a result back, from whatever `run` and `report` write: a result folder, its summary.json, a report.html, or the
// whole result as JSON. What is none of these is refused by name, before anything is computed from it.
import { basename, dirname, join } from "node:path";
import { type RunResult, SurgefleetError } from "../../core/index.js";
import {
  briefJson,
  embeddedResult,
  jsonFault,
  problemsOfResult,
  RESULT_SCHEMA_VERSION,
  UNKNOWN_LOAD,
} from "../../core/internal.js";
import { kindOf } from "../files/look.js";
import { readText } from "../files/read-text.js";
import { readTogether } from "../files/settled-read.js";
import { MANIFEST_FILE } from "./manifest.js";
import { readTimeseries } from "./timeseries-reader.js";

const SUMMARY = "summary.json";
/** Of a file that is no result at all. */
const MOST_PROBLEMS = 20;
const TIMESERIES = "timeseries.csv";
const NO_HISTORY: RunResult["series"] = { interval: 0, tiers: [], pools: [] };

/** A result, and what lies beside it. */
export interface ReadResult {
  readonly result: RunResult;
  /** manifest.json as text; undefined where there is none. */
  readonly manifest: string | undefined;
  /** Every file that was looked for. */
  readonly sources: readonly string[];
}

/** Throws NOT_FOUND for what cannot be read, and USAGE for what is no result of this version. */
export function readResult(path: string): ReadResult {
  const isFolder = kindOf(path) === "folder";
  const file = isFolder ? join(path, SUMMARY) : path;
  const beside = (name: string) => join(dirname(file), name);
  const manifestPath = beside(MANIFEST_FILE);
  // A summary leaves the history to the file beside it; without that file there is none.
  const history = basename(file) === SUMMARY ? beside(TIMESERIES) : undefined;
  const sources = [file, manifestPath, ...(history === undefined ? [] : [history])];
  return readTogether(sources, () => {
    if (isFolder && kindOf(file) === undefined)
      throw refused(path, `the folder has no ${SUMMARY}, so it is no result`);
    const stored = checked(file, parsed(file, readText(file)));
    const { load = UNKNOWN_LOAD, series = historyIn(history, stored) } = stored;
    const result = { ...stored, load, series };
    return { result, manifest: textIn(manifestPath), sources };
  });
}

type Stored = Omit<RunResult, "load" | "series"> & Partial<Pick<RunResult, "load" | "series">>;

/** What results of the same version may lack. */
const ADDED_LATER = { sources: [], trackedAccounts: [] } as const satisfies Partial<Stored>;
const ADDED_TO_POOLS = { scaling: null, gpuCost: null } as const satisfies Partial<Stored["pools"][number]>;
const ADDED_TO_FLEET = { scaling: null, isPriced: false, gpuCost: null } as const satisfies Partial<
  Stored["fleet"]
>;
const ADDED_TO_TIERS = { fairness: null } as const satisfies Partial<Stored["all"]>;
const ADDED_TO_ACCOUNTS = { endedRequests: 0, demandedTokens: 0, servedTokens: 0 } as const satisfies Partial<
  Stored["accounts"][number]
>;

function completed(stored: Stored): Stored {
  const tiers = stored.tiers.map((row) => ({ ...ADDED_TO_TIERS, ...row }));
  const all = { ...ADDED_TO_TIERS, ...stored.all };
  const accounts = stored.accounts.map((row) => ({ ...ADDED_TO_ACCOUNTS, ...row }));
  const pools = stored.pools.map((pool) => ({ ...ADDED_TO_POOLS, ...pool }));
  return {
    ...ADDED_LATER,
    ...stored,
    tiers,
    all,
    accounts,
    pools,
    fleet: { ...ADDED_TO_FLEET, ...stored.fleet },
  };
}

function parsed(path: string, text: string): unknown {
  const isPage = text.trimStart().startsWith("<");
  const json = isPage ? embeddedResult(text) : text;
  if (json === undefined) throw refused(path, "the page holds no result; it is no report of this program");
  try {
    return JSON.parse(json);
  } catch {
    throw isPage ? refused(path, "the result in it is damaged: it is no JSON") : notJson(path, text);
  }
}

function checked(path: string, value: unknown): Stored {
  const isObject = typeof value === "object" && value !== null;
  if (!isObject || !("schemaVersion" in value)) {
    throw refused(path, 'it has no "schemaVersion", so it is no result of "surgefleet run"');
  }
  const version = value.schemaVersion;
  if (version !== RESULT_SCHEMA_VERSION) {
    const whose = typeof version === "number" && version > RESULT_SCHEMA_VERSION ? "a newer" : "another";
    const what = `its schemaVersion is ${briefJson(version)}, of ${whose} version of surgefleet`;
    throw refused(path, `${what}; this one reads ${RESULT_SCHEMA_VERSION}: run the scenario again`);
  }
  const problems = problemsOfResult(value);
  if (problems.length === 0) return completed(value as unknown as Stored);
  const issues = problems.slice(0, MOST_PROBLEMS).map(({ place, why }) => ({
    ...{ file: path, line: 0, column: 0, path: place },
    message: `not as in a result: ${why}`,
  }));
  throw new SurgefleetError("USAGE", `cannot read a result from ${path}`, issues);
}

function historyIn(path: string | undefined, result: Stored): RunResult["series"] {
  const text = path && textIn(path);
  return path === undefined || text === undefined
    ? NO_HISTORY
    : readTimeseries(path, text, result.time.simulated);
}

function textIn(path: string): string | undefined {
  return kindOf(path) === undefined ? undefined : readText(path);
}

/** Tells where it stops being JSON. */
function notJson(path: string, text: string): SurgefleetError {
  const { line, column, what } = jsonFault(text);
  const message = `neither a result as JSON nor a report as HTML: ${what}`;
  return new SurgefleetError("USAGE", `cannot read a result from ${path}`, [
    { file: path, line, column, path: "", message },
  ]);
}

function refused(path: string, why: string): SurgefleetError {
  return new SurgefleetError("USAGE", `cannot read a result from ${path}: ${why}`);
}
