// Many replications of one scenario in the shape of one result: every row is pooled by its own rule, and every estimate
// has an interval or the reason why not. Knows results only, not how they were run.
import { assert } from "../../base/assert.js";
import { evenRisks } from "../../stats/ratio.js";
import { FLEET_ROWS } from "../metrics/fleet.js";
import { LOAD_ROWS } from "../metrics/load.js";
import type { PooledRuns } from "../metrics/pooling.js";
import { POOL_ROWS } from "../metrics/pools.js";
import { RECOVERY_ROWS } from "../metrics/recovery.js";
import { pooledRows, type ResultOf, type Table } from "../metrics/rows.js";
import { TIME_ROWS, WORK_ROWS } from "../metrics/run.js";
import { SESSION_ROWS } from "../metrics/sessions.js";
import type { SliceTag } from "../metrics/sliced.js";
import { SOURCE_ROWS, TIER_ROWS, TRACKED_ROWS } from "../metrics/tier.js";
import { mergeAccounts } from "../shape/account-result.js";
import { caveatsOf } from "../shape/caveats.js";
import { cutsOver } from "../shape/cuts.js";
import { mergeDistributions } from "../shape/distribution.js";
import {
  type Estimate,
  RESULT_SCHEMA_VERSION,
  type RunResult,
  type SeedStrata,
  type ThresholdResult,
} from "../shape/result.js";
import { type Measure, measureKey, measuresOf } from "../verdict/measures.js";
import { ALL_TIERS, type StatedThreshold, type Subject, UNROUTED } from "../verdict/threshold.js";
import type { Clusters } from "./clusters.js";
import { estimateOver } from "./estimates.js";
import { guardedEstimate, guardedThreshold } from "./guards.js";
import { Replications } from "./replicated.js";
import { type Judging, judgedOver } from "./thresholds.js";

export interface PoolingOptions {
  /** From which the replications' seeds were made. */
  readonly seed: string;
  /** Of the estimates. */
  readonly confidence: number;
  /** How seeds were chosen; null or left out where they were not. */
  readonly strata?: SeedStrata | null;
  /** Whether the scenario has accounts whose rates swing. Default false. */
  readonly swings?: boolean | undefined;
  /** By sources: how many of its requests say of the longest as much as one. Default: none has a heavy tail. */
  readonly requestsPerSquare?: Readonly<Record<string, number>> | undefined;
  /** What a run sheds of a tier at most, as a share. Default 1. */
  readonly worstRun?: number | undefined;
  /** How events cluster, as far as other runs of the like have shown it. */
  readonly clusters?: Clusters | undefined;
  /** How thresholds are judged; left out: at one look, by themselves. */
  readonly judging?: Judging;
  readonly partial?: boolean;
  /** Of the scenario, in its order. */
  readonly thresholds: readonly StatedThreshold[];
  /** What was estimated besides, as the runs were asked for it; nothing if left out. */
  readonly asked?: readonly Subject[] | undefined;
}

/** Takes at least one result, all of the same scenario, each with what it kept to be pooled (`Replication.ranked`). */
export function pooledResult(runs: readonly RunResult[], options: PoolingOptions): RunResult {
  const judged = judgedTogether(runs, options);
  const { measures, confidence, judgedAt } = judged;
  const first = runs[0]!;
  const rows = rowsOver(runs, judged.pooled, options);
  const estimates = estimatesTogether(runs, judged);
  const cuts = cutsOver(runs.map((run) => run.cuts ?? []));
  const result = {
    ...rows,
    confidence,
    judgedAt,
    thresholds: guardedThresholds(rows, judged.thresholds, options),
    estimates: estimates.map((estimate, index) => guardedEstimate(rows, measures[index]!.subject, estimate)),
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenario: first.scenario,
    description: first.description,
    seed: options.seed,
    series: first.series,
    ...(first.timeline !== undefined && { timeline: first.timeline }),
    ...(first.reading !== undefined && { reading: first.reading }),
    ...(cuts.length > 0 && { cuts }),
    strata: options.strata ?? null,
    replications: runs.flatMap((run) => run.replications.map(({ ranked: _, lives: __, ...rest }) => rest)),
  } as const;
  return { ...result, caveats: caveatsOf(result) };
}

/** What a look at a study is decided by: without the estimates of all that is measured, which take far longer. */
export function pooledLook(
  runs: readonly RunResult[],
  options: PoolingOptions,
): Pick<RunResult, "thresholds" | "load"> {
  const { pooled, thresholds } = judgedTogether(runs, options);
  const rows = rowsOver(runs, pooled, options);
  return { thresholds: guardedThresholds(rows, thresholds, options), load: rows.load };
}

/** The estimates and verdicts of `pooledResult`, without the rest, which takes longer. */
export function pooledVerdicts(
  runs: readonly RunResult[],
  options: PoolingOptions,
): Pick<RunResult, "estimates" | "thresholds"> {
  const judged = judgedTogether(runs, options);
  return { estimates: estimatesTogether(runs, judged), thresholds: judged.thresholds };
}

/** How refusals, and values that thresholds do not allow, cluster in these runs: for other fleets of the like. */
export function clustersOver(runs: readonly RunResult[], options: PoolingOptions): Clusters {
  const { thresholds } = options;
  return replicationsOf(runs, measuresOfRuns(runs, options), options).clusters(
    thresholds.map(({ parsed }) => parsed),
  );
}

function replicationsOf(
  runs: readonly RunResult[],
  measures: readonly Measure[],
  { strata = null, swings = false, requestsPerSquare = {}, worstRun = 1, clusters = {} }: PoolingOptions,
): Replications {
  return new Replications(runs, measures, { strata, swings, requestsPerSquare, worstRun, clusters });
}

function judgedTogether(runs: readonly RunResult[], options: PoolingOptions) {
  const [first] = runs;
  assert(first !== undefined, "there is a replication to pool");
  const { confidence, thresholds } = options;
  const measures = measuresOfRuns(runs, options);
  const pooled = replicationsOf(runs, measures, options);
  const { judging = { spent: 1, family: Math.max(1, thresholds.length) } } = options;
  // A run by itself may say by its batches how far it varies.
  const isAlone = runs.length === 1;
  return {
    pooled,
    measures,
    thresholds: isAlone ? first.thresholds : judgedOver(thresholds, measures, pooled, judging, confidence),
    confidence,
    judgedAt: 1 - (1 - confidence) * judging.spent,
  };
}

function estimatesTogether(
  runs: readonly RunResult[],
  { measures, pooled, confidence }: ReturnType<typeof judgedTogether>,
): Estimate[] {
  const risks = evenRisks(confidence);
  const estimates =
    runs.length === 1
      ? runs[0]!.estimates
      : measures.map((measure, index) => estimateOver(measure, pooled.at(index), risks));
  return estimates.map(withoutInfinity);
}

function guardedThresholds(
  rows: Rows,
  judged: readonly ThresholdResult[],
  { thresholds }: PoolingOptions,
): ThresholdResult[] {
  return judged.map((threshold, index) => guardedThreshold(rows, thresholds[index]!.parsed, threshold));
}

type Rows = Pick<
  RunResult,
  | "time"
  | "tiers"
  | "all"
  | "pools"
  | "fleet"
  | "sources"
  | "sessions"
  | "distributions"
  | "accounts"
  | "trackedAccounts"
  | "recovery"
  | "load"
  | "work"
  | "partial"
>;

function rowsOver(runs: readonly RunResult[], pooled: Replications, options: PoolingOptions): Rows {
  const { factors } = pooled;
  const whole: PooledRuns = { runs: runs.length, factors, pooledOf: (trend) => pooled.pooledOf(trend) };
  const inPlace = <Table_ extends Table>(
    table: Table_,
    rowsOf: (run: RunResult) => readonly ResultOf<Table_>[],
    other: (row: ResultOf<Table_>) => Partial<PooledRuns> = () => ({}),
  ) =>
    rowsOf(runs[0]!).map((row, index) =>
      pooledRows(
        table,
        runs.map((run) => rowsOf(run)[index]!),
        { ...whole, ...other(row) },
      ),
    );
  const ofAll = <Table_ extends Table>(
    table: Table_,
    rowOf: (run: RunResult) => ResultOf<Table_>,
    other: Partial<PooledRuns> = {},
  ) => pooledRows(table, runs.map(rowOf), { ...whole, ...other });
  const known = runs.flatMap(({ recovery }, index) =>
    recovery === null ? [] : [{ recovery, factor: factors[index]! }],
  );
  return {
    time: ofAll(TIME_ROWS, (run) => run.time),
    tiers: tiersOver(runs, pooled),
    all: ofAll(TIER_ROWS, (run) => run.all, { pooledOf: ofSlice(pooled, "tier", ALL_TIERS) }),
    sources: inPlace(
      SOURCE_ROWS,
      (run) => run.sources,
      ({ source }) => ({ pooledOf: ofSlice(pooled, "source", source) }),
    ),
    pools: inPlace(POOL_ROWS, (run) => run.pools),
    fleet: ofAll(FLEET_ROWS, (run) => run.fleet),
    sessions: inPlace(
      SESSION_ROWS,
      (run) => run.sessions,
      ({ source }) => ({
        pooledOf: ofSlice(pooled, "source", source),
        livesOf: () => pooled.livesOf(source).estimate,
      }),
    ),
    distributions: mergeDistributions(
      runs.map(({ distributions }) => distributions),
      factors,
    ),
    accounts: mergeAccounts(
      runs.map(({ accounts }) => accounts),
      factors,
    ),
    trackedAccounts: inPlace(
      TRACKED_ROWS,
      (run) => run.trackedAccounts,
      ({ account }) => ({ pooledOf: ofSlice(pooled, "account", account) }),
    ),
    // The worst verdict, since a fleet that is stuck once is not to be trusted.
    recovery:
      known.length === 0
        ? null
        : pooledRows(
            RECOVERY_ROWS,
            known.map(({ recovery }) => recovery),
            { ...whole, factors: known.map(({ factor }) => factor) },
          ),
    load: ofAll(LOAD_ROWS, (run) => run.load),
    // What was computed is what was computed, for whatever it stands.
    work: ofAll(WORK_ROWS, (run) => run.work, { factors: runs.map(() => 1) }),
    partial: options.partial === true || runs.some((run) => run.partial),
  };
}

/** Rows of those replications in which a tier occurred: `unrouted` need not. */
function tiersOver(runs: readonly RunResult[], pooled: Replications): RunResult["tiers"] {
  const names = new Set(runs.flatMap((run) => run.tiers.map(({ tier }) => tier)));
  return [...names].map((name) => {
    const rows = runs.map((run) => run.tiers.find(({ tier }) => tier === name));
    const factors = pooled.factors.filter((_, index) => rows[index] !== undefined);
    const from = { runs: runs.length, factors, pooledOf: ofSlice(pooled, "tier", name) };
    return pooledRows(
      TIER_ROWS,
      rows.filter((row) => row !== undefined),
      from,
    );
  });
}

function ofSlice(pooled: Replications, tag: SliceTag, name: string): PooledRuns["pooledOf"] {
  return (trend) => pooled.pooledOf(`${trend}{${tag}:${name}}`);
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
  { thresholds, asked = [] }: Pick<PoolingOptions, "thresholds" | "asked">,
): readonly Measure[] {
  const { tiers, sources, trackedAccounts, sessions, fleet } = runs[0]!;
  const measures = measuresOf(
    {
      tiers: tiers.map(({ tier }) => tier).filter((tier) => tier !== UNROUTED),
      sources: sources.map(({ source }) => source),
      accounts: trackedAccounts.map(({ account }) => account),
      sessions: sessions.map(({ source }) => source),
      hasPrices: fleet.isPriced,
    },
    [...thresholds.map(({ parsed }) => parsed), ...asked],
  );
  const keys = measures.map(measureKey);
  for (const { estimates } of runs) {
    const same = estimates.length === keys.length && estimates.every((e, i) => measureKey(e) === keys[i]);
    assert(same, "replications of one scenario have the same measures");
  }
  return measures;
}
