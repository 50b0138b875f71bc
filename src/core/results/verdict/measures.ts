// What is measured of every run: rates, times, speeds and money of each tier, and whatever thresholds ask for besides.
// Each measure has a name that a threshold could write. Knows names; values are evaluate.ts's.
import {
  countsEither,
  type MetricName,
  type MetricUnit,
  metricSpec,
  unitOf,
} from "../metrics/metric-names.js";
import type { Estimate } from "../shape/result.js";
import { ALL_TIERS, type Threshold } from "./threshold.js";

/** What a threshold is about: everything of it but the comparison. */
export type Subject = Omit<Threshold, "operator" | "bound">;

export interface Measure {
  readonly subject: Subject;
  /** With all its tags, so that equal measures have equal names. */
  readonly metric: string;
  readonly aggregation: string;
  readonly unit: MetricUnit;
  readonly better: Estimate["better"];
}

type Wanted = readonly [
  metric: MetricName,
  aggregation: Threshold["aggregation"],
  detail?: "request" | number,
];

/** Of every tier, and of all of them together. */
const OF_TIERS: readonly Wanted[] = [
  ["overloaded_rate", "rate"],
  ["overloaded_rate", "rate", "request"],
  ["rate_limited_rate", "rate"],
  ["unavailable_rate", "rate"],
  ["give_up_rate", "rate"],
  ["amplification", "value"],
  ["ttft", "p", 50],
  ["ttft", "p", 99],
  ["tokens_per_second", "p", 50],
  ["tokens_per_second", "p", 5],
  ["latency", "p", 50],
  ["latency", "p", 99],
  ["throughput", "value"],
  ["cost", "value"],
];

/** Of every source that has sessions. */
const OF_SOURCES: readonly Wanted[] = [
  ["session_abandon_rate", "rate"],
  ["session_duration", "p", 50],
  ["session_cost", "value"],
];

const HIGHER: ReadonlySet<string> = new Set([
  "completed_rate",
  "tokens_per_second",
  "throughput",
  "goodput_after",
  "completed",
]);
/** More of these is neither good nor bad by itself. */
const NEITHER: ReadonlySet<string> = new Set([
  "attempts",
  "requests",
  "sessions",
  "session_requests",
  "hedges",
  "cost",
]);

/** The measures of a run with these tiers and sources, then what thresholds ask for that is not among them. */
export function measuresOf(
  tiers: readonly string[],
  sources: readonly string[],
  thresholds: readonly Threshold[],
): Measure[] {
  const standard = [
    ...[...tiers, ALL_TIERS].flatMap((tier) => OF_TIERS.map((wanted) => subjectOf(wanted, { tier }))),
    ...sources.flatMap((source) => OF_SOURCES.map((wanted) => subjectOf(wanted, { source }))),
  ];
  const measures = new Map<string, Measure>();
  for (const subject of [...standard, ...thresholds]) {
    const measure = measureOf(subject);
    const key = measureKey(measure);
    if (!measures.has(key)) measures.set(key, measure);
  }
  return [...measures.values()];
}

/** Tells measures apart. */
export function measureKey({ metric, aggregation }: Pick<Measure, "metric" | "aggregation">): string {
  return `${metric} ${aggregation}`;
}

/** The tier that the name of a measure names; undefined for one that is not of a tier. */
export function tierOf(metric: string): string | undefined {
  return /[{,]tier:([^,}]*)/.exec(metric)?.[1];
}

export function measureOf(subject: Subject): Measure {
  const { metric, tier, source, per, aggregation, percentile } = subject;
  const spec = metricSpec(metric)!;
  const tags = [
    ...(spec.of === "tier" ? [`tier:${tier}`] : []),
    ...(spec.of === "source" ? [`source:${source}`] : []),
    ...(per === null ? [] : [`per:${per}`]),
  ];
  const neither = NEITHER.has(metric) || (spec.kind === "trend" && aggregation === "count");
  return {
    subject: { metric, tier, source, per, aggregation, percentile },
    metric: tags.length === 0 ? metric : `${metric}{${tags.join(",")}}`,
    aggregation: aggregation === "p" ? `p(${percentile})` : aggregation,
    unit: unitOf(spec, aggregation),
    better: neither ? "none" : HIGHER.has(metric) ? "higher" : "lower",
  };
}

function subjectOf(
  [metric, aggregation, detail]: Wanted,
  of: { readonly tier?: string; readonly source?: string },
): Subject {
  return {
    metric,
    tier: of.tier ?? ALL_TIERS,
    source: of.source ?? ALL_TIERS,
    per: detail === "request" ? "request" : countsEither(metric) ? "attempt" : null,
    aggregation,
    percentile: typeof detail === "number" ? detail : null,
  };
}
