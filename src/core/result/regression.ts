// Whether a result is worse than the one that was committed, by more than a margin and not by chance: what a build
// fails for. Also what is committed of a result: enough to compare with, seed by seed, and no more.
import { SurgefleetError } from "../base/errors.js";
import { holm } from "../stats/holm.js";
import type { WeightedSample } from "../stats/ratio-interval.js";
import { type Change, compareResults, differenceOf, matched } from "./comparison.js";
import { measureKey } from "./measures.js";
import type { Estimate, Replication, RunResult } from "./result.js";

const BASELINE_SCHEMA_VERSION = 1;
/** Digits of the numbers in a baseline: more than any difference that matters has. */
const DIGITS = 9;

/** What is committed of a result. */
export interface BaselineRecord {
  readonly schemaVersion: typeof BASELINE_SCHEMA_VERSION;
  readonly scenario: string;
  /** From which the replications' seeds were made. */
  readonly seed: string;
  readonly estimates: readonly Estimate[];
  readonly replications: readonly Replication[];
}

export interface RegressionOptions {
  /** As a share of the committed value: a change for the worse that is smaller than this is let through. */
  readonly margin: number;
  /** That unchanged software is not called worse. Default 0.95. */
  readonly confidence?: number | undefined;
}

export interface Regressions {
  /** Worse by more than the margin, and not by chance. */
  readonly regressions: readonly Change[];
  /** Better, and not by chance: the baseline could be renewed. */
  readonly improvements: readonly Change[];
  /** Measures compared, of those of which one way is better. */
  readonly compared: number;
  /** Measures that only one of the two has. */
  readonly missing: readonly string[];
  readonly paired: boolean;
}

export function baselineRecord({ scenario, seed, estimates, replications }: RunResult): BaselineRecord {
  return {
    schemaVersion: BASELINE_SCHEMA_VERSION,
    scenario,
    seed,
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

/** Throws USAGE for a text that is none of ours, naming the file and what to do. */
export function parseBaseline(text: string, file: string): BaselineRecord {
  const refuse = (why: string) =>
    new SurgefleetError(
      "USAGE",
      `${file} is no baseline of this version: ${why}; write it anew with --update`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null) throw refuse("it is not an object");
  const record = parsed as Partial<BaselineRecord>;
  if (record.schemaVersion !== BASELINE_SCHEMA_VERSION) {
    throw refuse(`its schemaVersion is ${String(record.schemaVersion)}, not ${BASELINE_SCHEMA_VERSION}`);
  }
  const { scenario, seed, estimates, replications } = record;
  if (typeof scenario !== "string" || typeof seed !== "string") throw refuse("it names no scenario or seed");
  if (!Array.isArray(estimates) || !Array.isArray(replications)) throw refuse("it has no estimates");
  const isWhole = (replications as readonly Partial<Replication>[]).every(
    (one) =>
      Array.isArray(one.values) &&
      Array.isArray(one.weights) &&
      one.values.length === estimates.length &&
      one.weights.length === estimates.length,
  );
  if (!isWhole) throw refuse("its replications do not fit its estimates");
  return record as BaselineRecord;
}

/**
 * Compares a result with the committed one. A measure has become worse where the hypothesis that it is within the
 * margin of its committed value is rejected, by Student's t on pairs of seeds, and still is when all measures are taken
 * together (Holm). The same seeds on unchanged software give differences of exactly 0.
 */
export function regressions(
  baseline: BaselineRecord,
  result: RunResult,
  { margin, confidence = 0.95 }: RegressionOptions,
): Regressions {
  const current = baselineRecord(result);
  const isDirected = ({ better }: Estimate) => better !== "none";
  const { pairs, missing, paired } = matched(baseline, current, isDirected);
  const { changes } = compareResults(baseline, current, { confidence, only: isDirected });
  const pValues = pairs.map(({ estimate, a, b }) => {
    const isLower = estimate.better === "lower";
    const worst = a.map(scaled(isLower ? 1 + margin : 1 - margin));
    const { difference, p } = differenceOf(worst, b, paired, confidence);
    const isWorse = isLower ? difference > 0 : difference < 0;
    return isWorse ? p / 2 : 1;
  });
  const isWorse = pValues.length === 0 ? [] : holm(pValues, 1 - confidence);
  return {
    regressions: changes.filter((_, index) => isWorse[index]),
    improvements: changes.filter(({ verdict }) => verdict === "better"),
    compared: pairs.length,
    missing: missing.filter((key) => isDirectedKey(key, baseline, current)),
    paired,
  };
}

function isDirectedKey(key: string, ...results: readonly Pick<RunResult, "estimates">[]): boolean {
  return results.some(({ estimates }) =>
    estimates.some((one) => measureKey(one) === key && one.better !== "none"),
  );
}

function scaled(factor: number): (sample: WeightedSample) => WeightedSample {
  return ({ value, weight }) => ({ value: value * factor, weight });
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));
}
