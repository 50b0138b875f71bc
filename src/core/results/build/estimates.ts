// From what the replications of a scenario say of a measure to a value with an interval around it, or the reason why
// there is none. Knows measures and samples; what was simulated is not known here.
import { binomialBound } from "../../stats/binomial-interval.js";
import { nextSample } from "../../stats/next-sample.js";
import { type Beyond, quantileEstimate } from "../../stats/pooled-quantile.js";
import type { PooledValues } from "../../stats/pooled-values.js";
import { intervalAround, type RatioEstimate, type Risks, type WeightedSample } from "../../stats/ratio.js";
import type { Bounds, Scale } from "../../stats/scale.js";
import { type Design, designedRatio, standingFor } from "../../stats/stratified-ratio.js";
import { rangeOf, type Sample } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import type { IntervalMethod } from "../shape/interval-method.js";
import type { Estimate, Interval, Replication } from "../shape/result.js";
import type { Measure } from "../verdict/measures.js";

/** What replications say of one measure. */
export interface Replicated {
  /** One sample of each replication, in their order. */
  readonly samples: readonly Sample[];
  /** How their seeds were chosen; empty where they were not. */
  readonly design: Design;
  /** Of a trend: what they measured together. */
  readonly pooled: () => PooledValues;
  /** Of what is estimated from lives of sessions: what those of all show together; null where they do not tell. */
  readonly ofLives?: () => Omit<RatioEstimate, "n"> | null;
  /** Whether accounts swing, so that a few seeds hold most of what is refused. */
  readonly swings: boolean;
  /** Whether a few of all requests are so long that they decide how long others wait on average. */
  readonly isHeavyTailed: boolean;
  /**
   * Of a share of which so many runs have any, or lack any: the most that is still plausible by how many these are and
   * by how such events cluster, with this risk that it is more yet.
   */
  readonly mostPlausible: (share: number, runs: number, risk: number, of: keyof MostOfRun) => number;
  /** The same of the share of a trend's values beyond an end, from what each run says of that. */
  readonly mostBeyond: (
    samples: readonly WeightedSample[],
    share: number,
    runs: number,
    risk: number,
    beyond: Beyond,
  ) => number;
}

/** Of what a run counts, the largest share that may have what is measured, and the largest that may not. */
export interface MostOfRun {
  readonly having: number;
  readonly lacking: number;
}

/** Below it rates of accounts that swing are told without an interval: what is honest then is of no use. */
export const FEWEST_OF_SWINGS = 12;
/** Quantiles that leave no more than 5 % beyond them are as uncertain as rates. */
const FAR_OUT = 0.05 + 1e-9;
/** Runs that have values so far out, or all: fewer do not tell how many there are. */
const FEWEST_BEYOND = 5;
/** An interval that reaches so many times its value is open: it says nothing of how high it may be. */
const WIDEST = 1000;

/** An estimate from independent replications. Extremes are those of all of them. */
export function estimateOver(measure: Measure, from: Replicated, risks: Risks): Estimate {
  const values = from.samples.map((sample) => (isKnown(sample) ? sample.value : null));
  const isNever = values.includes(Number.POSITIVE_INFINITY);
  const oneRun = isNever ? null : (nextSample(values, from.design) ?? null);
  const named = { ...nameOf(measure), oneRun };
  const known = from.samples.filter(isKnown);
  const n = known.length;
  if (n === 0) return { ...named, value: null, ...none("no-data", 0) };
  if (known.some(({ value }) => !Number.isFinite(value))) {
    return { ...named, value: Number.POSITIVE_INFINITY, ...none("never", n) };
  }
  const { aggregation } = measure.subject;
  if (aggregation === "min" || aggregation === "max") {
    return { ...named, value: Math[aggregation](...known.map((one) => one.value)), ...none("extreme", n) };
  }
  if (aggregation === "p" || aggregation === "med")
    return { ...named, ...quantileOver(measure, from, risks) };
  const samples = aligned(from.samples);
  const found = from.ofLives === undefined ? designedRatio(samples, from.design) : from.ofLives();
  if (found === null) return { ...named, value: null, ...none("no-data", 0) };
  const estimate = { n, ...found };
  return { ...named, value: estimate.value, ...intervalOf(measure, estimate, { ...from, samples }, risks) };
}

function intervalOf(
  measure: Measure,
  estimate: RatioEstimate,
  { samples, design, swings, isHeavyTailed, mostPlausible }: From,
  risks: Risks,
): Interval {
  const { n } = estimate;
  const isQuotient = kindSpec(metricOf(measure).kind).isQuotient;
  const [least, most] = rangeOf(metricOf(measure));
  const isShare = isQuotient && most === 1;
  if (isShare) {
    // The same of a share that was all of them.
    if (estimate.value === 0)
      return zeroEvents({ low: 0, high: mostPlausible(0, 0, risks.above, "having") }, n);
    if (estimate.value === 1)
      return zeroEvents({ low: 1 - mostPlausible(0, 0, risks.below, "lacking"), high: 1 }, n);
  }
  if (n < 2) return none("one-seed", n);
  if (isQuotient && estimate.value === least) return { low: least, high: null, n, method: "zero-events" };
  if (isQuotient && swings && n < FEWEST_OF_SWINGS) return none("swings", n);
  const bounds = isShare
    ? shareBounds(estimate, { samples, design, mostPlausible }, risks)
    : intervalAround(estimate, scaleOf(measure), risks);
  const interval = within(measure, estimate.value, bounds, n, methodOf(design));
  // What the longest add is not seen where there is none of them.
  const isOpen = isHeavyTailed && measure.subject.aggregation === "avg" && measure.unit === "seconds";
  return isOpen ? { ...interval, high: null, method: "heavy-tail" } : interval;
}

/** Around a share of which there is some: by how far runs differ, and by how many of them had any. */
function shareBounds(
  estimate: RatioEstimate,
  { samples, design, mostPlausible }: Pick<From, "samples" | "design" | "mostPlausible">,
  risks: Risks,
): Bounds {
  const { low, high } = intervalAround(estimate, "share", risks);
  const { n } = estimate;
  const factors = standingFor(design, samples.length);
  const standing = (isSo: (value: number) => boolean) =>
    samples.reduce((sum, one, index) => (isSo(one.value) ? sum + factors[index]! * one.weight : sum), 0);
  const total = standing(() => true);
  // As many runs as had any, or as they stand for where that is more.
  const runs = (isSo: (value: number) => boolean) => {
    const count = samples.filter(({ value, weight }) => weight > 0 && isSo(value)).length;
    return Math.max(count, n * (standing(isSo) / total));
  };
  return {
    low: Math.max(
      low,
      1 -
        mostPlausible(
          1 - estimate.value,
          runs((value) => value < 1),
          risks.below,
          "lacking",
        ),
    ),
    high: Math.min(
      high,
      mostPlausible(
        estimate.value,
        runs((value) => value > 0),
        risks.above,
        "having",
      ),
    ),
  };
}

function quantileOver(
  measure: Measure,
  { pooled, design, swings, mostBeyond }: Replicated,
  risks: Risks,
): Interval & { readonly value: number } {
  // Sessions that are under way tell of durations, too, and are none of their values.
  const isCounted = metricOf(measure).of !== "sessions";
  const upperShare = (samples: readonly WeightedSample[], risk: number, beyond: Beyond) => {
    const between = designedRatio(samples, design);
    // A tenth of what the quantile leaves there is hardly any: such a run is none that may lie there as a whole.
    const hardlyAny = (beyond.side === "above" ? 1 - share : share) / 10;
    const reaching = samples.filter(({ value }) => value > 0).length;
    const many = samples.filter(({ value }) => value > hardlyAny).length;
    const mostPlausible = (so: number, runs: number, at: number) =>
      mostBeyond(samples, so, runs, at, beyond) + (many < reaching ? hardlyAny : 0);
    // A few that lie there are alike by chance, and say nothing of how far runs differ.
    if (reaching < Math.min(FEWEST_BEYOND, between.n)) return mostPlausible(between.value, many, risk);
    const estimate = isCounted
      ? { ...between, error: Math.max(between.error, byCount(between, samples)) }
      : between;
    const from = { samples, design, mostPlausible };
    return shareBounds(estimate, from, { below: risk, above: risk }).high;
  };
  const { percentile } = measure.subject;
  const share = percentile === null ? 0.5 : percentile / 100;
  const { value, low, high, n } = quantileEstimate(pooled(), share, upperShare, risks);
  if (n < 2) return { value, ...none("one-seed", n) };
  // So far out it is a rate of what few seeds hold.
  if (swings && n < FEWEST_OF_SWINGS && Math.min(share, 1 - share) < FAR_OUT) {
    return { value, ...none("swings", n) };
  }
  if (low === null && high === null) return { value, ...none("too-few", n) };
  return { value, low, high, n, method: methodOf(design) };
}

/** Of few values the same share may lie beyond in every run by chance alone: the error of independent ones. */
function byCount({ value }: RatioEstimate, samples: readonly WeightedSample[]): number {
  const count = samples.reduce((sum, { weight }) => sum + weight, 0);
  return Math.sqrt((value * (1 - value)) / count);
}

/** A replication that says nothing keeps its place, and has no weight. */
type From = Omit<Replicated, "samples"> & { readonly samples: readonly WeightedSample[] };

type Known = Sample & { readonly value: number };

const WEIGHTLESS = { value: 0, weight: 0 };

/** Each in its place, without weight where it says nothing. */
export function aligned(samples: readonly Sample[]): WeightedSample[] {
  return samples.map((sample) => (isKnown(sample) ? sample : WEIGHTLESS));
}

/** What each replication says of the measure at this place. */
export function samplesAt(replications: readonly Replication[], index: number): Sample[] {
  return replications.map(({ values, weights }) => ({ value: values[index]!, weight: weights[index]! }));
}

export function isKnown(sample: Sample): sample is Known {
  return sample.value !== null && sample.weight > 0;
}

export const metricOf = ({ subject }: Measure) => metricNamed(subject.metric)!;

/** On what scale errors of a measure are about as likely to either side. */
export function scaleOf(measure: Measure): Scale {
  const [least, most] = rangeOf(metricOf(measure));
  if (most === 1) return "share";
  return least === 1 ? "excess" : "positive";
}

export function none(method: IntervalMethod, n: number): Interval {
  return { low: null, high: null, n, method };
}

function zeroEvents({ low, high }: Bounds, n: number): Interval {
  return { low, high, n, method: "zero-events" };
}

function methodOf(design: Design): IntervalMethod {
  return design.length === 0 ? "replications" : "strata";
}

/** Within the range of the metric, where the interval says anything. */
export function within(
  measure: Measure,
  value: number,
  { low, high }: Bounds,
  n: number,
  method: IntervalMethod,
): Interval {
  const [least, most] = rangeOf(metricOf(measure));
  // A share has an end to either side: the widest interval around it is from 0 to 1.
  const isOpen = !Number.isFinite(high) || (most !== 1 && high - least > WIDEST * (value - least));
  return { low: Math.max(least, low), high: isOpen ? null : Math.min(most, high), n, method };
}

export function nameOf({ metric, aggregation, unit, better }: Measure) {
  return { metric, aggregation, unit, better };
}

/**
 * The highest rate that is plausible where so many of n runs had an event, if a run that has any has at most the share
 * `most`: events of one run belong together, so that a run is one trial.
 */
export function boundOfRuns(runs: number, n: number, most: number, risk: number): number {
  return most * binomialBound(runs, n, risk);
}
