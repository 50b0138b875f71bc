// What is measured of every run: rates, times, speeds and money of each tier, fewer of them of each source and tracked
// account, and whatever thresholds ask for besides.
// Each measure has a name that a threshold could write. Knows names; values are evaluate.ts's.
import type { RankedValues } from "../../stats/ranked-values.js";
import { type Better, betterOf, unitOf } from "../metrics/asks.js";
import type { JudgedRun } from "../metrics/judged.js";
import { METRICS, metricNamed } from "../metrics/metrics.js";
import {
  ALL_OF_IT,
  type MetricSubject,
  type Sliced,
  type SliceTag,
  tagOf,
  tagsOf,
} from "../metrics/sliced.js";
import type { MetricUnit } from "../metrics/units.js";
import { ALL_TIERS, type Subject } from "./threshold.js";

export interface Measure {
  readonly subject: Subject;
  /** With all its tags, so that equal measures have equal names. */
  readonly metric: string;
  readonly aggregation: string;
  readonly unit: MetricUnit;
  readonly better: Better;
}

/** Names of what a run is measured by, besides `all` of it. */
export interface Measured {
  readonly tiers: readonly string[];
  /** Where there are several: one alone is all. */
  readonly sources: readonly string[];
  /** That are tracked by themselves. */
  readonly accounts: readonly string[];
  /** Sources that have sessions. */
  readonly sessions: readonly string[];
  /** Whether GPUs have prices; default false. */
  readonly hasPrices?: boolean;
}

/** What is always measured of a run, then what is asked for that is not among it, as by thresholds. */
export function measuresOf(
  { tiers, sources, accounts, sessions, hasPrices = false }: Measured,
  asked: readonly Subject[],
): Measure[] {
  const standard = [
    ...[...tiers, ALL_TIERS].flatMap((tier) => alwaysOf("attempts", { tier })),
    ...sessions.flatMap((source) => alwaysOf("sessions", { source })),
    ...sources.flatMap((source) => alwaysOf("attempts", { source })),
    ...accounts.flatMap((account) => alwaysOf("attempts", { account })),
    // Of one account alone there is nothing to compare.
    ...(accounts.length > 1 ? [...tiers, ALL_TIERS].flatMap((tier) => alwaysOf("accounts", { tier })) : []),
    // Nothing else of a run is always measured.
    ...(hasPrices ? alwaysOf("run", {}) : []),
  ];
  const measures = new Map<string, Measure>();
  for (const subject of [...standard, ...asked]) {
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

/** What the name of a measure says that it is of; undefined for one that has no such tag. */
export function nameIn(metric: string, tag: SliceTag): string | undefined {
  return new RegExp(`[{,]${tag}:([^,}]*)`).exec(metric)?.[1];
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
  const { metric, tier, source, account, per, aggregation, percentile } = subject;
  const spec = metricNamed(metric)!;
  const tag = tagOf(spec.of, subject);
  const tags = [
    ...(tag === undefined ? [] : [`${tag}:${subject[tag]}`]),
    ...(per === null ? [] : [`per:${per}`]),
  ];
  return {
    subject: { metric, tier, source, account, per, aggregation, percentile },
    metric: tags.length === 0 ? metric : `${metric}{${tags.join(",")}}`,
    aggregation: aggregation === "p" ? `p(${percentile})` : aggregation,
    unit: unitOf(spec, aggregation),
    better: betterOf(spec, aggregation),
  };
}

/** Of a run: every trend of every slice and source, by its name with all tags, with its values in order. */
export function rankedTrends({ slices, ...run }: JudgedRun): Record<string, RankedValues> {
  const ranked: Record<string, RankedValues> = {};
  for (const { name: metric, of, ranked: rankedOf } of METRICS) {
    if (rankedOf === undefined) continue;
    const namesOf = (tag: SliceTag) =>
      of === "sessions" ? run.sessions.map(({ source }) => source) : slices[tag].map(({ name }) => name);
    for (const tag of tagsOf(of)) {
      for (const name of namesOf(tag)) {
        const subject = { ...ALL_OF_IT, ...UNSAID, metric, [tag]: name };
        const found = rankedOf({ ...run, slices }, subject);
        if (found !== undefined) ranked[measureOf(subject).metric] = found;
      }
    }
  }
  return ranked;
}

const UNSAID = { per: null, aggregation: "avg", percentile: null } as const;

/** What is estimated of a tier, of a source or of an account whether or not a threshold asks for it. */
function alwaysOf(of: MetricSubject, slice: Partial<Sliced>): Subject[] {
  const [usual] = tagsOf(of);
  const isUsual = usual === undefined || usual in slice;
  return METRICS.filter((metric) => metric.of === of).flatMap(({ name, always, alwaysOfCallers = [] }) =>
    (isUsual ? always : alwaysOfCallers).map((how) => ({ metric: name, ...ALL_OF_IT, ...slice, ...how })),
  );
}
