// From one run to values with intervals, by how far stretches of it differ: where there is no second run that would
// differ, because nothing is drawn from chance. Knows measures and samples; what was simulated is not known here.
import { ruleOfThree } from "../../stats/interval.js";
import { errorOf, intervalAround, type RatioEstimate, type Risks, ratioEstimate } from "../../stats/ratio.js";
import { batchGroups, longestGroups } from "../ledger/batch-count.js";
import { rangeOf, type Sample } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import type { Estimate, Interval } from "../shape/result.js";
import type { Measure } from "../verdict/measures.js";
import { isKnown, metricOf, nameOf, none, scaleOf, within } from "./estimates.js";

/** Fewer batches than this say too little of how far they differ. */
const LEAST_BATCHES = 8;

/**
 * An estimate from one run: its own value, and around it how far batches of it differ. `batches` gives the samples of
 * so many neighbouring batches taken together; the most that are not visibly correlated are used, and of quantiles the
 * fewest.
 */
export function estimateOfRun(
  measure: Measure,
  whole: Sample,
  batches: (size: number) => readonly Sample[],
  risks: Risks,
): Estimate {
  const { value } = whole;
  const named = { ...nameOf(measure), oneRun: null };
  if (value === null) return { ...named, value, ...none("no-data", 0) };
  if (!Number.isFinite(value)) return { ...named, value, ...none("never", 1) };
  return { ...named, value, ...intervalOf(measure, value, batches, risks) };
}

function intervalOf(
  measure: Measure,
  value: number,
  batches: (size: number) => readonly Sample[],
  risks: Risks,
): Interval {
  const metric = metricOf(measure);
  const { aggregation } = measure.subject;
  if (aggregation === "min" || aggregation === "max") return none("extreme", 1);
  if (!metric.isBatched || aggregation === "count") return none("one-seed", 1);
  const finest = batches(1).filter(isKnown);
  if (finest.length < LEAST_BATCHES) return none("one-seed", 1);
  const isQuantile = aggregation === "p" || aggregation === "med";
  const { size, inflation } = isQuantile
    ? { size: longestGroups(finest.length), inflation: 1 }
    : batchGroups(finest);
  if (!Number.isFinite(inflation)) return none("too-few", 1);
  const grouped = size === 1 ? finest : batches(size).filter(isKnown);
  const n = grouped.length;
  if (n < LEAST_BATCHES) return none("too-few", 1);
  const isQuotient = kindSpec(metric.kind).isQuotient;
  if (isQuotient && (value === 0 || value === 1) && rangeOf(metric)[1] === 1) {
    // A batch is one trial, as a run is where there are many.
    const bound = ruleOfThree(n, 1 - (value === 0 ? risks.above : risks.below));
    const [low, high] = value === 0 ? [0, bound] : [1 - bound, 1];
    return { low, high, n, method: "zero-events" };
  }
  const [least] = rangeOf(metric);
  if (isQuotient && value === least) return { low: least, high: null, n, method: "zero-events" };
  const estimate = isQuantile ? sectioned(value, grouped) : { ...ratioEstimate(grouped), value };
  const widened = { ...estimate, error: estimate.error * inflation };
  return within(measure, value, intervalAround(widened, scaleOf(measure), risks), n, "batches");
}

/**
 * Sectioning (Asmussen and Glynn, Stochastic Simulation, 2007, III.5a): the error is that of how far the quantiles of
 * sections lie from that of the whole, which is less biased than their mean.
 */
function sectioned(value: number, sections: readonly { readonly value: number }[]): RatioEstimate {
  return { value, n: sections.length, ...errorOf(sections.map((one) => one.value - value)) };
}
