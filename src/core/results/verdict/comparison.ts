// Two results, measure by measure: how far they differ, and whether that could be chance - of one measure, and of all
// of them together. Replications with the same seeds are compared in pairs: what chance does to both cancels out.
// Knows estimates and replications only, so that a result and what is committed of one compare alike.
import { holmAdjusted, simultaneousConfidence } from "../../stats/holm.js";
import { type Difference, pairedDifference, welchDifference } from "../../stats/paired-difference.js";
import type { Estimate } from "../shape/result.js";
import { type Comparable, matched } from "./matched.js";

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
  /** Of this difference alone, and as one of all that are compared (Holm). */
  readonly p: number;
  readonly adjusted: number;
  /** Pairs of seeds, or seeds of the smaller side. */
  readonly n: number;
  readonly verdict: ChangeVerdict;
}

export interface Comparison {
  readonly confidence: number;
  /** Whether both ran on the same seeds. */
  readonly paired: boolean;
  /** That all seeds of a side gave one and the same run, since it draws nothing: then nothing is told from chance. */
  readonly isCopies: boolean;
  /** Of measures that are not there twice: none of all tiers beside the only one. */
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
  const { pairs, missing, paired, isCopies } = matched(before, after, only);
  const each = pairs.length === 0 ? confidence : simultaneousConfidence(pairs.length, confidence);
  const differenceOf = paired ? pairedDifference : welchDifference;
  const found = pairs.map((pair) => ({ pair, difference: differenceOf(pair.a, pair.b, each) }));
  const adjusted = holmAdjusted(found.map(({ difference }) => difference.p));
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
      adjusted: adjusted[index]!,
      n,
      verdict: verdictOf(better, difference, adjusted[index]! <= 1 - confidence),
    };
  });
  return { confidence, paired, isCopies, changes, missing };
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
