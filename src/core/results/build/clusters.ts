// How far events of a rate come in clusters: what that adds to the variance over that of events which know nothing of
// each other. Where a tier has seen no event, or few, others tell how many of its attempts count as one trial.
import { type Design, designedRatio } from "../../stats/stratified-ratio.js";
import type { Sample } from "../metrics/asks.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import type { RunResult } from "../shape/result.js";
import { measureKey } from "../verdict/measures.js";
import { aligned, isKnown, samplesAt } from "./estimates.js";
import { designOf } from "./seed-design.js";

/** Design effects by the keys of measures, 1 where events are independent. */
export type Clusters = Readonly<Record<string, number>>;

/** Fewer runs with an event say too little of how they cluster. */
export const FEWEST_WITH_EVENTS = 5;

/**
 * The design effect of a share over runs (Kish, Survey Sampling, 1965, 8.2); undefined where too few runs differ from
 * `always`, the share that is no event: 0 or, of what nearly always happens, 1.
 */
export function clusteringOf(samples: readonly Sample[], design: Design, always: number): number | undefined {
  const known = samples.filter(isKnown);
  if (known.filter(({ value }) => value !== always).length < FEWEST_WITH_EVENTS) return undefined;
  const { value, error } = designedRatio(aligned(samples), design);
  const independent = (value * (1 - value)) / known.reduce((sum, { weight }) => sum + weight, 0);
  return independent > 0 ? Math.max(1, error ** 2 / independent) : undefined;
}

/** Of all rates of a result that have events enough: the same fleet at another size sheds in clusters alike. */
export function clustersIn(result: Pick<RunResult, "estimates" | "replications" | "strata">): Clusters {
  const design = designOf(result.replications, result.strata);
  const clusters: Record<string, number> = {};
  for (const [index, estimate] of result.estimates.entries()) {
    const spec = metricNamed(estimate.metric.split("{")[0]!);
    if (spec === undefined || !kindSpec(spec.kind).isQuotient || spec.unit !== "share") continue;
    const samples = samplesAt(result.replications, index);
    const effect = clusteringOf(samples, design, estimate.better === "higher" ? 1 : 0);
    if (effect !== undefined) clusters[measureKey(estimate)] = effect;
  }
  return clusters;
}

/** The larger of both where both know one. */
export function mergedClusters(one: Clusters, other: Clusters): Clusters {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, Math.max(one[key] ?? 0, other[key] ?? 0)]));
}
