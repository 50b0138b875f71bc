// Judges thresholds: finds the value an expression speaks of and compares. Knows the rows of a result and the
// sketches behind them, because a threshold may ask for any percentile and a result lists only a few.
import { unreachable } from "../base/assert.js";
import type { OutcomeName } from "../base/outcome.js";
import type { TierColumns } from "../stats/ledger.js";
import type { QuantileSketch } from "../stats/quantile-sketch.js";
import { type MetricName, metricSpec } from "./metric-names.js";
import type { Recovery, ThresholdResult, TierResult } from "./result.js";
import type { JudgedSessions } from "./session-result.js";
import type { Operator, Threshold } from "./threshold.js";
import { ratio, totalRetries } from "./tier-result.js";

/** One tier as thresholds see it: its row, and the sketches its row was summarised from. */
export interface JudgedTier {
  readonly row: TierResult;
  readonly columns: TierColumns;
}

/** A run as thresholds see it. */
export interface JudgedRun {
  readonly tiers: readonly JudgedTier[];
  readonly sessions: readonly JudgedSessions[];
  readonly recovery: Recovery | null;
}

export interface StatedThreshold {
  /** As written in the scenario, selector included. */
  readonly metric: string;
  readonly expression: string;
  /** Whether a metric without a single sample passes. */
  readonly allowNoData: boolean;
}

/** Judges one threshold. A tier or a source that did not occur is no data. */
export function judge(stated: StatedThreshold, threshold: Threshold, run: JudgedRun): ThresholdResult {
  const { metric, expression, allowNoData } = stated;
  const observed = observe(threshold, run);
  if (observed === null) return { metric, expression, verdict: allowNoData ? "pass" : "no-data", observed };
  const verdict = holds(observed, threshold.operator, threshold.bound) ? "pass" : "fail";
  // What never came is infinitely late, and JSON has no word for that.
  return { metric, expression, verdict, observed: Number.isFinite(observed) ? observed : null };
}

export function holds(observed: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case "<":
      return observed < bound;
    case "<=":
      return observed <= bound;
    case ">":
      return observed > bound;
    case ">=":
      return observed >= bound;
    case "==":
      return observed === bound;
    case "!=":
      return observed !== bound;
    default:
      return unreachable(operator);
  }
}

function observe(threshold: Threshold, { tiers, sessions, recovery }: JudgedRun): number | null {
  const name = threshold.metric;
  if (isOfSessions(name)) {
    const found = sessions.find(({ row }) => row.source === threshold.source);
    return found === undefined ? null : observeSessions(name, threshold, found);
  }
  if (isOfRun(name)) return recovery === null ? null : observeRecovery(name, recovery);
  const found = tiers.find(({ row }) => row.tier === threshold.tier);
  return found === undefined ? null : observeTier(name, threshold, found);
}

type SessionMetric = Extract<MetricName, "sessions" | `session_${string}`>;
type RunMetric = "recovery_time" | "goodput_after";

function isOfSessions(name: MetricName): name is SessionMetric {
  return metricSpec(name)?.of === "source";
}

function isOfRun(name: MetricName): name is RunMetric {
  return metricSpec(name)?.of === "run";
}

function observeSessions(
  name: SessionMetric,
  threshold: Threshold,
  { row, totals }: JudgedSessions,
): number | null {
  switch (name) {
    case "sessions":
      return row.started;
    case "session_duration":
      return aggregate(totals.duration, threshold);
    case "session_requests":
      return aggregate(totals.requests, threshold);
    case "session_cost":
      return row.costPerFinished;
    case "session_abandon_rate":
      return row.abandonRate;
    default:
      return unreachable(name);
  }
}

function observeRecovery(name: RunMetric, recovery: Recovery): number | null {
  const { verdict, recoveryTime, goodputBefore, goodputAfter } = recovery;
  if (name === "recovery_time") return verdict === "stuck" ? Number.POSITIVE_INFINITY : recoveryTime;
  return goodputBefore === null || goodputAfter === null ? null : ratio(goodputAfter, goodputBefore);
}

function observeTier(
  name: Exclude<MetricName, SessionMetric | RunMetric>,
  threshold: Threshold,
  { row, columns }: JudgedTier,
): number | null {
  switch (name) {
    case "overloaded_rate":
      return row.overloadedRate;
    case "rate_limited_rate":
      return row.rateLimitedRate;
    case "unavailable_rate":
      return row.unavailableRate;
    case "invalid_rate":
    case "completed_rate":
      return ratio(row.outcomes[name === "invalid_rate" ? "invalid" : "completed"], row.attempts);
    case "failure_rate":
      return row.failureRate;
    case "give_up_rate":
      return row.giveUpRate;
    case "ttft":
      return aggregate(columns.ttft, threshold);
    case "tokens_per_second":
      return aggregate(columns.tokensPerSecond, threshold);
    case "latency":
      return aggregate(columns.latency, threshold);
    case "queue_wait":
      return aggregate(columns.queueWait, threshold);
    case "attempts":
      return row.attempts;
    case "requests":
      return row.requests.offered;
    case "completed":
    case "rate_limited":
    case "overloaded":
    case "unavailable":
    case "timed_out":
    case "cancelled":
      return row.outcomes[name satisfies OutcomeName];
    case "retries":
      return totalRetries(row);
    case "hedges":
      return row.hedges;
    case "client_rejected":
      return row.clientRejected;
    case "wasted_prefill_tokens":
      return row.wastedPrefillTokens;
    case "wasted_decode_tokens":
      return row.wastedDecodeTokens;
    case "throughput":
      return row.throughput;
    case "cost":
      return row.cost === null ? null : row.cost.total;
    case "amplification":
      return row.amplification;
    default:
      return unreachable(name);
  }
}

function aggregate(sketch: QuantileSketch, { aggregation, percentile }: Threshold): number | null {
  // A count of zero is an answer; every other aggregation of nothing is not.
  if (aggregation === "count") return sketch.count;
  if (sketch.count === 0) return null;
  if (aggregation === "avg") return sketch.mean;
  if (aggregation === "min") return sketch.minimum;
  if (aggregation === "max") return sketch.maximum;
  return sketch.quantile(aggregation === "med" ? 0.5 : (percentile ?? 50) / 100);
}
