// The metrics a threshold may name: their kind, their unit and with it the aggregations and number suffixes
// that make sense. Knows names and grammar only; where the values come from is evaluate.ts's business.
import { nearest } from "../../base/nearest.js";

export type MetricKind = "rate" | "trend" | "counter" | "value";
/** What one unit of the metric is. Trends counted with `count` are always plain counts. */
export type MetricUnit = "share" | "seconds" | "tokens_per_second" | "count" | "dollars" | "ratio";

/** What a metric is of, and with it the tag of its selector: a path, a source of traffic, or the run as a whole. */
export type MetricSubject = "tier" | "source" | "run";

export interface MetricSpec {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly of: MetricSubject;
}

const metric = <Name extends string>(
  name: Name,
  kind: MetricKind,
  unit: MetricUnit,
  of: MetricSubject = "tier",
) => ({ name, kind, unit, of }) as const;

/** Rates that are of attempts or of logical requests, which differ where clients retry. */
const OF_EITHER: ReadonlySet<string> = new Set([
  "overloaded_rate",
  "rate_limited_rate",
  "unavailable_rate",
  "invalid_rate",
  "completed_rate",
]);

export function countsEither(metric: string): boolean {
  return OF_EITHER.has(metric);
}

/** Every metric, in the order in which the documentation lists them. */
export const METRICS = [
  metric("overloaded_rate", "rate", "share"),
  metric("rate_limited_rate", "rate", "share"),
  metric("unavailable_rate", "rate", "share"),
  metric("invalid_rate", "rate", "share"),
  metric("completed_rate", "rate", "share"),
  metric("failure_rate", "rate", "share"),
  metric("give_up_rate", "rate", "share"),
  metric("ttft", "trend", "seconds"),
  metric("tokens_per_second", "trend", "tokens_per_second"),
  metric("latency", "trend", "seconds"),
  metric("queue_wait", "trend", "seconds"),
  metric("attempts", "counter", "count"),
  metric("requests", "counter", "count"),
  metric("completed", "counter", "count"),
  metric("rate_limited", "counter", "count"),
  metric("overloaded", "counter", "count"),
  metric("unavailable", "counter", "count"),
  metric("timed_out", "counter", "count"),
  metric("cancelled", "counter", "count"),
  metric("retries", "counter", "count"),
  metric("hedges", "counter", "count"),
  metric("client_rejected", "counter", "count"),
  metric("wasted_prefill_tokens", "counter", "count"),
  metric("wasted_decode_tokens", "counter", "count"),
  metric("throughput", "value", "tokens_per_second"),
  metric("cost", "value", "dollars"),
  metric("amplification", "value", "ratio"),
  metric("sessions", "counter", "count", "source"),
  metric("session_duration", "trend", "seconds", "source"),
  metric("session_requests", "trend", "ratio", "source"),
  metric("session_cost", "value", "dollars", "source"),
  metric("session_abandon_rate", "rate", "share", "source"),
  metric("recovery_time", "value", "seconds", "run"),
  metric("goodput_after", "value", "ratio", "run"),
] as const satisfies readonly MetricSpec[];
export type MetricName = (typeof METRICS)[number]["name"];

export const AGGREGATIONS = ["avg", "min", "med", "max", "p", "rate", "count", "value"] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

const AGGREGATIONS_OF: Readonly<Record<MetricKind, readonly Aggregation[]>> = {
  rate: ["rate"],
  trend: ["avg", "min", "med", "max", "p", "count"],
  counter: ["count"],
  value: ["value"],
};

export function metricSpec(name: string): (MetricSpec & { readonly name: MetricName }) | undefined {
  return METRICS.find((spec) => spec.name === name);
}

export function allowedAggregations(kind: MetricKind): readonly Aggregation[] {
  return AGGREGATIONS_OF[kind];
}

/** How an aggregation is written: `p` takes a number. */
export function aggregationText(aggregation: Aggregation): string {
  return aggregation === "p" ? "p(N)" : aggregation;
}

/** The unit of an aggregated value. */
export function unitOf(spec: MetricSpec, aggregation: Aggregation): MetricUnit {
  return aggregation === "count" ? "count" : spec.unit;
}

/** Why a name is no metric, with the closest one. */
export function unknownMetric(name: string): string {
  const names = METRICS.map((spec) => spec.name);
  const near = nearest(name, names);
  return near === undefined
    ? `unknown metric "${name}"; the metrics are ${names.join(", ")}`
    : `unknown metric "${name}"; did you mean "${near}"?`;
}
