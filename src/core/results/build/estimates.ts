// From samples of a measure - replications of a scenario, or batches of one long run - to a value with an interval.
// Knows measures and samples; what was simulated is not known here.

import {
  aroundPositive,
  type MeanInterval,
  meanInterval,
  positiveMeanInterval,
  ruleOfThree,
} from "../../stats/interval.js";
import { ratioInterval } from "../../stats/ratio-interval.js";
import { batchGroups, longestGroups } from "../ledger/batch-count.js";
import type { Sample } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import { unitSpec } from "../metrics/units.js";
import type { Estimate, Interval, IntervalMethod } from "../shape/result.js";
import type { Measure } from "../verdict/measures.js";

const NO_INTERVAL = { low: null, high: null, n: 0, method: "none" } as const satisfies Interval;
const TOO_FEW = { ...NO_INTERVAL, method: "too-few" } as const satisfies Interval;

/** Fewer batches than this say too little of how far they differ. */
const LEAST_BATCHES = 8;

/** An estimate from independent replications, one sample each. Extremes are those of all of them. */
export function estimateOverReplications(
  measure: Measure,
  samples: readonly Sample[],
  confidence: number,
): Estimate {
  const named = nameOf(measure);
  const known = samples.filter(isKnown);
  if (known.length === 0) return { ...named, value: null, ...NO_INTERVAL };
  if (known.some(({ value }) => !Number.isFinite(value))) {
    return { ...named, value: Number.POSITIVE_INFINITY, ...NO_INTERVAL, n: known.length };
  }
  const { aggregation } = measure.subject;
  if (aggregation === "min" || aggregation === "max") {
    const value = Math[aggregation](...known.map((one) => one.value));
    return { ...named, value, ...NO_INTERVAL, n: known.length };
  }
  if (isRatio(measure)) return { ...named, ...ratioEstimate(measure, known, confidence, "replications") };
  const mean = positiveMeanInterval(
    known.map(({ value }) => value),
    confidence,
  );
  return { ...named, value: mean.mean, ...bounded(measure, mean, "replications") };
}

/**
 * An estimate from one run: its own value, and around it how far batches of it differ. `batches` gives the samples of
 * so many neighbouring batches taken together; the most that are not visibly correlated are used, and of quantiles the
 * fewest.
 */
export function estimateOfRun(
  measure: Measure,
  whole: Sample,
  batches: (size: number) => readonly Sample[],
  confidence: number,
): Estimate {
  const named = nameOf(measure);
  const { value } = whole;
  if (value === null || !metricOf(measure).isBatched || isExtreme(measure)) {
    return { ...named, value, ...NO_INTERVAL, n: value === null ? 0 : 1 };
  }
  if (isRatio(measure) && value === 0) {
    return { ...named, ...zeroEvents(whole.weight, 1, confidence) };
  }
  if (isShare(measure) && value === 1) return { ...named, ...everyEvent(whole.weight, 1, confidence) };
  const finest = batches(1).filter(isKnown);
  if (finest.length < LEAST_BATCHES) return { ...named, value, ...TOO_FEW, n: 1 };
  const isQuantile = ["p", "med"].includes(measure.subject.aggregation);
  const { size, inflation } = isQuantile
    ? { size: longestGroups(finest.length), inflation: 1 }
    : batchGroups(finest);
  if (!Number.isFinite(inflation)) return { ...named, value, ...TOO_FEW, n: 1 };
  const grouped = size === 1 ? finest : batches(size).filter(isKnown);
  if (grouped.length < LEAST_BATCHES) return { ...named, value, ...TOO_FEW, n: 1 };
  if (isRatio(measure)) {
    return { ...named, ...ratioEstimate(measure, grouped, confidence, "batches", inflation), value };
  }
  const around = sectioned(value, grouped, confidence, inflation);
  return { ...named, value, ...bounded(measure, around, "batches") };
}

/**
 * Sectioning (Asmussen and Glynn, Stochastic Simulation, 2007, III.5a): Student's t on how far the quantiles of
 * sections lie from that of the whole, which is less biased than their mean.
 */
function sectioned(
  value: number,
  sections: readonly { readonly value: number }[],
  confidence: number,
  inflation: number,
) {
  const n = sections.length;
  const { mean, halfWidth } = meanInterval(
    sections.map((one) => one.value),
    confidence,
  );
  // Student's half-width is of deviations from the sections' mean; these are from the value of the whole.
  const spread = sections.reduce((sum, one) => sum + (one.value - mean) ** 2, 0);
  const scale = spread > 0 ? Math.sqrt(1 + (n * (mean - value) ** 2) / spread) : 1;
  const half = spread > 0 ? halfWidth * scale * inflation : 0;
  return { ...(value > 0 ? aroundPositive(value, half) : { low: value - half, high: value + half }), n };
}

type Known = Sample & { readonly value: number };

function isKnown(sample: Sample): sample is Known {
  return sample.value !== null && sample.weight > 0;
}

const metricOf = ({ subject }: Measure) => metricNamed(subject.metric)!;

function isRatio(measure: Measure): boolean {
  return kindSpec(metricOf(measure).kind).isQuotient;
}

function isShare({ unit }: Measure): boolean {
  return unitSpec(unit).range[1] === 1;
}

function isExtreme({ subject }: Measure): boolean {
  return ["min", "max", "count"].includes(subject.aggregation);
}

function ratioEstimate(
  measure: Measure,
  samples: readonly Known[],
  confidence: number,
  method: IntervalMethod,
  inflation = 1,
): Interval & { readonly value: number } {
  const weight = samples.reduce((sum, one) => sum + one.weight, 0);
  const isNothing = samples.every(({ value }) => value === 0);
  if (isNothing) return zeroEvents(weight, samples.length, confidence);
  const isAll = isShare(measure) && samples.every((one) => one.value === 1);
  if (isAll) return everyEvent(weight, samples.length, confidence);
  const { value, ...interval } = ratioInterval(samples, confidence, inflation);
  return { value, ...bounded(measure, interval, method) };
}

/** Not one event in so many trials, as if they were independent of each other. */
function zeroEvents(trials: number, n: number, confidence: number): Interval & { readonly value: number } {
  return { value: 0, low: 0, high: ruleOfThree(trials, confidence), n, method: "zero-events" };
}

/** The same of a share that was all of them. */
function everyEvent(trials: number, n: number, confidence: number): Interval & { readonly value: number } {
  return { value: 1, low: 1 - ruleOfThree(trials, confidence), high: 1, n, method: "zero-events" };
}

/** Within the range of the unit. A single sample has no interval. */
function bounded(
  { unit }: Measure,
  { low, high, n }: Pick<MeanInterval, "low" | "high" | "n">,
  method: IntervalMethod,
): Interval {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { ...TOO_FEW, n };
  const [least, most] = unitSpec(unit).range;
  return { low: Math.max(least, low), high: Math.min(most, high), n, method };
}

function nameOf({ metric, aggregation, unit, better }: Measure) {
  return { metric, aggregation, unit, better };
}
