// From step logs to a measured profile: checks, fits, and says how far off the fit is, by regime. Refuses rather than
// give a profile that should not be used. It does not know files or terminals.
import { buildProfile } from "../../server/profile/build.js";
import type { GpuTimes, MeasuredFile } from "../../server/profile/file/measured-keys.js";
import type { HostTimes, RowSizes } from "../../server/profile/file/profile-keys.js";
import { checkFit, checkSteps } from "./checks.js";
import { fitGpu } from "./fit-gpu.js";
import { fitHost } from "./fit-host.js";
import { fitRuns, predictAll } from "./fit-run.js";
import { type Experts, fromGpuTimes, gpuMillis, measured, toGpuTimes } from "./gpu-model.js";
import { type ErrorReport, errorReport, type RegimeError, type Residual } from "./regimes.js";
import { learnRowSizes } from "./row-sizes.js";
import type { StepLog, StepPoint } from "./step-point.js";

export interface CalibrateOptions {
  readonly name: string;
  /** Where the numbers come from, for readers of the profile. */
  readonly source: string;
  /** Sizes that the engine pads rows to; learned from the logs where left out. */
  readonly rows?: RowSizes;
  /** Of a mixture-of-experts model. */
  readonly experts?: Experts;
  /**
   * Recorded runs of the engine. They tell the CPU part, the sizes that it pads to and what its products take at these,
   * and how much quicker the GPU is after a pause; the rest is fitted to the logs alone.
   */
  readonly runs?: readonly StepLog[];
  /** Largest mean error that is let through, as a share. */
  readonly maxError: number;
}

/** Error on one log, and each of its steps with its prediction, in the log's order. */
export interface Score {
  readonly file: string;
  readonly errors: ErrorReport;
  readonly steps: readonly Residual[];
}

export interface Calibration {
  readonly profile: MeasuredFile;
  /** One for each log that was fitted, in their order. */
  readonly fitted: readonly Score[];
  /** What was assumed, left out, or is not known, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Fits one profile to one or more logs of the same model on the same GPU; each log weighs the same.
 *
 * Throws BAD_FIT where the steps do not say enough, have times in another unit, or are missed by more than `maxError`
 * on the mean.
 */
export function calibrate(logs: readonly StepLog[], options: CalibrateOptions): Calibration {
  checkSteps(logs);
  const points = logs.flatMap((log) => log.points);
  const { experts } = options;
  const timed = toGpuTimes(
    fitGpu(
      logs.map((log) => log.points),
      experts,
    ),
    experts,
  );
  const runs = [...logs.filter(isRun), ...(options.runs ?? [])];
  const gpu = fitRuns(
    timed,
    runs.map((run) => run.points),
  );
  const fitted = logs.map((log) => score(gpu, log));
  for (const [index, log] of logs.entries()) checkFit(log, gpu, fitted[index]!.errors, options.maxError);
  const engine = (options.runs ?? logs).map((log) => log.points);
  const host = fitHost(engine);
  const rows = options.rows ?? learnRowSizes(engine.flat());
  const profile: MeasuredFile = {
    schemaVersion: 1,
    name: options.name,
    source: options.source,
    estimate: false,
    kind: "measured",
    gpu,
    ...(host && { host }),
    ...((rows.decode || rows.mixed) && { rows }),
    fit: fitOf(fitted[0]!.errors),
  };
  // What cannot be built must not be given away.
  buildProfile(profile);
  const notes = [...logs.flatMap((log) => log.notes.map((note) => `${log.file}: ${note}`))];
  const doubts = fitted.flatMap((one) => doubtsOf(one, options.maxError));
  return { profile, fitted, notes: [...notes, ...unknowns(points, gpu, host, rows, options), ...doubts] };
}

/** Steps that followed one another, rather than being timed one by one. */
function isRun({ points }: StepLog): boolean {
  return points.some((point) => point.start !== undefined);
}

/** How far a fit is off on a log that it may or may not have seen. */
export function score(gpu: GpuTimes, { file, points }: StepLog): Score {
  const predicted = predictAll(gpu, points);
  const steps = points.map((point, index) => ({ point, predicted: predicted[index]! }));
  return { file, errors: errorReport(steps), steps };
}

function fitOf({ all, byRegime }: ErrorReport): NonNullable<MeasuredFile["fit"]> {
  const plain = ({ points, mean, p90, max }: RegimeError) => {
    const [shortMean, shortP90, shortMax] = [mean, p90, max].map((share) => Number(share.toFixed(5)));
    return { points, mean: shortMean!, p90: shortP90!, max: shortMax! };
  };
  const regimes = Object.entries(byRegime).map(([regime, error]) => [regime, plain(error)] as const);
  return { ...plain(all), byRegime: Object.fromEntries(regimes) };
}

/** Regimes that are missed by more than what is let through on the whole. */
function doubtsOf({ file, errors }: Score, most: number): string[] {
  return Object.entries(errors.byRegime).flatMap(([regime, { mean }]) =>
    mean > most
      ? [`${file}: "${regime}" is off by ${(mean * 100).toFixed(0)} % on the mean: do not trust that part`]
      : [],
  );
}

function unknowns(
  points: readonly StepPoint[],
  gpu: GpuTimes,
  host: HostTimes | undefined,
  rows: RowSizes,
  options: CalibrateOptions,
): string[] {
  const notes: string[] = [];
  if (!points.some((point) => point.priorContext > 0)) {
    notes.push(
      "no prefill came after cached context: what reading that costs is only known from its products (perPriorToken 0)",
    );
  }
  if (!points.some((point) => point.decoding > 0 && point.prefillTokens > 0)) {
    notes.push("no step both decoded and prefilled: such steps are extrapolated");
  }
  if (host === undefined) {
    notes.push(
      "the CPU part is not known and counts as nothing: a log with duration_ms and gpu_ms tells it (--run)",
    );
  }
  if (options.rows === undefined) {
    const told = [
      rows.decode && `decode ${brief(rows.decode)}`,
      rows.mixed && `mixed ${brief(rows.mixed)}`,
    ].filter(Boolean);
    notes.push(
      told.length === 0
        ? "no step of the logs was padded, so the profile does not pad: --rows tells which sizes an engine pads to"
        : `sizes that rows are padded to, as learned from the logs: ${told.join("; ")}`,
    );
  }
  if (gpu.experts !== undefined) notes.push(...expertNotes(points, gpu));
  return notes;
}

const brief = (sizes: readonly number[]) =>
  sizes.length <= 8 ? sizes.join(", ") : `${sizes.slice(0, 5).join(", ")} ... ${sizes.slice(-2).join(", ")}`;

/** Prefill without decoding that is far too quick: with random weights, tokens are all sent to the same experts. */
function expertNotes(points: readonly StepPoint[], gpu: GpuTimes): string[] {
  const at = fromGpuTimes(gpu);
  const quick = points.filter((point) => {
    const predicted = gpuMillis(at, measured(point, gpu.experts));
    return point.decoding === 0 && point.gpu < 0.85 * predicted;
  });
  if (quick.length === 0) return [];
  return [
    `${quick.length} prefill steps were over 15 % quicker than their rows should take: their tokens may have gone to ` +
      "few experts, as with random weights, so do not trust the prefill part",
  ];
}
