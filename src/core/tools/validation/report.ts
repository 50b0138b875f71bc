// The whole judgement of a profile: the document that `validate-profile --json` prints. Ties the parts together and
// knows none of them closely. docs/validation.md explains every key.
import { SurgefleetError } from "../../base/errors.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { firstLine } from "../../text/first-line.js";
import { readStepLog } from "../calibration/step-log.js";
import { type BoundCheck, checkBounds } from "./bounds.js";
import { diagnose, diagnoseSteps, type Finding } from "./diagnosis.js";
import { readRecordedSteps } from "./recorded-steps.js";
import type { RecordedTraceOptions } from "./recorded-trace.js";
import { readRecording, type TextSource } from "./recording-file.js";
import { type ReplayOptions, replay } from "./replay.js";
import type { ReplayedEngine } from "./replayed-engine.js";
import { compareRun, type RunComparison } from "./run-comparison.js";
import { type EngineSettings, settingsOf } from "./settings.js";
import { type StepErrors, stepErrors } from "./step-errors.js";

export interface ValidationReport {
  /** Grows when a key changes its meaning or goes; new keys may come. */
  readonly schemaVersion: 1;
  readonly profile: { readonly name: string; readonly source: string; readonly estimate: boolean };
  /** Null without recorded requests. */
  readonly run: RunComparison | null;
  /** Null without recorded steps. */
  readonly steps: StepErrors | null;
  /** What the run is held to; empty without recorded requests. */
  readonly bounds: readonly BoundCheck[];
  /** What to calibrate next, the most telling first; empty where nothing is off. */
  readonly findings: readonly Finding[];
  /** What was assumed in reading the recording and in replaying it, a sentence each. */
  readonly notes: readonly string[];
}

export interface ValidationInput extends ReplayOptions {
  /** Asked for once; what it throws is told with the problems of the recording. */
  readonly profile: () => ProfileFile;
  readonly requests?: TextSource;
  readonly steps?: TextSource;
  /** Format of the requests, where their first line does not tell. */
  readonly format?: RecordedTraceOptions["format"];
  readonly settings?: Partial<EngineSettings>;
}

/**
 * Replays recorded requests, judges recorded steps, or both.
 *
 * Throws INVALID_TRACE with every problem of all files, and INVALID_PARAMETER where the run cannot be replayed with
 * these settings, or neither file is given.
 */
export function validateProfile(input: ValidationInput): ValidationReport {
  const { requests, steps, settings = {} } = input;
  if (requests === undefined && steps === undefined) {
    throw new SurgefleetError("INVALID_PARAMETER", "there is nothing to hold the profile against");
  }
  const [profile, recorded, log, points] = allOf(
    input.profile,
    () => requests && readRecording(requests, input.format === undefined ? {} : { format: input.format }),
    () => (steps && tellsTimes(steps) ? readRecordedSteps(steps.chunks(), steps.file) : undefined),
    () => steps && readStepLog(steps.chunks(), { file: steps.file, ...kvOf(settings) }),
  );
  const engine = settingsOf(profile, settings);
  const replayed = recorded && replay(recorded, profile, engine, { ...input, file: input.requests?.file });
  const run = recorded && replayed ? compareRun(recorded, replayed, engine, log) : null;
  const judged = points ? stepErrors(profile, points) : null;
  const { name, source, estimate } = profile;
  return {
    schemaVersion: 1,
    profile: { name, source, estimate },
    run,
    steps: judged,
    bounds: run ? checkBounds(run) : [],
    findings: run ? diagnose(run, judged, replayed?.engine) : diagnoseSteps(judged),
    notes: [...(recorded?.notes ?? []), ...(replayed?.notes ?? []), ...noteOf(replayed?.engine)],
  };
}

function noteOf(engine: ReplayedEngine | undefined): string[] {
  return engine === undefined ? [] : [engine.note];
}

/** What an engine prints of its steps does not, nor do steps that were timed one by one. */
function tellsTimes({ chunks }: TextSource): boolean {
  return /(^|,)\s*start_s\s*(,|$)/.test(firstLine(chunks()));
}

function kvOf({ kvTokens }: Partial<EngineSettings>): { kvTokens?: number } {
  return kvTokens === undefined ? {} : { kvTokens };
}

/** Reads everything, so that the problems of all are told at once, each place once. */
function allOf<A, B, C, D>(a: () => A, b: () => B, c: () => C, d: () => D): [A, B, C, D] {
  const errors: SurgefleetError[] = [];
  const attempt = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SurgefleetError) || error.issues.length === 0) throw error;
      errors.push(error);
      return undefined;
    }
  };
  const values = [attempt(a), attempt(b), attempt(c), attempt(d)];
  if (errors.length === 0) return values as [A, B, C, D];
  const told = new Set<string>();
  const issues = errors
    .flatMap((error) => error.issues)
    .filter(({ file, line, column, message }) => {
      // Two readers of one log complain of the same bad value, but of a header for reasons of their own.
      const place = line <= 1 ? `${file} ${message}` : `${file}:${line}:${column}`;
      return !told.has(place) && told.add(place);
    });
  throw new SurgefleetError("INVALID_TRACE", "the profile or the recording cannot be used", issues);
}
