// `surgefleet calibrate`: fits a profile to step logs, prints how good it is, writes it.
import { basename } from "node:path";
import {
  type CalibrateOptions,
  calibrate,
  calibrationSvg,
  parseProfile,
  readStepLog,
  type StepLog,
  score,
} from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { assertWritable, type NamedOutput } from "../../files/output-path.js";
import { readTextChunks } from "../../files/read-text.js";
import { writeWhole } from "../../files/write-whole.js";
import type { Terminal } from "../../terminal.js";
import { pictureTitle, print, profileJson } from "./text.js";

export interface CalibrateFlags {
  readonly name?: string | undefined;
  readonly source?: string | undefined;
  readonly out?: string | undefined;
  readonly svg?: string | undefined;
  readonly run?: readonly string[] | undefined;
  readonly score?: readonly string[] | undefined;
  readonly rows?: CalibrateOptions["rows"];
  readonly kvTokens?: number | undefined;
  readonly experts?: CalibrateOptions["experts"];
  readonly maxError: number;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function calibrateCommand(
  paths: readonly string[],
  flags: CalibrateFlags,
  terminal: Terminal,
): ExitCode {
  const inputs = [...paths, ...(flags.run ?? []), ...(flags.score ?? [])];
  assertWritable(outputsOf(flags), inputs);
  const read = (path: string) => readLog(path, flags);
  const options = optionsOf(paths, flags, read);
  const calibration = calibrate(paths.map(read), options);
  const { gpu } = calibration.profile;
  const scores = (flags.score ?? []).map((path) => score(gpu, read(path)));
  const profile = profileJson(calibration.profile);
  // What is written must be what can be read.
  parseProfile(profile, flags.out ?? "the fitted profile");
  const svg = () =>
    calibrationSvg(pictureTitle(options.name, calibration, scores), calibration.fitted, scores);
  const files = outputsOf(flags).map((file) => ({ ...file, text: file.flag === "--out" ? profile : svg() }));
  writeWhole(files, inputs);
  print(calibration, scores, flags, terminal);
  const { errors } = terminal;
  for (const { path } of files) errors.write(`wrote ${path}\n`);
  if (flags.out !== undefined) errors.write("in a scenario it needs maxSequences and kvTokens beside it\n");
  return ExitCode.ok;
}

function outputsOf({ out, svg }: CalibrateFlags): NamedOutput[] {
  return [
    ...(out === undefined ? [] : [{ flag: "--out", path: out }]),
    ...(svg === undefined ? [] : [{ flag: "--svg", path: svg }]),
  ];
}

function readLog(path: string, { kvTokens }: CalibrateFlags): StepLog {
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
    maxError: flags.maxError,
    ...(flags.rows === undefined ? {} : { rows: flags.rows }),
    ...(flags.run === undefined ? {} : { runs: flags.run.map(read) }),
    ...(flags.experts === undefined ? {} : { experts: flags.experts }),
  };
}
