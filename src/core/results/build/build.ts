// Builds the result of a run from its ledger: a row per tier, a row for all of them, and the judged
// thresholds. Knows tiers by name and the ledger by column; the pools and the series come ready from the
// engine.
import { assert } from "../../base/assert.js";
import type { TokenPrice } from "../ledger/account-counts.js";
import type { Ledger } from "../ledger/ledger.js";
import { TierColumns } from "../ledger/tier-columns.js";
import { accountResults } from "../shape/account-result.js";
import { distributionResults } from "../shape/distribution.js";
import { recoveryOf, type Trigger } from "../shape/recovery.js";
import {
  type Estimate,
  type PoolResult,
  RESULT_SCHEMA_VERSION,
  type RunResult,
  type Series,
  type ThresholdResult,
  type TierResult,
  type Work,
} from "../shape/result.js";
import {
  type JudgedSessions,
  mergedSessions,
  type SessionTotals,
  sessionResult,
} from "../shape/session-result.js";
import { ratio, tierCost, tierCounts, tierResult, totalCost } from "../shape/tier-result.js";
import {
  type JudgedRun,
  type JudgedTier,
  observe,
  type StatedThreshold,
  verdictOf,
} from "../verdict/evaluate.js";
import { type Measure, measureKey, measureOf, measuresOf } from "../verdict/measures.js";
import { ALL_TIERS, UNROUTED } from "../verdict/threshold.js";
import { estimateOfRun } from "./estimates.js";
import { thresholdOf, withoutInfinity } from "./pooled.js";

export interface ResultInput {
  readonly scenario: string;
  readonly description: string;
  readonly seed: string;
  readonly partial: boolean;
  /** In the ledger's order; `unrouted`, where the ledger has it, is the last. */
  readonly tiers: readonly { readonly name: string; readonly price: TokenPrice | null }[];
  readonly ledger: Ledger;
  /** Stretches of the measured window in order of time, each with its tiers in the ledger's order; none if left out. */
  readonly batches?: readonly (readonly TierColumns[])[];
  /** Names of the accounts that the ledger knows by index; the index itself if left out. */
  readonly nameOfAccount?: (account: number) => string;
  readonly pools: readonly PoolResult[];
  /** Of the sources that have sessions; none if left out. */
  readonly sessions?: readonly { readonly source: string; readonly totals: SessionTotals }[];
  /** Seconds from the start of the run; left out where the scenario has none. */
  readonly trigger?: Trigger | undefined;
  readonly series: Series;
  readonly thresholds: readonly StatedThreshold[];
  /** Of the intervals; default 0.95. */
  readonly confidence?: number | undefined;
  /** Seconds. */
  readonly time: {
    readonly simulated: number;
    readonly warmup: number;
    readonly measured: number;
    /** Length of the part of the measured window in which requests came up. */
    readonly arrivals: number;
  };
  readonly work: Work;
}

export function buildResult(input: ResultInput): RunResult {
  const { scenario, description, seed, partial, pools, series, time, work, confidence = 0.95 } = input;
  assert(input.tiers.length === input.ledger.tiers.length, "the ledger has one entry per named tier");
  const { arrivals, ...measuredTime } = time;
  const tiers = judgedTiers(input);
  const all = judgedTotal(tiers, time.measured);
  const sessions = judgedSessions(input);
  const stretch = { from: time.warmup, until: time.warmup + time.measured };
  const recovery = input.trigger === undefined ? null : recoveryOf(series, input.trigger, stretch);
  const run: JudgedRun = { tiers: [...tiers, all], sessions, recovery };
  const measures = measuresOf(
    input.tiers.map(({ name }) => name).filter((name) => name !== UNROUTED),
    sessions.slice(0, -1).map(({ row }) => row.source),
    input.thresholds.map(thresholdOf),
  );
  const samples = measures.map(({ subject }) => observe(subject, run));
  const batches = batchRuns(input);
  const estimates = measures.map((measure, index) =>
    estimateOfRun(measure, samples[index]!, batches(measure), confidence),
  );
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    scenario,
    description,
    seed,
    partial,
    time: { ...measuredTime, offeredRate: ratio(all.row.requests.offered, arrivals) },
    tiers: tiers.map((tier) => tier.row),
    all: all.row,
    pools,
    sessions: sessions.slice(0, -1).map(({ row }) => row),
    distributions: input.tiers.flatMap(({ name }, tier) =>
      distributionResults(name, input.ledger.tiers[tier]!),
    ),
    accounts: accountResults(input.ledger.accounts, input.nameOfAccount ?? String),
    recovery,
    series: {
      ...series,
      tiers: series.tiers.filter((one) => one.tier !== UNROUTED || one.attempts.some(isAny)),
    },
    thresholds: input.thresholds.map((stated) => judged(stated, measures, estimates)),
    confidence,
    judgedAt: confidence,
    estimates: estimates.map(withoutInfinity),
    replications: [
      { seed, values: samples.map(({ value }) => value), weights: samples.map(({ weight }) => weight) },
    ],
    work,
  };
}

/** Each batch as a run of its own, and so many neighbouring ones taken together; worked out once for each size. */
function batchRuns({ batches = [], tiers: named }: ResultInput) {
  const bySize = new Map<number, JudgedRun[]>();
  const merged = (size: number): JudgedRun[] => {
    const known = bySize.get(size);
    if (known !== undefined) return known;
    const runs: JudgedRun[] = [];
    for (let first = 0; first + size <= batches.length; first += size) {
      const group = batches.slice(first, first + size);
      const tiers = named.map(({ name }, tier): JudgedTier => {
        const columns = group.length === 1 ? group[0]![tier]! : mergedColumns(group.map((one) => one[tier]!));
        return { columns, row: tierCounts({ tier: name, columns, cost: null, measured: 1 }) };
      });
      const columns = mergedColumns(tiers.map((tier) => tier.columns));
      const all = { columns, row: tierCounts({ tier: ALL_TIERS, columns, cost: null, measured: 1 }) };
      runs.push({ tiers: [...tiers, all], sessions: [], recovery: null });
    }
    bySize.set(size, runs);
    return runs;
  };
  return ({ subject }: Measure) =>
    (size: number) =>
      merged(size).map((run) => observe(subject, run));
}

const isAny = (count: number) => count > 0;

/** A tier of the run itself, which is also listed whole. */
interface ListedTier extends JudgedTier {
  readonly row: TierResult;
}

function judgedTiers({ tiers, ledger, time }: ResultInput): ListedTier[] {
  const judged = tiers.map(({ name, price }, index) => {
    const columns = ledger.tiers[index]!;
    const cost = tierCost(columns, price);
    return { columns, row: tierResult({ tier: name, columns, cost, measured: time.measured }) };
  });
  return judged.filter(({ row }) => row.tier !== UNROUTED || row.attempts > 0 || row.requests.offered > 0);
}

function judgedTotal(tiers: readonly ListedTier[], measured: number): ListedTier {
  const columns = mergedColumns(tiers.map((tier) => tier.columns));
  const cost = totalCost(tiers.map((tier) => tier.row.cost));
  return { columns, row: tierResult({ tier: ALL_TIERS, columns, cost, measured }) };
}

function mergedColumns(parts: readonly TierColumns[]): TierColumns {
  const columns = new TierColumns();
  for (const part of parts) columns.merge(part);
  return columns;
}

/** A row per source, and one for all of them together, which is the last. */
function judgedSessions({ sessions = [], tiers }: ResultInput): JudgedSessions[] {
  if (sessions.length === 0) return [];
  const isPriced = tiers.some(({ price }) => price !== null);
  const all = { source: ALL_TIERS, totals: mergedSessions(sessions.map(({ totals }) => totals)) };
  return [...sessions, all].map(({ source, totals }) => ({
    row: sessionResult(source, totals, isPriced),
    totals,
  }));
}

function judged(
  stated: StatedThreshold,
  measures: readonly Measure[],
  estimates: readonly Estimate[],
): ThresholdResult {
  const threshold = thresholdOf(stated);
  const key = measureKey(measureOf(threshold));
  const estimate = estimates[measures.findIndex((measure) => measureKey(measure) === key)];
  assert(estimate !== undefined, "what a threshold is about is measured");
  const { metric, expression, allowNoData } = stated;
  const { low, high, n, method } = estimate;
  const verdict = verdictOf(threshold, estimate, allowNoData);
  return { metric, expression, verdict, observed: withoutInfinity(estimate).value, low, high, n, method };
}
