// Two results, measure by measure: how far they differ, and whether that could be chance - of one measure, and of all
// of them together. Replications with the same seeds are compared in pairs: what chance does to both cancels out.
// Knows estimates and replications only, so that a result and what is committed of one compare alike.
import { holm, simultaneousConfidence } from "../../stats/holm.js";
import { type Difference, pairedDifference, welchDifference } from "../../stats/paired-difference.js";
import type { WeightedSample } from "../../stats/ratio.js";
import type { Estimate, RunResult } from "../shape/result.js";
import { measureKey } from "./measures.js";

/** What of a result is compared. */
export type Comparable = Pick<RunResult, "estimates" | "replications">;

export interface ComparisonOptions {
  /** That not one of all intervals misses, and not one of all differences called real is none. Default 0.95. */
  readonly confidence?: number | undefined;
  /** Which measures; all if left out. */
  readonly only?: ((estimate: Estimate) => boolean) | undefined;
}

/** "better" and "worse" are differences beyond chance; "different" is one where neither way is better. */
export type ChangeVerdict = "better" | "worse" | "different" | "unclear" | "same";

export interface Change extends Pick<Estimate, "metric" | "aggregation" | "unit" | "better"> {
  readonly before: number;
  readonly after: number;
  /** After less before, and the interval around it: it holds for all measures at once. Null where there is none. */
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Of this difference alone. */
  readonly p: number;
  /** Pairs of seeds, or seeds of the smaller side. */
  readonly n: number;
  readonly verdict: ChangeVerdict;
}

export interface Comparison {
  readonly confidence: number;
  /** Whether both ran on the same seeds. */
  readonly paired: boolean;
  readonly changes: readonly Change[];
  /** Measures that only one of the two has, or that have no data in one. */
  readonly missing: readonly string[];
}

/**
 * Every measure of two results, or of those that `only` takes, with an interval around its difference: on pairs where
 * both ran on the same seeds, and none of all intervals misses with the confidence given. Values have the units of the
 * measure; shares and rates are shares and rates per second. Throws INVALID_PARAMETER for a confidence that is none.
 */
export function compareResults(
  before: Comparable,
  after: Comparable,
  { confidence = 0.95, only = () => true }: ComparisonOptions = {},
): Comparison {
  const { pairs, missing, paired } = matched(before, after, only);
  const each = pairs.length === 0 ? confidence : simultaneousConfidence(pairs.length, confidence);
  const found = pairs.map((pair) => ({ pair, difference: differenceOf(pair.a, pair.b, paired, each) }));
  const isReal = holm(
    found.map(({ difference }) => difference.p),
    1 - confidence,
  );
  const changes = found.map(({ pair: { estimate, other }, difference }, index): Change => {
    const { metric, aggregation, unit, better } = estimate;
    const { low, high, p, n } = difference;
    return {
      metric,
      aggregation,
      unit,
      better,
      // Of the seeds that were compared, which may be fewer than either side has.
      before: n === 0 ? estimate.value! : difference.first,
      after: n === 0 ? other.value! : difference.second,
      difference: difference.difference,
      low: Number.isFinite(low) ? low : null,
      high: Number.isFinite(high) ? high : null,
      p,
      n,
      verdict: verdictOf(better, difference, isReal[index]!),
    };
  });
  return { confidence, paired, changes, missing };
}

/** A measure of both, with its samples: pairs of equal seeds where these are paired. */
export interface MatchedMeasure {
  readonly estimate: Estimate;
  readonly other: Estimate;
  readonly a: readonly WeightedSample[];
  readonly b: readonly WeightedSample[];
}

export interface Matched {
  readonly pairs: readonly MatchedMeasure[];
  readonly missing: readonly string[];
  readonly paired: boolean;
}

export function matched(before: Comparable, after: Comparable, only: (one: Estimate) => boolean): Matched {
  const seeds = sharedSeeds(before, after);
  // One seed in common says nothing of chance; two sets of seeds might.
  const paired = seeds.length >= 2 || (seeds.length === 1 && before.replications.length === 1);
  const [left, right] = paired
    ? [inOrderOf(seeds, before), inOrderOf(seeds, after)]
    : [before.replications, after.replications];
  const places = new Map(after.estimates.map((one, index) => [measureKey(one), index]));
  const missing = after.estimates
    .filter(only)
    .map(measureKey)
    .filter((key) => !before.estimates.some((one) => measureKey(one) === key));
  const pairs: MatchedMeasure[] = [];
  for (const [index, estimate] of before.estimates.entries()) {
    if (!only(estimate)) continue;
    const place = places.get(measureKey(estimate));
    const other = place === undefined ? undefined : after.estimates[place];
    if (place === undefined || other === undefined || (estimate.value === null) !== (other.value === null)) {
      missing.push(measureKey(estimate));
      continue;
    }
    if (estimate.value === null || other.value === null) continue;
    pairs.push({ estimate, other, a: samplesAt(left, index), b: samplesAt(right, place) });
  }
  return { pairs, missing, paired };
}

export function differenceOf(
  a: readonly WeightedSample[],
  b: readonly WeightedSample[],
  paired: boolean,
  confidence: number,
): Difference {
  return paired ? pairedDifference(a, b, confidence) : welchDifference(a, b, confidence);
}

/** A replication without data has no weight. */
function samplesAt(replications: Comparable["replications"], index: number): WeightedSample[] {
  return replications.map(({ values, weights }) => {
    const value = values[index] ?? null;
    return value === null || !Number.isFinite(value)
      ? { value: 0, weight: 0 }
      : { value, weight: weights[index] ?? 0 };
  });
}

function sharedSeeds(before: Comparable, after: Comparable): string[] {
  const others = new Set(after.replications.map(({ seed }) => seed));
  return before.replications.map(({ seed }) => seed).filter((seed) => others.has(seed));
}

function inOrderOf(seeds: readonly string[], { replications }: Comparable): Comparable["replications"] {
  return seeds.map((seed) => replications.find((one) => one.seed === seed)!);
}

function verdictOf(
  better: Estimate["better"],
  { difference, p }: Difference,
  isReal: boolean,
): ChangeVerdict {
  if (difference === 0 && p === 1) return "same";
  if (!isReal) return "unclear";
  if (better === "none") return "different";
  return difference < 0 === (better === "lower") ? "better" : "worse";
}
