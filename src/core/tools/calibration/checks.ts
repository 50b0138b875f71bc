// What a log must have for a fit to mean anything, and what a fit must reach to be used. Each says what was found and
// what would help. It does not fit.
import { median } from "simple-statistics";
import { type Issue, SurgefleetError } from "../../base/errors.js";
import type { GpuTimes } from "../../server/profile/file/measured-keys.js";
import type { ErrorReport } from "./regimes.js";
import type { StepLog, StepPoint } from "./step-point.js";

const FEWEST_STEPS = 12;
const FEWEST_OF_A_KIND = 3;
/** Rows of the largest step at least: below, every step of a large model only reads weights. */
const LARGEST_STEP = 256;
/** Contexts of a sequence must differ this many times, or their cost cannot be told from that of a sequence. */
const CONTEXT_RATIO = 1.5;
/** Milliseconds that the quickest step of an engine takes, and rows that one gets through in a millisecond. */
const QUICKEST = { least: 0.2, most: 2000 } as const;
const ROWS_PER_MILLI = { least: 0.1, most: 10_000 } as const;
/** A fit must leave less than this share of the error of a constant. */
const EXPLAINED = 0.5;
/** Share of every step below which a term is no part of it. */
const NOTHING = 0.01;

/** Throws BAD_FIT with every reason why no profile can be fitted to these steps. */
export function checkSteps(logs: readonly StepLog[]): void {
  const wrongUnits = logs.flatMap((log) => unitProblem(log));
  if (wrongUnits.length > 0) throw badFit("the times are not in milliseconds", wrongUnits);
  const points = logs.flatMap((log) => log.points);
  const file = logs.map((log) => log.file).join(", ");
  const reasons = missing(points).map((message): Issue => ({ file, line: 0, column: 0, path: "", message }));
  if (reasons.length > 0) throw badFit("the steps do not say enough for a profile", reasons);
}

function missing(points: readonly StepPoint[]): string[] {
  const decode = points.filter((point) => point.prefillTokens === 0);
  const prefill = points.filter((point) => point.prefillTokens > 0);
  const batches = new Set(points.flatMap((point) => (point.decoding > 0 ? [point.decoding] : [])));
  const chunks = new Set(prefill.map((point) => point.prefillTokens));
  const contexts = points.flatMap((point) => (point.decoding > 0 ? [point.context / point.decoding] : []));
  const ratio = contexts.length === 0 ? 1 : largest(contexts) / -largest(contexts.map((value) => -value));
  const rows = largest(points.map((point) => point.rows));
  const found = `found ${points.length} steps: ${decode.length} that only decode, ${prefill.length} that prefill`;
  const needs: readonly (readonly [boolean, string])[] = [
    [points.length >= FEWEST_STEPS, `too few steps: at least ${FEWEST_STEPS} are needed; ${found}`],
    [decode.length >= FEWEST_OF_A_KIND, `no steps that only decode, or too few of them; ${found}`],
    [prefill.length >= FEWEST_OF_A_KIND, `no steps that prefill, or too few of them; ${found}`],
    [
      decode.length === 0 || batches.size >= 3,
      `all steps decode ${list(batches)} sequences: at least 3 sizes are needed`,
    ],
    [
      prefill.length === 0 || chunks.size >= 3,
      `all prefills are of ${list(chunks)} tokens: at least 3 sizes are needed`,
    ],
    [
      decode.length === 0 || ratio >= CONTEXT_RATIO,
      "every sequence has nearly the same context: what a token of it costs cannot be told from what a sequence costs",
    ],
    [
      prefill.length === 0 || rows >= LARGEST_STEP,
      `the largest step has ${rows} rows: steps of at least ${LARGEST_STEP} are needed to see the GPU compute`,
    ],
  ];
  return needs.flatMap(([holds, message]) => (holds ? [] : [message]));
}

const list = (values: ReadonlySet<number>) => [...values].join(" or ");

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** By what the times would imply: no GPU steps in a tenth of a millisecond, and none needs 10 ms for every row. */
function unitProblem({ file, points }: StepLog): Issue[] {
  const quickest = -largest(points.map((point) => -point.gpu));
  const rate = largest(points.map((point) => point.rows / point.gpu));
  const usual = median(points.map((point) => point.gpu));
  const fits = (factor: number) =>
    quickest * factor >= QUICKEST.least &&
    quickest * factor <= QUICKEST.most &&
    rate / factor >= ROWS_PER_MILLI.least &&
    rate / factor <= ROWS_PER_MILLI.most;
  if (fits(1)) return [];
  const units = [
    ["seconds", 1000],
    ["microseconds", 1e-3],
    ["nanoseconds", 1e-6],
  ] as const;
  const unit = units.find(([, factor]) => fits(factor))?.[0];
  const message = `a usual step would take ${usual} ms and the quickest ${quickest} ms, which no GPU does`;
  const hint = unit === undefined ? "the times must be in milliseconds" : `these look like ${unit}`;
  return [{ file, line: 0, column: 0, path: "", message, hint }];
}

/** Throws BAD_FIT for a fit that must not be used. `most` is the largest mean error that is let through, as a share. */
export function checkFit(log: StepLog, gpu: GpuTimes, errors: ErrorReport, most: number): void {
  const times = log.points.map((point) => point.gpu);
  const usual = likeliest(times);
  const constant = times.reduce((sum, time) => sum + Math.abs(usual / time - 1), 0) / times.length;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const worst = Object.entries(errors.byRegime)
    .sort(([, one], [, other]) => other.mean - one.mean)
    .slice(0, 3)
    .map(([regime, error]) => `${regime} ${percent(error.mean)}`);
  const faults: string[] = [];
  if (errors.all.mean > most) {
    faults.push(
      `the mean error is ${percent(errors.all.mean)}, above ${percent(most)}; largest in: ${worst.join(", ")}`,
    );
  }
  if (errors.all.mean > EXPLAINED * constant) {
    faults.push(
      `the mean error is ${percent(errors.all.mean)}, and without any profile, taking ${usual} ms for every step, ` +
        `${percent(constant)}: the times do not follow from rows and context`,
    );
  }
  const share = (part: (point: StepPoint) => number) =>
    largest(log.points.map((point) => part(point) / point.gpu));
  if (share(({ context }) => gpu.perContextToken * context) < NOTHING) {
    faults.push("steps do not get longer with the context that they read");
  }
  if (share(({ rows }) => Math.max(gpu.weights.perRow, gpu.compute.perRow) * rows) < NOTHING) {
    faults.push("steps do not get longer with their rows");
  }
  if (faults.length === 0) return;
  faults.push(
    `tried: every knee between the logged row counts, without coefficients below 0, on ${times.length} steps`,
  );
  const decode = Object.entries(errors.byRegime).filter(([regime]) => regime.startsWith("decode"));
  if (gpu.experts === undefined && decode.every(([, error]) => error.mean > most)) {
    faults.push("if the model is a mixture of experts, say so with --experts, as in 8/128");
  }
  const issues = faults.map((message): Issue => ({ file: log.file, line: 0, column: 0, path: "", message }));
  throw badFit("the fit is too bad to be used", issues);
}

/** The one time whose mean relative error is least: the median, each time weighted by one over itself. */
function likeliest(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const half = sorted.reduce((sum, time) => sum + 1 / time, 0) / 2;
  let below = 0;
  for (const time of sorted) {
    below += 1 / time;
    if (below >= half) return time;
  }
  return sorted[sorted.length - 1]!;
}

function badFit(message: string, issues: readonly Issue[]): SurgefleetError {
  return new SurgefleetError("BAD_FIT", message, issues);
}
