// Loads a scenario from disk with everything it needs, or says everything that is wrong with it.
import { dirname, isAbsolute, join } from "node:path";
import {
  type Issue,
  type LoadCode,
  type LoadOptions,
  loadScenario,
  type Scenario,
  SurgefleetError,
} from "../core/index.js";
import { loadCode } from "./code/load.js";
import { visibleIssue } from "./describe-error.js";
import { readTextChunks } from "./files/read-text.js";

/** Scenarios are written by hand. This bounds the memory that a file named by mistake can take. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** One trace file that a scenario reads. */
export interface TraceFile {
  /** As the scenario writes it. */
  readonly name: string;
  /** Where it lies: relative to the file that names it, or to the working directory if a flag does. */
  readonly path: string;
  readonly format: TraceSource["arrivals"]["format"];
}

type TraceSource = Extract<Scenario["traffic"][string], { kind: "trace" }>;

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** After extends and overrides, as plain data. */
  readonly document: unknown;
  readonly traces: readonly TraceFile[];
  /** Every other file that was read: the scenario, what it extends, profiles. */
  readonly sources: readonly string[];
  /** Where each threshold is written, in the order in which results list them. */
  readonly thresholdPlaces: readonly ThresholdPlace[];
}

/** Line and column count from 1; 0 for what a flag says. */
export interface ThresholdPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Overrides that another flag than `--set` stands for. */
export interface FlagOverrides {
  /** As messages name it: `--find`. */
  readonly flag: string;
  readonly overrides: readonly string[];
}

/** What a person allows who names a scenario. */
export interface Allowed {
  /** Whether modules of users' own are loaded, which is to run them. */
  readonly allowCode?: boolean | undefined;
}

/**
 * Loads a scenario with overrides like "pools.shared.replicas=5", those of another flag last. Throws INVALID_SCENARIO
 * with every issue, NOT_FOUND if the file cannot be read, USAGE for an override that is none.
 */
export function loadScenarioFile(
  path: string,
  overrides: readonly string[] = [],
  { flag = SET, overrides: more = [], allowCode = false }: Partial<FlagOverrides> & Allowed = {},
): LoadedScenario {
  const given = [
    ...overrides.map((text) => readOverride(text, SET)),
    ...more.map((text) => readOverride(text, flag)),
  ];
  const malformed = given.filter((one) => "message" in one);
  const sources: string[] = [];
  const read = (one: string) => {
    sources.push(one);
    return readScenario(one);
  };
  const code: LoadCode = (name, from) => {
    const answer = loadCode(name, from);
    if (answer.ok) sources.push(answer.code.file);
    return answer;
  };
  const loaded = loadScenario(read(path), {
    read: (reference, from) => read(besides(from, reference)),
    ...(allowCode && { code }),
    overrides: given.filter((one) => "value" in one),
  });
  if (!loaded.ok || malformed.length > 0) {
    const issues = [...malformed, ...(loaded.ok ? [] : loaded.issues)];
    throw new SurgefleetError("INVALID_SCENARIO", `${path} is not a valid scenario`, issues);
  }
  const { scenario, document, place } = loaded;
  return {
    scenario,
    document,
    traces: traceFiles(scenario, place),
    sources,
    thresholdPlaces: thresholdPlaces(document, place),
  };
}

/** Every file that the scenario is read from, which no command that runs it may write over. */
export function inputsOf({ sources, traces }: Pick<LoadedScenario, "sources" | "traces">): string[] {
  return [...sources, ...traces.map(({ path }) => path)];
}

/** As a gate runs it: as long as the scenario says under `check`, unless an override says how long. Throws the same. */
export function loadCheckedScenario(
  path: string,
  overrides: readonly string[] = [],
  allowed: Allowed = {},
): LoadedScenario {
  const whole = loadScenarioFile(path, overrides, allowed);
  const { duration } = whole.scenario.check;
  return duration === undefined
    ? whole
    : loadScenarioFile(path, [`duration=${duration}us`, ...overrides], allowed);
}

function thresholdPlaces(document: unknown, place: PlaceOf): ThresholdPlace[] {
  const { thresholds = {} } = document as { readonly thresholds?: Readonly<Record<string, unknown>> };
  return Object.entries(thresholds).flatMap(([metric, given]) =>
    Array.isArray(given)
      ? given.map((_, index) => place(["thresholds", metric, index]))
      : [place(["thresholds", metric])],
  );
}

type PlaceOf = (path: readonly (string | number)[]) => { file: string; line: number; column: number };

/**
 * Loads a scenario with what a flag tries of it. Throws as `loadScenarioFile` does, and says of a problem with which
 * words it came: the scenario by itself has none, and the place of one may be a line that these words do not name.
 */
export function loadTried(
  path: string,
  sets: readonly string[],
  tried: FlagOverrides & Allowed & { readonly words: string },
): LoadedScenario {
  try {
    return loadScenarioFile(path, sets, tried);
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    if (error.issues.length === 0) throw new SurgefleetError("USAGE", `${tried.words}: ${error.message}`);
    const problems = error.issues.map(visibleIssue).join("\n");
    throw new SurgefleetError("USAGE", `${tried.words}: ${path} is not valid with that\n${problems}`);
  }
}

type Override = NonNullable<LoadOptions["overrides"]>[number];

const SET = "--set";

/** Reads `path=value`. Throws USAGE for what is none. */
export function parseOverride(text: string): Override {
  const read = readOverride(text, SET);
  if ("value" in read) return read;
  throw new SurgefleetError("USAGE", `${text}: ${read.message}`);
}

/** Reads `path=value`, or says what is wrong with it. */
function readOverride(text: string, origin: string): Override | Issue {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (path !== undefined && value !== undefined) return { path: path.trim(), value, origin };
  const message = "write path=value, as in pools.shared.replicas=5";
  return { file: origin, line: 0, column: 0, path: text === "" ? '""' : text, message };
}

/** A path of its own where a file names another one. */
function besides(file: string, reference: string): string {
  return isAbsolute(reference) ? reference : join(dirname(file), reference);
}

function traceFiles(scenario: Scenario, place: PlaceOf): TraceFile[] {
  const traces = new Map<string, TraceFile>();
  for (const [source, { kind, arrivals }] of Object.entries(scenario.traffic)) {
    if (kind !== "trace" || !("trace" in arrivals)) continue;
    const name = arrivals.trace;
    const { file, line } = place(["traffic", source, "arrivals", "trace"]);
    const path = line === 0 ? name : besides(file, name);
    const known = [...traces.values()].find((trace) => trace.name === name);
    if (known !== undefined && known.path !== path) {
      const message = `the trace "${name}" means ${known.path} and ${path}: write their full paths`;
      throw new SurgefleetError("INVALID_SCENARIO", message);
    }
    // Two sources may read one file in different formats, right or wrong: both are checked.
    traces.set(`${arrivals.format} ${name}`, { name, path, format: arrivals.format });
  }
  return [...traces.values()];
}

function readScenario(path: string): { file: string; text: string } {
  let text = "";
  for (const chunk of readTextChunks(path)) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) {
      throw new SurgefleetError("INVALID_SCENARIO", `${path} is larger than 4 MiB: is it a scenario?`);
    }
  }
  return { file: path, text };
}
