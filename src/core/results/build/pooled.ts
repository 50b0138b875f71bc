// Many replications of one scenario in the shape of one result: counts are sums, times and speeds means over the
// replications, and every estimate has an interval. Knows results only; who ran them is not known here.
import { assert } from "../../base/assert.js";
import { mergeAccounts } from "../shape/account-result.js";
import { mergeDistributions } from "../shape/distribution.js";
import type {
  Estimate,
  Recovery,
  RunResult,
  SessionResult,
  Summary,
  ThresholdResult,
  TierResult,
} from "../shape/result.js";
import { ratio } from "../shape/tier-result.js";
import { verdictOf } from "../verdict/evaluate.js";
import { type Measure, measureKey, measureOf } from "../verdict/measures.js";
import { parseThreshold, type Threshold } from "../verdict/threshold.js";
import { estimateOverReplications } from "./estimates.js";

export interface PoolingOptions {
  /** From which the replications' seeds were made. */
  readonly seed: string;
  /** Of the estimates. */
  readonly confidence: number;
  /** Of the intervals on which thresholds are judged; narrower error where they are looked at more than once. */
  readonly judgedAt?: number;
  readonly partial?: boolean;
}

/** Takes at least one result, all of the same scenario. */
export function pooledResult(runs: readonly RunResult[], options: PoolingOptions): RunResult {
  const first = runs[0];
  assert(first !== undefined, "there is a replication to pool");
  const { seed, confidence, judgedAt = confidence, partial = false } = options;
  const tierNames = [...new Set(runs.flatMap((run) => run.tiers.map(({ tier }) => tier)))];
  const rows = (tier: string) =>
    runs.flatMap((run) => run.tiers.find((one) => one.tier === tier) ?? []) as TierResult[];
  const measures = measuresOfRuns(runs);
  // One run by itself says how far it varies by its batches, if it has any.
  const isAlone = runs.length === 1 && first.confidence === judgedAt && confidence === judgedAt;
  const estimates = isAlone
    ? first.estimates
    : measures.map((measure, index) => estimateAt(runs, measure, index, confidence));
  return {
    ...first,
    seed,
    partial: partial || runs.some((run) => run.partial),
    time: {
      simulated: meanOf(runs, (run) => run.time.simulated)!,
      warmup: first.time.warmup,
      measured: meanOf(runs, (run) => run.time.measured)!,
      offeredRate: meanOf(runs, (run) => run.time.offeredRate),
    },
    tiers: tierNames.map((tier) => pooledTier(rows(tier), runs.length)),
    all: pooledTier(
      runs.map((run) => run.all),
      runs.length,
    ),
    pools: first.pools.map((_, index) => pooledPool(runs.map((run) => run.pools[index]!))),
    sessions: first.sessions.map((_, index) => pooledSessions(runs.map((run) => run.sessions[index]!))),
    distributions: mergeDistributions(runs.map(({ distributions }) => distributions)),
    accounts: mergeAccounts(runs.map(({ accounts }) => accounts)),
    thresholds: isAlone
      ? first.thresholds
      : first.thresholds.map((stated, index) => {
          const found = runs.map((run) => run.thresholds[index]!);
          return pooledThreshold(stated, found, runs, measures, judgedAt);
        }),
    confidence,
    judgedAt,
    recovery: pooledRecovery(runs.flatMap(({ recovery }) => recovery ?? [])),
    estimates: estimates.map(withoutInfinity),
    replications: runs.flatMap((run) => run.replications),
    work: {
      events: sumOf(runs, (run) => run.work.events),
      steps: sumOf(runs, (run) => run.work.steps),
      epochs: sumOf(runs, (run) => run.work.epochs),
    },
  };
}

/** JSON has no word for what never came. */
export function withoutInfinity(estimate: Estimate): Estimate {
  return estimate.value !== null && !Number.isFinite(estimate.value)
    ? { ...estimate, value: null }
    : estimate;
}

/** The measures of all runs, in their order: replications have the same ones, so that they can be told by place. */
function measuresOfRuns(runs: readonly RunResult[]): readonly Measure[] {
  const first = runs[0]!;
  const keys = first.estimates.map(measureKey);
  for (const run of runs) {
    const same =
      run.estimates.length === keys.length && run.estimates.every((e, i) => measureKey(e) === keys[i]);
    assert(same, "replications of one scenario have the same measures");
  }
  // A measure is named as a threshold would name it, so that reading its name gives it back.
  return first.estimates.map(({ metric, aggregation }) =>
    measureOf(thresholdOf({ metric, expression: `${aggregation}>=0` })),
  );
}

export function thresholdOf({
  metric,
  expression,
}: Pick<ThresholdResult, "metric" | "expression">): Threshold {
  const threshold = parseThreshold(metric, expression);
  assert(threshold.ok, "thresholds are checked when the scenario is loaded");
  return threshold.value;
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
  stated: ThresholdResult,
  found: readonly ThresholdResult[],
  runs: readonly RunResult[],
  measures: readonly Measure[],
  confidence: number,
): ThresholdResult {
  const threshold = thresholdOf(stated);
  const { metric, expression } = stated;
  // Whatever never came in one of them does not come on average.
  const never = found.find(({ verdict, observed }) => observed === null && verdict === "fail");
  if (never !== undefined) return { ...never, n: found.length };
  const key = measureKey(measureOf(threshold));
  const index = measures.findIndex((measure) => measureKey(measure) === key);
  const estimate = estimateAt(runs, measures[index]!, index, confidence);
  const { low, high, n, method } = estimate;
  const allowsNoData = found.some(({ verdict, observed }) => observed === null && verdict === "pass");
  const isEquality = threshold.operator === "==" || threshold.operator === "!=";
  const verdict =
    isEquality && found.some((one) => one.verdict === "fail")
      ? "fail"
      : verdictOf(threshold, estimate, allowsNoData);
  return { metric, expression, verdict, observed: withoutInfinity(estimate).value, low, high, n, method };
}

function pooledTier(rows: readonly TierResult[], runs: number): TierResult {
  const first = rows[0]!;
  const sum = (read: (row: TierResult) => number) => sumOf(rows, read);
  const attempts = sum((row) => row.attempts);
  const outcomes = summedCounts(rows.map((row) => row.outcomes)) as TierResult["outcomes"];
  const requests = summedCounts(rows.map((row) => row.requests)) as TierResult["requests"];
  const ended = requests.failed + requests.completed;
  const costs = rows.flatMap((row) => row.cost ?? []);
  return {
    ...first,
    attempts,
    outcomes,
    reasons: summedCounts(rows.map((row) => row.reasons)),
    requests,
    retries: summedCounts(rows.map((row) => row.retries)),
    hedges: sum((row) => row.hedges),
    clientRejected: sum((row) => row.clientRejected),
    wastedPrefillTokens: sum((row) => row.wastedPrefillTokens),
    wastedDecodeTokens: sum((row) => row.wastedDecodeTokens),
    overloadedRate: ratio(outcomes.overloaded, attempts),
    rateLimitedRate: ratio(outcomes.rate_limited, attempts),
    unavailableRate: ratio(outcomes.unavailable, attempts),
    amplification: ratio(attempts, requests.offered),
    failureRate: ratio(requests.failed, ended),
    giveUpRate: ratio(requests.givenUp, ended),
    ttft: pooledSummary(rows.map((row) => row.ttft)),
    tokensPerSecond: pooledSummary(rows.map((row) => row.tokensPerSecond)),
    latency: pooledSummary(rows.map((row) => row.latency)),
    queueWait: pooledSummary(rows.map((row) => row.queueWait)),
    inputTokens: sum((row) => row.inputTokens),
    cachedTokens: sum((row) => row.cachedTokens),
    outputTokens: sum((row) => row.outputTokens),
    // A tier that did not occur in a replication did not generate anything in it.
    throughput: sum((row) => row.throughput) / runs,
    cost: costs.length === 0 ? null : (summedCounts(costs) as NonNullable<TierResult["cost"]>),
  };
}

/** Quantiles are means over the replications, extremes those of all. */
function pooledSummary(all: readonly Summary[]): Summary {
  const known = all.filter(({ count }) => count > 0);
  const count = sumOf(known, (one) => one.count);
  const mean = (read: (one: Summary) => number | null) => meanOf(known, read);
  return {
    count,
    mean: count === 0 ? null : sumOf(known, (one) => one.mean! * one.count) / count,
    min: count === 0 ? null : Math.min(...known.map((one) => one.min!)),
    max: count === 0 ? null : Math.max(...known.map((one) => one.max!)),
    p1: mean((one) => one.p1),
    p5: mean((one) => one.p5),
    p25: mean((one) => one.p25),
    p50: mean((one) => one.p50),
    p75: mean((one) => one.p75),
    p90: mean((one) => one.p90),
    p95: mean((one) => one.p95),
    p99: mean((one) => one.p99),
    exact: all.every((one) => one.exact),
  };
}

function pooledPool(pools: RunResult["pools"]): RunResult["pools"][number] {
  const peaks = pools.flatMap(({ kvPeak }) => kvPeak ?? []);
  return {
    ...pools[0]!,
    slotsBusyMean: meanOf(pools, (pool) => pool.slotsBusyMean),
    kvUsedMean: meanOf(pools, (pool) => pool.kvUsedMean),
    kvPeak: peaks.length === 0 ? null : Math.max(...peaks),
    queuedMean: meanOf(pools, (pool) => pool.queuedMean),
    preemptions: sumOf(pools, (pool) => pool.preemptions),
    lostTokens: sumOf(pools, (pool) => pool.lostTokens),
  };
}

/** The worst verdict, since a fleet that is stuck once is not to be trusted; rates and times are means. */
function pooledRecovery(all: readonly Recovery[]): Recovery | null {
  const first = all[0];
  if (first === undefined) return null;
  const verdict = (["stuck", "recovered", "unknown"] as const).find((one) =>
    all.some((recovery) => recovery.verdict === one),
  )!;
  return {
    ...first,
    verdict,
    goodputBefore: meanOf(all, (one) => one.goodputBefore),
    goodputDuring: meanOf(all, (one) => one.goodputDuring),
    goodputAfter: meanOf(all, (one) => one.goodputAfter),
    recoveryTime: verdict === "stuck" ? null : meanOf(all, (one) => one.recoveryTime),
  };
}

function pooledSessions(rows: readonly SessionResult[]): SessionResult {
  const sum = (read: (row: SessionResult) => number) => sumOf(rows, read);
  const [finished, abandoned] = [sum((row) => row.finished), sum((row) => row.abandoned)];
  const cost = sum((row) => (row.costPerFinished ?? 0) * row.finished);
  const isPriced = rows.some((row) => row.costPerFinished !== null);
  return {
    source: rows[0]!.source,
    started: sum((row) => row.started),
    finished,
    abandoned,
    open: sum((row) => row.open),
    duration: pooledSummary(rows.map((row) => row.duration)),
    requests: pooledSummary(rows.map((row) => row.requests)),
    costPerFinished: isPriced ? ratio(cost, finished) : null,
    abandonRate: ratio(abandoned, finished + abandoned),
  };
}

function sumOf<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + read(row), 0);
}

/** Of those that have a value; null if none has. */
function meanOf<Row>(rows: readonly Row[], read: (row: Row) => number | null): number | null {
  const known = rows.flatMap((row) => read(row) ?? []);
  return known.length === 0 ? null : sumOf(known, (value) => value) / known.length;
}

/** Records of counts, added up key by key in the order in which keys come up. */
function summedCounts<Key extends string>(
  records: readonly Readonly<Partial<Record<Key, number>>>[],
): Partial<Record<Key, number>> {
  const sums: Partial<Record<Key, number>> = {};
  for (const record of records) {
    for (const key of Object.keys(record) as Key[]) sums[key] = (sums[key] ?? 0) + record[key]!;
  }
  return sums;
}
