// What is measured of every run: rates, times, speeds and money of each tier, and whatever thresholds ask for besides.
// Each measure has a name that a threshold could write. Knows names; values are evaluate.ts's.
import type { RankedValues } from "../../stats/ranked-values.js";
import { type Better, betterOf, unitOf } from "../metrics/asks.js";
import type { JudgedRun } from "../metrics/judged.js";
import { METRICS, metricNamed } from "../metrics/metrics.js";
import type { MetricUnit } from "../metrics/units.js";
import { ALL_TIERS, type Subject, type Threshold } from "./threshold.js";

export interface Measure {
  readonly subject: Subject;
  /** With all its tags, so that equal measures have equal names. */
  readonly metric: string;
  readonly aggregation: string;
  readonly unit: MetricUnit;
  readonly better: Better;
}

/** The measures of a run with these tiers and sources, then what thresholds ask for that is not among them. */
export function measuresOf(
  tiers: readonly string[],
  sources: readonly string[],
  thresholds: readonly Threshold[],
): Measure[] {
  const standard = [
    ...[...tiers, ALL_TIERS].flatMap((tier) => alwaysOf("tier", tier)),
    ...sources.flatMap((source) => alwaysOf("source", source)),
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

const TAG = /([{,])(tier|source):([^,}]*)/;

/** The measure of the only tier, or source, that one of all of them may repeat; undefined where there are several. */
export function repeatedKey(
  { metric, aggregation }: Pick<Measure, "metric" | "aggregation">,
  metrics: readonly string[],
): string | undefined {
  const [, , tag, name] = TAG.exec(metric) ?? [];
  if (name !== ALL_TIERS) return undefined;
  const others = new Set(
    metrics.flatMap((one) => {
      const [, , its, other] = TAG.exec(one) ?? [];
      return its === tag && other !== undefined && other !== ALL_TIERS ? [other] : [];
    }),
  );
  if (others.size !== 1) return undefined;
  return measureKey({ metric: metric.replace(TAG, `$1$2:${[...others][0]}`), aggregation });
}

export function measureOf(subject: Subject): Measure {
  const { metric, tier, source, per, aggregation, percentile } = subject;
  const spec = metricNamed(metric)!;
  const tags = [
    ...(spec.of === "tier" ? [`tier:${tier}`] : []),
    ...(spec.of === "source" ? [`source:${source}`] : []),
    ...(per === null ? [] : [`per:${per}`]),
  ];
  return {
    subject: { metric, tier, source, per, aggregation, percentile },
    metric: tags.length === 0 ? metric : `${metric}{${tags.join(",")}}`,
    aggregation: aggregation === "p" ? `p(${percentile})` : aggregation,
    unit: unitOf(spec, aggregation),
    better: betterOf(spec, aggregation),
  };
}

/** Of a run: every trend of every tier and source, by its name with all tags, with its values in order. */
export function rankedTrends(run: JudgedRun): Record<string, RankedValues> {
  const ranked: Record<string, RankedValues> = {};
  for (const { name: metric, of, ranked: rankedOf } of METRICS) {
    if (rankedOf === undefined) continue;
    const names =
      of === "tier" ? run.tiers.map(({ tier }) => tier) : run.sessions.map(({ source }) => source);
    for (const one of names) {
      const subject = { ...ANY, metric, [of]: one };
      const found = rankedOf(run, subject);
      if (found !== undefined) ranked[measureOf(subject).metric] = found;
    }
  }
  return ranked;
}

const ANY = { tier: ALL_TIERS, source: ALL_TIERS, per: null, aggregation: "avg", percentile: null } as const;

/** What is estimated of a tier or of a source whether or not a threshold asks for it. */
function alwaysOf(of: "tier" | "source", name: string): Subject[] {
  const row = { tier: ALL_TIERS, source: ALL_TIERS, [of]: name };
  const metrics = METRICS.filter((metric) => metric.of === of);
  return metrics.flatMap(({ name: metric, always }) => always.map((how) => ({ metric, ...row, ...how })));
}
