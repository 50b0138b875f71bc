// A quantile of what several runs measured together, and an interval around it by inversion: how far the share of
// values below it may be off says between which other quantiles the true one lies (Woodruff, Confidence intervals for
// medians and other position measures, JASA 47, 1952). The mean of the runs' own quantiles would be too low where the
// runs are short. Knows values in order, and how far shares are off; not what was measured.
import { assert } from "../base/assert.js";
import type { Ranking } from "./ranked-values.js";
import { type RatioEstimate, type Risks, reachOf, type WeightedSample } from "./ratio.js";
import { around } from "./scale.js";

/** What one run measured, and for how many runs drawn at random it stands. */
export interface PooledPart {
  readonly ranking: Ranking;
  readonly factor: number;
}

/**
 * The least value up to which at least the share `p` of all values lies, each counted as often as its part stands for.
 * NaN without values.
 */
export function pooledQuantile(parts: readonly PooledPart[], p: number): number {
  assert(p >= 0 && p <= 1, "a quantile's share is from 0 to 1");
  const known = parts.filter(({ ranking }) => ranking.count > 0);
  if (known.length === 0) return Number.NaN;
  const upTo = (value: number) =>
    known.reduce((so, { ranking, factor }) => so + factor * ranking.upTo(value), 0);
  const most = Math.max(...known.map(({ ranking }) => ranking.most));
  const wanted = p * upTo(most);
  // No value lies below the one, and enough up to the other; halved until there is no number between them.
  let low = Math.min(...known.map(({ ranking }) => ranking.least));
  if (upTo(low) >= wanted) return low;
  let high = most;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (upTo(middle) >= wanted) high = middle;
    else low = middle;
  }
}

export interface QuantileEstimate {
  readonly value: number;
  /** Runs with a value. */
  readonly n: number;
  /** Null where the interval reaches beyond all values, of which nothing is known there. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The pooled quantile with its interval. `ratioOf` says of a share, from what each part says of it, how far it is off.
 * Of equal values the share up to them and the share below them may be off differently: the larger error counts.
 */
export function quantileEstimate(
  parts: readonly PooledPart[],
  p: number,
  ratioOf: (samples: readonly WeightedSample[]) => RatioEstimate,
  risks: Risks,
): QuantileEstimate {
  const value = pooledQuantile(parts, p);
  const shares = (countOf: (ranking: Ranking) => number) =>
    ratioOf(
      parts.map(({ ranking }) => ({
        value: ranking.count === 0 ? 0 : countOf(ranking) / ranking.count,
        weight: ranking.count,
      })),
    );
  const upTo = shares((ranking) => ranking.upTo(value));
  const below = shares((ranking) => ranking.below(value));
  const { n } = upTo;
  // More of them below a value is less of a quantile: what may miss on one side here misses on the same side there.
  const [one, other] = [reachOf(upTo, risks), reachOf(below, risks)];
  const reach = { below: Math.max(one.below, other.below), above: Math.max(one.above, other.above) };
  if (!Number.isFinite(reach.below + reach.above) || p === 0 || p === 1) {
    return { value, n, low: null, high: null };
  }
  const { low, high } = around(p, reach, "share");
  // At least one value must lie beyond.
  const total = parts.reduce((so, { ranking, factor }) => so + factor * ranking.count, 0);
  return {
    value,
    n,
    low: low * total < 1 ? null : pooledQuantile(parts, low),
    high: (1 - high) * total < 1 ? null : pooledQuantile(parts, high),
  };
}
