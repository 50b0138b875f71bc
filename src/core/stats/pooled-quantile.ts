// A quantile of what several runs measured together, and an interval around it by inversion: it ends where the share of
// values that lie beyond is surely no more than the quantile leaves there (Woodruff, Confidence intervals for medians
// and other position measures, JASA 47, 1952). The mean of the runs' own quantiles would be too low where the runs are
// short. Knows values in order, and how far shares are off; not what was measured.
import exp from "@stdlib/math-base-special-exp";
import type { PooledValues } from "./pooled-values.js";
import type { Risks, WeightedSample } from "./ratio.js";
import { shareAt } from "./scale.js";

export interface QuantileEstimate {
  readonly value: number;
  /** Runs with a value. */
  readonly n: number;
  /** Null where no value is surely beyond the quantile. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Values to one side of an end. */
export interface Beyond {
  readonly side: "above" | "below";
  readonly end: number;
}

/** The most that the share of values beyond an end may be, from what each run says of it, with this risk to be more. */
export type UpperShare = (samples: readonly WeightedSample[], risk: number, beyond: Beyond) => number;

/** Between the quantiles that are tried, on the scale of log-odds; and how often the last step is halved. */
const STEP = 0.2;
const HALVINGS = 5;

/** The pooled quantile of `p`, from 0 to 1 without either, with its interval. */
export function quantileEstimate(
  pooled: PooledValues,
  p: number,
  upperShare: UpperShare,
  risks: Risks,
): QuantileEstimate {
  const value = pooled.quantile(p);
  const n = pooled.parts.filter(({ ranking }) => ranking.count > 0).length;
  if (n < 2 || p <= 0 || p >= 1) return { value, n, low: null, high: null };
  const upper = (beyond: Beyond, risk: number) => upperShare(sharesBeyond(pooled, beyond), risk, beyond);
  const above = (end: number) => upper({ side: "above", end }, risks.above) <= 1 - p;
  const below = (end: number) => upper({ side: "below", end }, risks.below) <= p;
  return {
    value,
    n,
    low: firstSure(pooled, (step) => shareAt(p, exp(-step)), 0, below),
    high: firstSure(pooled, (step) => 1 - shareAt(1 - p, exp(-step)), 1, above),
  };
}

/** What each run says of the share of values beyond an end. */
export function sharesBeyond({ parts }: PooledValues, { side, end }: Beyond): WeightedSample[] {
  return parts.map(({ ranking }) => {
    const weight = ranking.count;
    return { value: weight === 0 ? 0 : ranking[side](end) / weight, weight };
  });
}

/** The value closest to the quantile of which it is sure that the true one lies on this side of it. */
function firstSure(
  pooled: PooledValues,
  shareOf: (step: number) => number,
  end: 0 | 1,
  isSure: (value: number) => boolean,
): number | null {
  let unsure = 0;
  for (let step = 0; ; step += STEP) {
    const share = shareOf(step);
    if (isSure(pooled.quantile(share))) return pooled.quantile(shareOf(refined(unsure, step)));
    // Beyond the last value there is none to try but that one itself, with nothing beyond.
    if (Math.abs(share - end) * pooled.weight < 1) {
      return isSure(pooled.quantile(end)) ? pooled.quantile(end) : null;
    }
    unsure = step;
  }

  function refined(from: number, until: number): number {
    let [low, high] = [from, until];
    for (let halving = 0; halving < HALVINGS && low < high; halving++) {
      const middle = (low + high) / 2;
      if (isSure(pooled.quantile(shareOf(middle)))) high = middle;
      else low = middle;
    }
    return high;
  }
}
