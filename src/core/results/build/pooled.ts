// Many replications of one scenario in the shape of one result: every row is pooled by its own rule, and every estimate
// has an interval. Knows results only, not how they were run.
import { assert } from "../../base/assert.js";
import { FLEET_ROWS } from "../metrics/fleet.js";
import { POOL_ROWS } from "../metrics/pools.js";
import { RECOVERY_ROWS } from "../metrics/recovery.js";
import { pooledRows, type ResultOf, type Table } from "../metrics/rows.js";
import { TIME_ROWS, WORK_ROWS } from "../metrics/run.js";
import { SESSION_ROWS } from "../metrics/sessions.js";
import { SOURCE_ROWS, TIER_ROWS, TRACKED_ROWS } from "../metrics/tier.js";
import { mergeAccounts } from "../shape/account-result.js";
import { mergeDistributions } from "../shape/distribution.js";
import {
  type Estimate,
  RESULT_SCHEMA_VERSION,
  type RunResult,
  type ThresholdResult,
} from "../shape/result.js";
import { thresholdResult, verdictOf } from "../verdict/evaluate.js";
import { type Measure, measureKey, measureOf, measuresOf } from "../verdict/measures.js";
import { type StatedThreshold, UNROUTED } from "../verdict/threshold.js";
import { estimateOverReplications } from "./estimates.js";

export interface PoolingOptions {
  /** From which the replications' seeds were made. */
  readonly seed: string;
  /** Of the estimates. */
  readonly confidence: number;
  /** Of the intervals on which thresholds are judged; narrower error where they are looked at more than once. */
  readonly judgedAt?: number;
  readonly partial?: boolean;
  /** Of the scenario, in its order. */
  readonly thresholds: readonly StatedThreshold[];
}

/** Takes at least one result, all of the same scenario. */
export function pooledResult(runs: readonly RunResult[], options: PoolingOptions): RunResult {
  const first = runs[0];
  assert(first !== undefined, "there is a replication to pool");
  const { seed, confidence, judgedAt = confidence, partial = false, thresholds } = options;
  const tierNames = [...new Set(runs.flatMap((run) => run.tiers.map(({ tier }) => tier)))];
  const rowsOf = (tier: string) => runs.flatMap((run) => run.tiers.find((one) => one.tier === tier) ?? []);
  const measures = measuresOfRuns(runs, thresholds);
  // One run by itself says how far it varies by its batches, if it has any.
  const isAlone = runs.length === 1 && first.confidence === judgedAt && confidence === judgedAt;
  const estimates = isAlone
    ? first.estimates
    : measures.map((measure, index) => estimateAt(runs, measure, index, confidence));
  const recoveries = runs.flatMap(({ recovery }) => recovery ?? []);
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenario: first.scenario,
    description: first.description,
    seed,
    partial: partial || runs.some((run) => run.partial),
    time: pooledRows(
      TIME_ROWS,
      runs.map((run) => run.time),
    ),
    tiers: tierNames.map((tier) => pooledRows(TIER_ROWS, rowsOf(tier), runs.length)),
    all: pooledRows(
      TIER_ROWS,
      runs.map((run) => run.all),
    ),
    sources: pooledInPlace(SOURCE_ROWS, (run) => run.sources, runs),
    pools: pooledInPlace(POOL_ROWS, (run) => run.pools, runs),
    fleet: pooledRows(
      FLEET_ROWS,
      runs.map((run) => run.fleet),
    ),
    sessions: pooledInPlace(SESSION_ROWS, (run) => run.sessions, runs),
    distributions: mergeDistributions(runs.map(({ distributions }) => distributions)),
    accounts: mergeAccounts(runs.map(({ accounts }) => accounts)),
    trackedAccounts: pooledInPlace(TRACKED_ROWS, (run) => run.trackedAccounts, runs),
    // The worst verdict, since a fleet that is stuck once is not to be trusted.
    recovery: recoveries.length === 0 ? null : pooledRows(RECOVERY_ROWS, recoveries),
    series: first.series,
    thresholds: isAlone
      ? first.thresholds
      : thresholds.map((stated, index) => {
          const found = runs.map((run) => run.thresholds[index]!);
          return pooledThreshold(stated, found, runs, measures, judgedAt);
        }),
    confidence,
    judgedAt,
    estimates: estimates.map(withoutInfinity),
    replications: runs.flatMap((run) => run.replications),
    work: pooledRows(
      WORK_ROWS,
      runs.map((run) => run.work),
    ),
  };
}

/** Rows that every replication has in the same order. */
function pooledInPlace<Rows extends Table>(
  table: Rows,
  rowsOf: (run: RunResult) => readonly ResultOf<Rows>[],
  runs: readonly RunResult[],
): ResultOf<Rows>[] {
  return rowsOf(runs[0]!).map((_, index) =>
    pooledRows(
      table,
      runs.map((run) => rowsOf(run)[index]!),
    ),
  );
}

/** JSON has no word for what never came. */
export function withoutInfinity(estimate: Estimate): Estimate {
  return estimate.value !== null && !Number.isFinite(estimate.value)
    ? { ...estimate, value: null }
    : estimate;
}

/** The measures of all runs, in their order: replications have the same ones, so that they can be told by place. */
function measuresOfRuns(
  runs: readonly RunResult[],
  thresholds: readonly StatedThreshold[],
): readonly Measure[] {
  const { tiers, sources, trackedAccounts, sessions } = runs[0]!;
  const measures = measuresOf(
    {
      tiers: tiers.map(({ tier }) => tier).filter((tier) => tier !== UNROUTED),
      sources: sources.map(({ source }) => source),
      accounts: trackedAccounts.map(({ account }) => account),
      sessions: sessions.map(({ source }) => source),
    },
    thresholds.map(({ parsed }) => parsed),
  );
  const keys = measures.map(measureKey);
  for (const { estimates } of runs) {
    const same = estimates.length === keys.length && estimates.every((e, i) => measureKey(e) === keys[i]);
    assert(same, "replications of one scenario have the same measures");
  }
  return measures;
}

function estimateAt(
  runs: readonly RunResult[],
  measure: Measure,
  index: number,
  confidence: number,
): Estimate {
  const samples = runs.flatMap(({ replications }) =>
    replications.map(({ values, weights }) => ({ value: values[index]!, weight: weights[index]! })),
  );
  return estimateOverReplications(measure, samples, confidence);
}

function pooledThreshold(
  stated: StatedThreshold,
  found: readonly ThresholdResult[],
  runs: readonly RunResult[],
  measures: readonly Measure[],
  confidence: number,
): ThresholdResult {
  const { parsed } = stated;
  // Whatever never came in one of them does not come on average.
  const never = found.find(({ verdict, observed }) => observed === null && verdict === "fail");
  if (never !== undefined) return { ...never, n: found.length };
  const key = measureKey(measureOf(parsed));
  const index = measures.findIndex((measure) => measureKey(measure) === key);
  const estimate = estimateAt(runs, measures[index]!, index, confidence);
  const allowsNoData = found.some(({ verdict, observed }) => observed === null && verdict === "pass");
  const isEquality = parsed.operator === "==" || parsed.operator === "!=";
  const verdict =
    isEquality && found.some((one) => one.verdict === "fail")
      ? "fail"
      : verdictOf(parsed, estimate, allowsNoData);
  return thresholdResult(stated, estimate, verdict);
}
