// `surgefleet calibrate`: fits a profile to step logs, prints how good it is, writes it.
import { basename } from "node:path";
import {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  calibrationSvg,
  calibrationText,
  parseProfile,
  parseRowSizes,
  readStepLog,
  type Score,
  type StepLog,
  SurgefleetError,
  score,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { readTextChunks } from "../files/read-text.js";
import { type NamedText, writeWhole } from "../files/write-whole.js";
import { pageFor, type Terminal } from "../terminal.js";

export interface CalibrateFlags {
  readonly name?: string;
  readonly source?: string;
  readonly out?: string;
  readonly svg?: string;
  readonly run?: readonly string[];
  readonly score?: readonly string[];
  readonly rows?: string;
  readonly kvTokens?: string;
  readonly experts?: string;
  readonly maxError?: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

const MOST_ERROR = "10%";

export function calibrateCommand(
  paths: readonly string[],
  flags: CalibrateFlags,
  terminal: Terminal,
): ExitCode {
  const read = (path: string) => readLog(path, flags);
  const options = optionsOf(paths, flags, read);
  const calibration = calibrate(paths.map(read), options);
  const { gpu } = calibration.profile;
  const scores = (flags.score ?? []).map((path) => score(gpu, read(path)));
  const profile = profileJson(calibration.profile);
  // What is written must be what can be read.
  parseProfile(profile, flags.out ?? "the fitted profile");
  const shown = [...calibration.fitted, ...scores];
  const svg = () => calibrationSvg(`${options.name}: ${counted(shown)}`, calibration.fitted, scores);
  const files: NamedText[] = [];
  if (flags.out !== undefined) files.push({ flag: "--out", path: flags.out, text: profile });
  if (flags.svg !== undefined) files.push({ flag: "--svg", path: flags.svg, text: svg() });
  writeWhole(files, [...paths, ...(flags.run ?? []), ...(flags.score ?? [])]);
  const { output, errors } = terminal;
  if (flags.json === true) {
    const tell = (list: readonly Score[]) => list.map(({ file, errors }) => ({ file, ...errors }));
    const { notes, fitted } = calibration;
    const json = { profile: calibration.profile, fitted: tell(fitted), scored: tell(scores), notes };
    output.write(`${JSON.stringify(json, null, 2)}\n`);
  } else {
    const text = calibrationText(calibration, scores, {
      ...pageFor(flags, terminal),
      ...(output.columns === undefined ? {} : { width: output.columns }),
    });
    output.write(text);
  }
  for (const { path } of files) errors.write(`wrote ${path}\n`);
  if (flags.out !== undefined) errors.write("in a scenario it needs maxSequences and kvTokens beside it\n");
  return ExitCode.ok;
}

function readLog(path: string, flags: CalibrateFlags): StepLog {
  const kvTokens = flags.kvTokens === undefined ? undefined : positive(flags.kvTokens, "--kv-tokens");
  return readStepLog(readTextChunks(path), { file: path, ...(kvTokens === undefined ? {} : { kvTokens }) });
}

function optionsOf(
  paths: readonly string[],
  flags: CalibrateFlags,
  read: (path: string) => StepLog,
): CalibrateOptions {
  const files = [...paths, ...(flags.run ?? [])].map((path) => basename(path));
  return {
    name: flags.name ?? basename(paths[0] ?? "calibrated").replace(/\.[^.]*$/, ""),
    source: flags.source ?? `surgefleet calibrate, from ${files.join(", ")}`,
    maxError: share(flags.maxError ?? MOST_ERROR),
    ...(flags.rows === undefined ? {} : { rows: parseRowSizes(flags.rows) }),
    ...(flags.run === undefined ? {} : { runs: flags.run.map(read) }),
    ...(flags.experts === undefined ? {} : { experts: experts(flags.experts) }),
  };
}

function experts(text: string): NonNullable<CalibrateOptions["experts"]> {
  const [, active, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [chosen, all] = [Number(active), Number(count)];
  if (!(chosen >= 1 && all > chosen)) {
    throw usage(`--experts ${text}: write how many of how many a token is sent to, as in 8/128`);
  }
  return { active: chosen, count: all };
}

function share(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const value = Number(found?.[1]) / 100;
  if (!(value > 0 && value <= 1)) throw usage(`--max-error ${text}: write a share such as ${MOST_ERROR}`);
  return value;
}

function positive(text: string, flag: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw usage(`${flag} ${text}: write a number above 0`);
  return value;
}

function usage(message: string): SurgefleetError {
  return new SurgefleetError("USAGE", message);
}

function counted(scores: readonly Score[]): string {
  const steps = scores.reduce((sum, one) => sum + one.steps.length, 0);
  return `${steps} steps, measured against predicted`;
}

/** With lists of numbers on one line each. */
function profileJson(profile: Calibration["profile"]): string {
  const spread = JSON.stringify(profile, null, 2);
  return `${spread.replace(/\[[\d\s.,]+\]/g, (list) => list.replace(/\s+/g, " "))}\n`;
}
