// `surgefleet validate-profile`: holds a profile against a recorded run of an engine, and prints both side by side.
import { SurgefleetError, type TraceFormatName } from "../../../core/index.js";
import {
  type EngineSettings,
  PROFILE_NAMES,
  type ProfileFile,
  parseProfile,
  profileFileByName,
  type StageFleet,
  stagesHtml,
  stagesText,
  type TextSource,
  validateProfile,
  validateStages,
  validationHtml,
  validationText,
} from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { readText, readTextChunks } from "../../files/read-text.js";
import { reportClientFiles } from "../../package-files.js";
import { printDocument } from "../../print.js";
import { loadScenarioFile, parseOverride } from "../../scenario-file.js";
import { pageFor, type Terminal } from "../../terminal.js";
import { openPage, type WritePage } from "./page.js";

export interface ValidateProfileFlags {
  readonly requests?: string | undefined;
  readonly steps?: string | undefined;
  readonly stages?: readonly string[] | undefined;
  readonly model?: string | undefined;
  readonly since?: string | undefined;
  /** Microseconds. */
  readonly over?: number | undefined;
  readonly html?: string | undefined;
  readonly format?: TraceFormatName | "auto" | undefined;
  readonly maxSequences?: number | undefined;
  readonly maxBatchedTokens?: number | undefined;
  readonly maxPrefills?: number | undefined;
  readonly kvTokens?: number | undefined;
  readonly replicas?: number | undefined;
  /** Microseconds. */
  readonly timeout?: number | undefined;
  readonly set?: readonly string[] | undefined;
  readonly check?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

const MICROS_PER_SECOND = 1e6;

/** The page's own files are an argument, so that a test needs no build. */
export function validateProfileCommand(
  name: string,
  flags: ValidateProfileFlags,
  terminal: Terminal,
  files = reportClientFiles(),
): ExitCode {
  const recorded = [flags.requests, flags.steps, ...(flags.stages ?? []), flags.since].filter(
    (path) => path !== undefined,
  );
  if (recorded.length === 0) {
    throw new SurgefleetError(
      "USAGE",
      "say what to hold the profile against: --requests FILE, --steps FILE, or both, or --stages FILE",
    );
  }
  const writePage = flags.html === undefined ? undefined : openPage(flags.html, recorded, name, files);
  if (flags.stages === undefined && isScenario(name)) {
    throw new SurgefleetError("USAGE", `${name} is a scenario, which is held against --stages FILE`);
  }
  return flags.stages === undefined
    ? runCommand(name, flags, terminal, writePage)
    : stagesCommand(name, { ...flags, stages: flags.stages }, terminal, writePage);
}

function runCommand(
  name: string,
  flags: ValidateProfileFlags,
  terminal: Terminal,
  writePage: WritePage | undefined,
): ExitCode {
  const { format } = flags;
  const report = validateProfile({
    ...commonOf(name, flags),
    ...(flags.requests === undefined ? {} : { requests: textOf(flags.requests) }),
    ...(flags.steps === undefined ? {} : { steps: textOf(flags.steps) }),
    ...(format === undefined ? {} : { format }),
  });
  writePage?.((parts) => validationHtml(report, parts), terminal);
  printDocument(flags, terminal, {
    document: () => report,
    report: () => validationText(report, pageFor(flags, terminal)),
  });
  const beyond = flags.check === true && report.bounds.some(({ verdict }) => verdict === "beyond");
  return beyond ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Characters: profiles are written by hand, or by `calibrate`. */
const MOST_OF_A_PROFILE = 4 * 1024 * 1024;

function stagesCommand(
  name: string,
  flags: ValidateProfileFlags & { readonly stages: readonly string[] },
  terminal: Terminal,
  writePage: WritePage | undefined,
): ExitCode {
  if (flags.requests !== undefined || flags.steps !== undefined) {
    throw new SurgefleetError(
      "USAGE",
      "--stages are percentiles only: give --requests and --steps without them",
    );
  }
  const report = validateStages({
    ...commonOf(name, flags),
    ...(isScenario(name) && { profile: () => fleetOf(name, flags), overrides: [] }),
    stages: flags.stages.map(textOf),
    model: flags.model,
    since: flags.since === undefined ? undefined : textOf(flags.since),
    seconds: flags.over === undefined ? undefined : flags.over / MICROS_PER_SECOND,
  });
  writePage?.((parts) => stagesHtml(report, parts), terminal);
  printDocument(flags, terminal, {
    document: () => report,
    report: () => stagesText(report, pageFor(flags, terminal)),
  });
  return ExitCode.ok;
}

function isScenario(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** A scenario whose one source sends the stages' load. What the stage says is laid over what is set by hand. */
function fleetOf(path: string, flags: ValidateProfileFlags): StageFleet {
  const said = Object.keys(settingsOf(flags));
  if (said.length > 0) {
    throw new SurgefleetError(
      "USAGE",
      "how a scenario's replicas are set it says itself: change it with --set",
    );
  }
  const { scenario } = loadScenarioFile(path, flags.set ?? []);
  const [source, ...others] = Object.keys(scenario.traffic);
  if (source === undefined || others.length > 0) {
    throw new SurgefleetError("USAGE", `${path} has several sources: a stage is the load of one`);
  }
  const spec = scenario.traffic[source]!;
  if ("prefix" in spec && spec.prefix !== undefined) {
    throw new SurgefleetError(
      "USAGE",
      `${path}: prompts are those of the stage: leave out traffic.${source}.prefix`,
    );
  }
  const load: StageFleet["load"] = (overrides) =>
    loadScenarioFile(path, flags.set ?? [], {
      flag: "--stages",
      overrides: overrides.map((one) => `${one.path}=${one.value}`),
    }).scenario;
  return { name: scenario.name, source, load };
}

/** What runs and stages are simulated with. */
function commonOf(name: string, flags: ValidateProfileFlags) {
  const { timeout } = flags;
  return {
    profile: () => profileOf(name),
    settings: settingsOf(flags),
    timeout: timeout === undefined ? undefined : timeout / MICROS_PER_SECOND,
    overrides: (flags.set ?? []).map((text) => parseOverride(text)),
  };
}

/** What the flags say; the rest is the profile's. */
function settingsOf(flags: ValidateProfileFlags): Partial<EngineSettings> {
  const { maxSequences, maxBatchedTokens, maxPrefills, kvTokens, replicas } = flags;
  const said = { maxSequences, maxBatchedTokens, maxPrefillSequences: maxPrefills, kvTokens, replicas };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function textOf(path: string): TextSource {
  return { file: path, chunks: () => readTextChunks(path) };
}

/** A shipped profile by its name, or else a file. */
function profileOf(name: string): ProfileFile {
  if (PROFILE_NAMES.includes(name)) return profileFileByName(name);
  // What neither looks like a path nor is one was meant as a name.
  if (!/[/\\]|\.json$/i.test(name)) return profileFileByName(name);
  return parseProfile(readText(name, MOST_OF_A_PROFILE), name);
}
