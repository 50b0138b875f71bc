// What a run cannot tell however well it is known: numbers of which too much was still open when it ended, and times in
// a fleet that does not keep up. They have no interval then, and no threshold on them is met. Knows rows of a result.
import type { Asked } from "../metrics/asks.js";
import { metricNamed } from "../metrics/metrics.js";
import { openShareOf } from "../metrics/open-share.js";
import { MOST_OPEN } from "../metrics/summary.js";
import type { Estimate, Interval, RunResult, ThresholdResult } from "../shape/result.js";
import { isGrowing } from "../shape/sustainability.js";

export type Rows = Pick<
  RunResult,
  "tiers" | "all" | "sources" | "trackedAccounts" | "sessions" | "load" | "partial"
>;
type Guard = "open" | "growing";
type Subject = Asked & { readonly metric: string };

/** Why a result does not tell of a metric; undefined where it does. A run that was cut off is open by nature. */
function guardOf(rows: Rows, subject: Subject): Guard | undefined {
  if (!rows.partial && openShareOf(rows, subject) > MOST_OPEN) return "open";
  return isGrowing(rows) && dependsOnLength(subject) ? "growing" : undefined;
}

/** Waits and speeds in a fleet that falls ever further behind are as bad as the run is long; their number is not. */
function dependsOnLength({ metric, aggregation }: Subject): boolean {
  if (aggregation === "count") return false;
  const unit = metricNamed(metric)?.unit;
  return unit === "seconds" || unit === "tokens_per_second";
}

const silent = (method: Guard) => ({ low: null, high: null, method }) satisfies Partial<Interval>;

export function guardedEstimate(rows: Rows, subject: Subject, estimate: Estimate): Estimate {
  const guard = estimate.value === null ? undefined : guardOf(rows, subject);
  return guard === undefined ? estimate : { ...estimate, ...silent(guard) };
}

/** What has failed in a fleet that falls behind goes on failing; what passes only does so yet. */
export function guardedThreshold(rows: Rows, subject: Subject, threshold: ThresholdResult): ThresholdResult {
  const { verdict } = threshold;
  const guard = verdict === "no-data" ? undefined : guardOf(rows, subject);
  if (guard === undefined || (guard === "growing" && verdict === "fail")) return threshold;
  return { ...threshold, ...silent(guard), verdict: "undecided" };
}
