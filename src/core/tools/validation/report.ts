// The whole judgement of a profile: the document that `validate-profile --json` prints. Ties the parts together and
// knows none of them closely. docs/validation.md explains every key.
import { SurgefleetError } from "../../base/errors.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { readStepLog } from "../calibration/step-log.js";
import { type BoundCheck, checkBounds } from "./bounds.js";
import { readRecordedRun } from "./recorded-run.js";
import { readRecordedSteps } from "./recorded-steps.js";
import { type EngineSettings, replay } from "./replay.js";
import { compareRun, type RunComparison } from "./run-comparison.js";
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
}

/** A file: its name in messages, and its text, which may be asked for more than once. */
export interface TextSource {
  readonly file: string;
  readonly chunks: () => Iterable<string>;
}

export interface ValidationInput {
  /** Asked for once; what it throws is told with the problems of the recording. */
  readonly profile: () => ProfileFile;
  readonly requests?: TextSource;
  readonly steps?: TextSource;
  readonly settings?: Partial<EngineSettings>;
}

/** As the engine of the published recordings was set, for what neither the caller nor the profile says. */
const RECORDED_ENGINE: EngineSettings = {
  maxSequences: 256,
  maxBatchedTokens: 2048,
  maxPrefillSequences: 8,
  kvTokens: 6400 * 64,
};

/**
 * Replays recorded requests, judges recorded steps, or both.
 *
 * Throws INVALID_TRACE with every problem of all files, and INVALID_PARAMETER where the run cannot be replayed with
 * these settings, or neither file is given.
 */
export function validateProfile(input: ValidationInput): ValidationReport {
  const { requests, steps, settings } = input;
  if (requests === undefined && steps === undefined) {
    throw new SurgefleetError("INVALID_PARAMETER", "there is nothing to hold the profile against");
  }
  const [profile, recorded, log, points] = allOf(
    input.profile,
    () => requests && readRecordedRun(requests.chunks(), requests.file),
    () => steps && readRecordedSteps(steps.chunks(), steps.file),
    () => steps && readStepLog(steps.chunks(), { file: steps.file }),
  );
  const engine = { ...RECORDED_ENGINE, ...profileSettings(profile), ...settings };
  const run = recorded ? compareRun(recorded, replay(recorded, profile, engine), engine, log) : null;
  const { name, source, estimate } = profile;
  return {
    schemaVersion: 1,
    profile: { name, source, estimate },
    run,
    steps: points ? stepErrors(profile, points) : null,
    bounds: run ? checkBounds(run) : [],
  };
}

/** What the profile says about its node. */
function profileSettings({ node }: ProfileFile): Partial<EngineSettings> {
  if (node === undefined) return {};
  const { maxSequences, maxBatchedTokens, kvTokens } = node;
  return { maxSequences, maxBatchedTokens, ...(kvTokens === undefined ? {} : { kvTokens }) };
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
