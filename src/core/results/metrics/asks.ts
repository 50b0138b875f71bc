// What a threshold may ask of a metric, and how it is answered: name, kind and unit, of what it is, which way is
// better, and one sample from a run. Knows runs by their counts; what is asked for is the threshold's.
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import type { RankedValues } from "../../stats/ranked-values.js";
import type { SessionEstimate } from "../../stats/session-lives.js";
import type { JudgedRun, JudgedSessions, JudgedSlice } from "./judged.js";
import type { Aggregation, MetricKind } from "./kinds.js";
import type { Question } from "./questions.js";
import { type MetricSubject, type Sliced, tagOf } from "./sliced.js";
import { type MetricUnit, unitSpec } from "./units.js";

/**
 * Whose ends a value waits for: as long as some of them are open, it leaves out what takes long. Those that are of what
 * comes up in the window, or of what happens in it, wait for nothing.
 */
export type Awaited = "attempts" | "requests" | "sessions" | "nothing";

/** An HTTP call, or what the caller wanted, for which there may be several. */
export type Per = "attempt" | "request";

export type Better = "lower" | "higher" | "none";

/** How a value is asked for. */
export interface Asked extends Sliced {
  /** Of what a rate is a share; null for every metric that can be of one thing only. */
  readonly per: Per | null;
  readonly aggregation: Aggregation;
  /** The N of p(N), from 0 to 100; null for the other aggregations. */
  readonly percentile: number | null;
}

/** One observation. The weight is the denominator of a quotient or a mean, and 1 for everything else. */
export interface Sample {
  /** Null without data; infinite for what never came. */
  readonly value: number | null;
  readonly weight: number;
}

/** What is estimated whether or not a threshold asks for it. */
export type Always = Pick<Asked, "per" | "aggregation" | "percentile">;

/** Which question a metric answers of ways to run a fleet, and summed up in which way. */
export interface Answers {
  readonly question: Question;
  readonly how: Always;
}

/** What a row says of a metric that a threshold may name. */
export interface AskText<Name extends string> {
  readonly name: Name;
  readonly unit: MetricUnit;
  /** Which way is an improvement; "none" where more is neither good nor bad by itself. */
  readonly better: Better;
  /** Narrower than that of its unit. */
  readonly range?: readonly [least: number, most: number];
  /** As documents write its unit, and what it is of. */
  readonly unitText: string;
  readonly basis: string;
}

export interface Ask<Name extends string = string> extends AskText<Name> {
  readonly of: MetricSubject;
  readonly kind: MetricKind;
  /** Whether it can be of attempts or of requests, which differ where clients retry. */
  readonly isOfEither: boolean;
  /** Whether each batch of a run says as much as a short run would: those of attempts, by when they arrived. */
  readonly isBatched: boolean;
  /** Of those of either, what they wait for where they are of attempts. */
  readonly awaits: Awaited;
  /** Of every tier, or of every source where it is of sessions. */
  readonly always: readonly Always[];
  /** The same of every source and tracked account, where it is of attempts; few, since there are many of these. */
  readonly alwaysOfCallers?: readonly Always[];
  /** Left out: none of what is asked of ways to run a fleet. */
  readonly answers?: Answers;
  readonly sample: (run: JudgedRun, asked: Asked) => Sample;
  /** Of a trend: all its values; undefined of what did not occur. */
  readonly ranked?: (run: JudgedRun, asked: Sliced) => RankedValues | undefined;
  /**
   * Of what is estimated from lives of sessions: what those of several runs say together. The mean of what each says by
   * itself would leave out what only old sessions do, of which a short run sees none.
   */
  readonly ofLives?: (estimate: SessionEstimate) => number | null;
}

/** Between which values one of it always lies. */
export function rangeOf({
  range,
  unit,
}: Pick<Ask, "range" | "unit">): readonly [least: number, most: number] {
  return range ?? unitSpec(unit).range;
}

/** The unit of an aggregated value. */
export function unitOf({ unit }: Pick<Ask, "unit">, aggregation: Aggregation): MetricUnit {
  return aggregation === "count" ? "count" : unit;
}

/** How many values there are is neither good nor bad by itself, whatever is to be said of the values. */
export function betterOf({ kind, better }: Pick<Ask, "kind" | "better">, aggregation: Aggregation): Better {
  return kind === "trend" && aggregation === "count" ? "none" : better;
}

/** Always estimated: a rate of attempts or of requests, a value, quantiles. */
export const RATE: Always = { per: null, aggregation: "rate", percentile: null };
export const VALUE: Always = { per: null, aggregation: "value", percentile: null };
export const perAttempt: Always = { ...RATE, per: "attempt" };
export const perRequest: Always = { ...RATE, per: "request" };
export const quantile = (percentile: number): Always => ({ per: null, aggregation: "p", percentile });

/** A tier, source or account that did not occur is no data. */
const NOTHING: Sample = { value: null, weight: 0 };

export function ofSlice(sample: (slice: JudgedSlice, asked: Asked) => Sample): Ask["sample"] {
  return (run, asked) => {
    const found = sliceIn(run, asked);
    return found === undefined ? NOTHING : sample(found, asked);
  };
}

export function ofSource(sample: (sessions: JudgedSessions, asked: Asked) => Sample): Ask["sample"] {
  return (run, asked) => {
    const found = sourceIn(run, asked);
    return found === undefined ? NOTHING : sample(found, asked);
  };
}

/** The slice of attempts that is asked for; undefined where it did not occur. */
export function sliceIn({ slices }: JudgedRun, asked: Sliced): JudgedSlice | undefined {
  const tag = tagOf("attempts", asked)!;
  return slices[tag].find(({ name }) => name === asked[tag]);
}

export function sourceIn({ sessions }: JudgedRun, asked: Pick<Asked, "source">): JudgedSessions | undefined {
  return sessions.find(({ source }) => source === asked.source);
}

/** What is no quotient weighs the same in every sample. */
export const unweighted = (value: number | null): Sample => ({ value, weight: 1 });

/** A mean weighs as much as the values that it is of. */
export function trendSample(sketch: QuantileSketch, asked: Asked): Sample {
  const value = aggregated(sketch, asked);
  return { value, weight: asked.aggregation === "avg" ? sketch.count : 1 };
}

function aggregated(sketch: QuantileSketch, { aggregation, percentile }: Asked): number | null {
  // A count of zero is an answer; every other aggregation of nothing is not.
  if (aggregation === "count") return sketch.count;
  if (sketch.count === 0) return null;
  if (aggregation === "avg") return sketch.mean;
  if (aggregation === "min") return sketch.minimum;
  if (aggregation === "max") return sketch.maximum;
  return sketch.quantile(aggregation === "med" ? 0.5 : (percentile ?? 50) / 100);
}
