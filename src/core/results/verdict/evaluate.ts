// What a run says of a measure, and what that means for a threshold. Knows the rows of a result and the sketches behind
// them, because a threshold may ask for any percentile and a result lists only a few.
import { unreachable } from "../../base/assert.js";
import { Outcome, type OutcomeName, outcomeOf } from "../../base/outcome.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import type { TierColumns } from "../ledger/tier-columns.js";
import { countsEither, type MetricName, metricSpec } from "../metrics/metric-names.js";
import type { Estimate, Recovery, ThresholdVerdict } from "../shape/result.js";
import type { JudgedSessions } from "../shape/session-result.js";
import { ratio, type TierCounts, totalRetries } from "../shape/tier-result.js";
import type { Subject } from "./measures.js";
import type { Operator, Threshold } from "./threshold.js";

/** One tier as thresholds see it: its counts, and the sketches that any percentile can be asked of. */
export interface JudgedTier {
  readonly row: TierCounts;
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

/** One observation of a measure. The weight is the denominator of a rate or ratio, and 1 for everything else. */
export interface Sample {
  /** Null without data; infinite for what never came. */
  readonly value: number | null;
  readonly weight: number;
}

const NOTHING: Sample = { value: null, weight: 0 };

/**
 * Judges a threshold on the interval around what it is about: it passes where the whole interval does, and fails where
 * none of it would pass. Equality is judged on what was observed, because no interval ever shows it: `rate==0` passes
 * without an event, and the interval beside it says how rare the event may still be. So is everything that never has an
 * interval; what has none yet is left open.
 */
export function verdictOf(
  { operator, bound }: Pick<Threshold, "operator" | "bound">,
  { value, low, high, method }: Pick<Estimate, "value" | "low" | "high" | "method">,
  allowNoData: boolean,
): ThresholdVerdict {
  if (value === null) return allowNoData ? "pass" : "no-data";
  const isEquality = operator === "==" || operator === "!=";
  if (method === "too-few" && !isEquality && Number.isFinite(value)) return "inconclusive";
  if (isEquality || low === null || high === null || method === "none") {
    return holds(value, operator, bound) ? "pass" : "fail";
  }
  const [atLow, atHigh] = [holds(low, operator, bound), holds(high, operator, bound)];
  if (atLow && atHigh) return "pass";
  return atLow || atHigh ? "inconclusive" : "fail";
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

/** What a run, or a batch of one, says of a measure. A tier or a source that did not occur is no data. */
export function observe(subject: Subject, { tiers, sessions, recovery }: JudgedRun): Sample {
  const { metric } = subject;
  if (isOfSessions(metric)) {
    const found = sessions.find(({ row }) => row.source === subject.source);
    if (found === undefined) return NOTHING;
    const { finished, abandoned } = found.row;
    const weight = metric === "session_abandon_rate" ? finished + abandoned : 1;
    return { value: observeSessions(metric, subject, found), weight };
  }
  if (isOfRun(metric)) return { value: recovery && observeRecovery(metric, recovery), weight: 1 };
  const found = tiers.find(({ row }) => row.tier === subject.tier);
  if (found === undefined) return NOTHING;
  return { value: observeTier(metric, subject, found), weight: weightOf(metric, subject, found.row) };
}

/** What a tier's rate or ratio is a share of. */
function weightOf(metric: MetricName, { per }: Subject, { attempts, requests }: TierCounts): number {
  if (metric === "amplification") return requests.offered;
  const { kind } = metricSpec(metric)!;
  if (kind !== "rate") return 1;
  return per === "attempt" ? attempts : requests.failed + requests.completed;
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
  subject: Subject,
  { row, totals }: JudgedSessions,
): number | null {
  switch (name) {
    case "sessions":
      return row.started;
    case "session_duration":
      return aggregate(totals.duration, subject);
    case "session_requests":
      return aggregate(totals.requests, subject);
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
  subject: Subject,
  { row, columns }: JudgedTier,
): number | null {
  if (countsEither(name) && subject.per === "request") return requestRate(name as RefusalRate, row, columns);
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
      return aggregate(columns.ttft, subject);
    case "tokens_per_second":
      return aggregate(columns.tokensPerSecond, subject);
    case "latency":
      return aggregate(columns.latency, subject);
    case "queue_wait":
      return aggregate(columns.queueWait, subject);
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

type RefusalRate = Extract<
  MetricName,
  "overloaded_rate" | "rate_limited_rate" | "unavailable_rate" | "invalid_rate" | "completed_rate"
>;

const OUTCOME_OF_RATE = {
  overloaded_rate: Outcome.overloaded,
  rate_limited_rate: Outcome.rateLimited,
  unavailable_rate: Outcome.unavailable,
  invalid_rate: Outcome.invalid,
} as const;

/** The share of requests whose last attempt ended so, of those that ended. */
function requestRate(name: RefusalRate, { requests }: TierCounts, columns: TierColumns): number | null {
  const ended = requests.failed + requests.completed;
  if (name === "completed_rate") return ratio(requests.completed, ended);
  const wanted = OUTCOME_OF_RATE[name];
  const hits = columns.requestReasons.reduce(
    (sum, count, reason) => (outcomeOf(reason) === wanted ? sum + count : sum),
    0,
  );
  return ratio(hits, ended);
}

function aggregate(sketch: QuantileSketch, { aggregation, percentile }: Subject): number | null {
  // A count of zero is an answer; every other aggregation of nothing is not.
  if (aggregation === "count") return sketch.count;
  if (sketch.count === 0) return null;
  if (aggregation === "avg") return sketch.mean;
  if (aggregation === "min") return sketch.minimum;
  if (aggregation === "max") return sketch.maximum;
  return sketch.quantile(aggregation === "med" ? 0.5 : (percentile ?? 50) / 100);
}
