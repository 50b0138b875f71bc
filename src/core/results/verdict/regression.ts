// Whether a result is worse than the one that was committed, by more than a margin and not by chance: what a build
// fails for. Also what is committed of a result: enough to compare with, seed by seed, and no more.
import * as z from "zod";
import { SurgefleetError } from "../../base/errors.js";
import { holm } from "../../stats/holm.js";
import type { Estimate, Replication, RunResult } from "../shape/result.js";
import { type Change, compareResults, differenceOf, matched } from "./comparison.js";
import { measureKey } from "./measures.js";

const BASELINE_SCHEMA_VERSION = 1;
/** Digits of the numbers in a baseline: more than any difference that matters has. */
const DIGITS = 9;
/**
 * Seeds on either side below which a build must not depend on a comparison. Student's t takes what happened not to vary
 * for certain: comparisons of 40 unchanged rare counts were red in 74 % at 2 seeds, in 38 % at 3 and in 9 % at 4;
 * from 8 on in 4.6 % at most, which is what 95 % allow. docs/ci.md has the figures.
 */
export const LEAST_SEEDS = 8;

/** What was simulated of a scenario, in seconds; null where traces or pilot runs decide. */
export interface BaselineWindow {
  readonly duration: number | null;
  readonly warmup: number | null;
}

const ANY_WINDOW: BaselineWindow = { duration: null, warmup: null };

/** What is committed of a result. */
export interface BaselineRecord {
  readonly schemaVersion: typeof BASELINE_SCHEMA_VERSION;
  readonly scenario: string;
  /** From which the replications' seeds were made. */
  readonly seed: string;
  readonly window: BaselineWindow;
  readonly estimates: readonly Estimate[];
  readonly replications: readonly Replication[];
}

export interface RegressionOptions {
  /** As a share of the committed value: a change for the worse that is smaller than this is let through. */
  readonly margin: number;
  /** That unchanged software is not called worse. Default 0.95. */
  readonly confidence?: number | undefined;
  /** What was simulated for the result. Left out: not compared with what was for the baseline. */
  readonly window?: BaselineWindow | undefined;
}

export interface Regressions {
  /** Worse by more than the margin, and not by chance. */
  readonly regressions: readonly Change[];
  /** Better, and not by chance: the baseline could be renewed. */
  readonly improvements: readonly Change[];
  /** Measures compared, of those of which one way is better: with enough seeds on both sides. */
  readonly compared: number;
  /** Measures that the baseline has, and the result not or on too few seeds: whether they are worse is not known. */
  readonly vanished: readonly string[];
  /** Measures that the baseline says nothing of, or that too few seeds say anything of. */
  readonly notCompared: readonly string[];
  readonly paired: boolean;
  /** Why nothing was compared: the baseline is of another stretch of time. */
  readonly otherWindow: BaselineWindow | null;
}

export function baselineRecord(
  { scenario, seed, estimates, replications }: RunResult,
  window: BaselineWindow = ANY_WINDOW,
): BaselineRecord {
  return {
    schemaVersion: BASELINE_SCHEMA_VERSION,
    scenario,
    seed,
    window,
    estimates: estimates.map((one) => ({
      ...one,
      value: rounded(one.value),
      low: rounded(one.low),
      high: rounded(one.high),
    })),
    replications: replications.map((one) => ({
      seed: one.seed,
      values: one.values.map(rounded),
      weights: one.weights.map((weight) => rounded(weight)!),
    })),
  };
}

const number = z.number().nullable();
const RECORD = z
  .object({
    schemaVersion: z.literal(BASELINE_SCHEMA_VERSION),
    scenario: z.string(),
    seed: z.string(),
    window: z.object({ duration: number, warmup: number }),
    estimates: z
      .array(
        z.looseObject({
          metric: z.string(),
          aggregation: z.string(),
          unit: z.string(),
          better: z.enum(["lower", "higher", "none"]),
          value: number,
        }),
      )
      .min(1),
    replications: z
      .array(z.object({ seed: z.string(), values: z.array(number), weights: z.array(z.number().min(0)) }))
      .min(LEAST_SEEDS, { error: `it has fewer than ${LEAST_SEEDS} seeds, which say too little of chance` }),
  })
  .refine(
    ({ estimates, replications }) =>
      replications.every(
        ({ values, weights }) => values.length === estimates.length && weights.length === estimates.length,
      ),
    { error: "its replications do not fit its estimates" },
  );

/** Throws USAGE for a text that is none of ours, naming the file, the first thing that is wrong and what to do. */
export function parseBaseline(text: string, file: string): BaselineRecord {
  const refuse = (why: string) =>
    new SurgefleetError(
      "USAGE",
      `${file} is no baseline of this version: ${why}; write it anew with --update`,
    );
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON");
  }
  const parsed = RECORD.safeParse(document);
  if (parsed.success) return document as BaselineRecord;
  const { path, message } = parsed.error.issues[0]!;
  throw refuse(path.length === 0 ? message : `${path.join(".")}: ${message}`);
}

/**
 * Compares a result with the committed one. A measure has become worse where the hypothesis that it is within the
 * margin of its committed value is rejected, by Student's t on pairs of seeds, and still is when all measures are taken
 * together (Holm). The same seeds on unchanged software give differences of exactly 0.
 */
export function regressions(
  baseline: BaselineRecord,
  result: RunResult,
  { margin, confidence = 0.95, window = baseline.window }: RegressionOptions,
): Regressions {
  if (window.duration !== baseline.window.duration || window.warmup !== baseline.window.warmup) {
    const nothing = { regressions: [], improvements: [], compared: 0, vanished: [], notCompared: [] };
    return { ...nothing, paired: true, otherWindow: baseline.window };
  }
  const current = baselineRecord(result);
  const isDirected = ({ better }: Estimate) => better !== "none";
  const { pairs, paired } = matched(baseline, current, isDirected);
  const tested = pairs
    .map(({ estimate, a, b }) => {
      const isLower = estimate.better === "lower";
      const factor = isLower ? 1 + margin : 1 - margin;
      const worst = a.map(({ value, weight }) => ({ value: value * factor, weight }));
      const { difference, p, n } = differenceOf(worst, b, paired, confidence);
      const isWorse = isLower ? difference > 0 : difference < 0;
      return { key: measureKey(estimate), n, p: isWorse ? p / 2 : 1 };
    })
    .filter(({ n }) => n >= LEAST_SEEDS);
  const keys = new Set(tested.map(({ key }) => key));
  const { changes } = compareResults(baseline, current, {
    confidence,
    only: (one) => keys.has(measureKey(one)),
  });
  const isWorse = holm(
    tested.map(({ p }) => p),
    1 - confidence,
  );
  const before = valued(baseline);
  const after = valued(current);
  // What the baseline knew well enough to compare it.
  const wasSeen = new Set(
    baseline.estimates.flatMap((one, index) => {
      const known = baseline.replications.filter(({ values }) => (values[index] ?? null) !== null);
      const key = measureKey(one);
      return known.length >= LEAST_SEEDS && before.has(key) ? [key] : [];
    }),
  );
  return {
    regressions: changes.filter((_, index) => isWorse[index]),
    improvements: changes.filter(({ verdict }) => verdict === "better"),
    compared: tested.length,
    vanished: [...before].filter((key) => !after.has(key) || (wasSeen.has(key) && !keys.has(key))),
    notCompared: [...after].filter((key) => !keys.has(key) && !wasSeen.has(key)),
    paired,
    otherWindow: null,
  };
}

/** Names of the measures that have a value, of those of which one way is better. */
function valued({ estimates }: Pick<RunResult, "estimates">): Set<string> {
  return new Set(estimates.filter((one) => one.better !== "none" && one.value !== null).map(measureKey));
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));
}
