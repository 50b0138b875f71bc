// `surgefleet validate-profile`: holds a profile against a recorded run of an engine, and prints both side by side.
import {
  PROFILE_NAMES,
  type ProfileFile,
  parseProfile,
  profileFileByName,
  SurgefleetError,
  type TextSource,
  validateProfile,
  validationText,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { readText, readTextChunks } from "../files/read-text.js";
import { pageFor, type Terminal } from "../terminal.js";

export interface ValidateProfileFlags {
  readonly requests?: string;
  readonly steps?: string;
  readonly maxSequences?: string;
  readonly maxBatchedTokens?: string;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
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
  if (flags.check === true && flags.requests === undefined) {
    throw new SurgefleetError("USAGE", "--check holds a replay to its bounds: it needs --requests FILE");
  }
  const settings = {
    ...counted("maxSequences", "--max-sequences", flags.maxSequences),
    ...counted("maxBatchedTokens", "--max-batched-tokens", flags.maxBatchedTokens),
  };
  const recording = {
    ...(flags.requests === undefined ? {} : { requests: textOf(flags.requests) }),
    ...(flags.steps === undefined ? {} : { steps: textOf(flags.steps) }),
  };
  const report = validateProfile({ profile: () => profileOf(name), ...recording, settings });
  const { output } = terminal;
  output.write(
    flags.json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : validationText(report, {
          ...pageFor(flags, terminal),
        }),
  );
  const beyond = flags.check === true && report.bounds.some(({ verdict }) => verdict === "beyond");
  return beyond ? ExitCode.thresholdFailed : ExitCode.ok;
}

function counted(key: "maxSequences" | "maxBatchedTokens", flag: string, text: string | undefined) {
  if (text === undefined) return {};
  const value = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new SurgefleetError("USAGE", `${flag} is a whole number from 1 up, not "${text}"`);
  return { [key]: value };
}

function textOf(path: string): TextSource {
  return { file: path, chunks: () => readTextChunks(path) };
}

/** A shipped profile by its name, or else a file. */
function profileOf(name: string): ProfileFile {
  if (PROFILE_NAMES.includes(name)) return profileFileByName(name);
  // What neither looks like a path nor is one was meant as a name.
  if (!/[/\\]|\.json$/i.test(name)) return profileFileByName(name);
  return parseProfile(readText(name), name);
}
