// Judges thresholds: finds the value an expression speaks of and compares. Knows the rows of a result and the
// sketches behind them, because a threshold may ask for any percentile and a result lists only a few.
import { unreachable } from "../base/assert.js";
import type { OutcomeName } from "../base/outcome.js";
import type { TierColumns } from "../stats/ledger.js";
import type { QuantileSketch } from "../stats/quantile-sketch.js";
import type { MetricName } from "./metric-names.js";
import type { ThresholdResult, TierResult } from "./result.js";
import type { Operator, Threshold } from "./threshold.js";
import { ratio } from "./tier-result.js";

/** One tier as thresholds see it: its row, and the sketches its row was summarised from. */
export interface JudgedTier {
  readonly row: TierResult;
  readonly columns: TierColumns;
}

export interface StatedThreshold {
  /** As written in the scenario, selector included. */
  readonly metric: string;
  readonly expression: string;
  /** Whether a metric without a single sample passes. */
  readonly allowNoData: boolean;
}

/** Judges one threshold. `tier` is undefined for a tier that did not occur: no data. */
export function judge(
  stated: StatedThreshold,
  threshold: Threshold,
  tier: JudgedTier | undefined,
): ThresholdResult {
  const { metric, expression, allowNoData } = stated;
  const observed = tier === undefined ? null : observe(threshold, tier);
  if (observed === null) return { metric, expression, verdict: allowNoData ? "pass" : "no-data", observed };
  const verdict = holds(observed, threshold.operator, threshold.bound) ? "pass" : "fail";
  return { metric, expression, verdict, observed };
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

function observe(threshold: Threshold, { row, columns }: JudgedTier): number | null {
  const name: MetricName = threshold.metric;
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
      return row.outcomes[name satisfies OutcomeName];
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
