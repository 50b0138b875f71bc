// How far events of a rate come in clusters: what that adds to the variance over that of events which know nothing of
// each other. Where a tier has seen no event, or few, others tell how many of its attempts count as one trial.
import { binomialBound } from "../../stats/binomial-interval.js";
import { type Design, designedRatio } from "../../stats/stratified-ratio.js";
import type { Sample } from "../metrics/asks.js";
import { measureKey, measureOf } from "../verdict/measures.js";
import type { Threshold } from "../verdict/threshold.js";
import { aligned, boundOfRuns, isKnown } from "./estimates.js";

/** How events came in clusters where there were so many of them. */
export interface Clustering {
  /** The design effect: 1 where they are independent. */
  readonly effect: number;
  /** Events per attempt, or values beyond a bound per value. */
  readonly share: number;
}

/** By the keys of rates, and of values beyond bounds. */
export type Clusters = Readonly<Record<string, Clustering>>;

/** Of the values that would not meet a threshold on a quantile. */
export function beyondKey(threshold: Threshold): string {
  return `${measureKey(measureOf(threshold))} beyond ${threshold.bound}`;
}

/** Fewer runs with an event say too little of how they cluster. */
export const FEWEST_WITH_EVENTS = 5;

/**
 * The design effect of a share over runs (Kish, Survey Sampling, 1965, 8.2); undefined where too few runs differ from
 * `always`, the share that is no event: 0 or, of what nearly always happens, 1.
 */
export function clusteringOf(
  samples: readonly Sample[],
  design: Design,
  always: number,
): Clustering | undefined {
  const known = samples.filter(isKnown);
  if (known.filter(({ value }) => value !== always).length < FEWEST_WITH_EVENTS) return undefined;
  const { value, error } = designedRatio(aligned(samples), design);
  const independent = (value * (1 - value)) / known.reduce((sum, { weight }) => sum + weight, 0);
  if (!(independent > 0)) return undefined;
  return { effect: Math.max(1, error ** 2 / independent), share: Math.abs(value - always) };
}

/**
 * The highest share that is plausible where it is `share` and so many runs have any. A run is one trial - of which
 * none has more than `most` - or, where it is known how events cluster, there are as many trials as clusters leave of
 * the attempts: whichever says more (Korn and Graubard, Confidence intervals for proportions with small expected
 * number of positive counts, Survey Methodology 24, 1998).
 */
export function boundOfClusters(
  samples: readonly Sample[],
  { share, runs, most }: { readonly share: number; readonly runs: number; readonly most: number },
  effect: number | undefined,
  risk: number,
): number {
  const known = samples.filter(isKnown);
  const byRuns = boundOfRuns(runs, known.length, most, risk);
  if (effect === undefined) return byRuns;
  const trials = known.reduce((sum, { weight }) => sum + weight, 0) / effect;
  return Math.min(byRuns, binomialBound(share * trials, trials, risk));
}

/** Of each the one with fewer events: what is rarer still clusters most like that. */
export function mergedClusters(one: Clusters, other: Clusters): Clusters {
  const merged: Record<string, Clustering> = { ...one };
  for (const [key, clustering] of Object.entries(other)) {
    const known = merged[key];
    if (known === undefined || clustering.share <= known.share) merged[key] = clustering;
  }
  return merged;
}
