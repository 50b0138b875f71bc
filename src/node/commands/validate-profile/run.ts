// `surgefleet validate-profile`: holds a profile against a recorded run of an engine, and prints both side by side.
import { SurgefleetError } from "../../../core/index.js";
import {
  PROFILE_NAMES,
  type ProfileFile,
  parseProfile,
  profileFileByName,
  type TextSource,
  validateProfile,
  validationText,
} from "../../../core/internal.js";
import { ExitCode } from "../../exit-code.js";
import { readText, readTextChunks } from "../../files/read-text.js";
import { printDocument } from "../../print.js";
import { pageFor, type Terminal } from "../../terminal.js";

export interface ValidateProfileFlags {
  readonly requests?: string | undefined;
  readonly steps?: string | undefined;
  readonly maxSequences?: number | undefined;
  readonly maxBatchedTokens?: number | undefined;
  readonly check?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function validateProfileCommand(
  name: string,
  flags: ValidateProfileFlags,
  terminal: Terminal,
): ExitCode {
  if (flags.requests === undefined && flags.steps === undefined) {
    throw new SurgefleetError(
      "USAGE",
      "say what to hold the profile against: --requests FILE, --steps FILE, or both",
    );
  }
  const settings = {
    ...(flags.maxSequences === undefined ? {} : { maxSequences: flags.maxSequences }),
    ...(flags.maxBatchedTokens === undefined ? {} : { maxBatchedTokens: flags.maxBatchedTokens }),
  };
  const recording = {
    ...(flags.requests === undefined ? {} : { requests: textOf(flags.requests) }),
    ...(flags.steps === undefined ? {} : { steps: textOf(flags.steps) }),
  };
  const report = validateProfile({ profile: () => profileOf(name), ...recording, settings });
  printDocument(flags, terminal, {
    document: () => report,
    report: () => validationText(report, pageFor(flags, terminal)),
  });
  const beyond = flags.check === true && report.bounds.some(({ verdict }) => verdict === "beyond");
  return beyond ? ExitCode.thresholdFailed : ExitCode.ok;
}

/** Characters: profiles are written by hand, or by `calibrate`. */
const MOST_OF_A_PROFILE = 4 * 1024 * 1024;

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
