// Whether one measure became worse by more than a margin, and not by chance: a rank test on the logarithms of what each
// seed gave before and after. Knows one measure of two results at a time.
import { logRatio } from "../../stats/log-ratio.js";
import { leastRankSumP, rankSumP } from "../../stats/rank-sum.js";
import { ratioOf } from "../../stats/ratio.js";
import { leastSignedRankP, signedRankP } from "../../stats/signed-rank.js";
import { kindSpec } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import type { Estimate } from "../shape/result.js";
import type { MatchedMeasure, SeedSample } from "./matched.js";

export interface Worsening {
  /** One-sided, of this measure alone. */
  readonly p: number;
  /** The least p that so many seeds could have given. */
  readonly least: number;
  /** How much worse all seeds together are: the logarithm of a ratio, above 0 for worse. */
  readonly size: number;
  /** Pairs of seeds, or seeds of the smaller side. */
  readonly n: number;
}

/**
 * The test is exact whatever the distribution: Wilcoxon's of signed ranks on pairs of equal seeds, Mann and Whitney's
 * of rank sums on others, where Student's and Welch's t take for certain what did not happen to vary, and see little in
 * measures that a few seeds decide. Of a rate a with margin m it ranks log((b + 1/2n) / ((1 + m) a + 1/2n)) over n
 * trials, of a count the same with 1/2, of times and speeds the plain ratio: large and small seeds differ by much, and
 * a change moves them alike. Worse is only what all seeds together say is worse by more than the margin, too: else p
 * is 1.
 */
export function worsening({ estimate, a, b }: MatchedMeasure, paired: boolean, margin: number): Worsening {
  const isLower = estimate.better === "lower";
  const factor = isLower ? 1 + margin : Math.max(0, 1 - margin);
  const known = (side: readonly SeedSample[]) => side.filter(({ weight }) => weight > 0);
  const kept = a.map((_, index) => index).filter((i) => paired && a[i]!.weight > 0 && b[i]!.weight > 0);
  const before = paired ? kept.map((i) => a[i]!) : known(a);
  const after = paired ? kept.map((i) => b[i]!) : known(b);
  const n = Math.min(before.length, after.length);
  if (n === 0) return { p: 1, least: 1, size: 0, n };
  const half = halfEvent(estimate);
  const step = half(mean([...before, ...after]));
  // Above 0 for worse.
  const score = (one: number, other: number, by: number) =>
    isLower ? logRatio(other, one, by) : logRatio(one, other, by);
  const [first, second] = [ratioOf(before).value, ratioOf(after).value];
  const all = half(before.reduce((sum, { trials }) => sum + trials, 0));
  const size = score(first, second, all);
  const isWorse = isLower ? second > factor * first : second < factor * first;
  const least = paired ? leastSignedRankP(n) : leastRankSumP(before.length, after.length);
  if (!isWorse) return { p: 1, least, size, n };
  if (paired) {
    const scores = before.map(({ value, trials }, i) => {
      const { value: now, trials: others } = after[i]!;
      return score(factor * value, now, half((trials + others) / 2));
    });
    return { p: signedRankP(scores), least, size, n };
  }
  const levels = (side: readonly SeedSample[], times: number) =>
    side.map(({ value }) => (isLower ? 1 : -1) * logRatio(times * value, 1, step));
  return { p: rankSumP(levels(before, factor), levels(after, 1)), least, size, n };
}

/** What half an event of so many trials adds to a value that may be 0: nothing where it is no count and no share. */
function halfEvent({ metric, unit }: Pick<Estimate, "metric" | "unit">): (trials: number) => number {
  const { kind } = metricNamed(metric.split("{")[0]!) ?? {};
  if (kind !== undefined && kindSpec(kind).isQuotient) return (trials) => 1 / (2 * trials);
  return unit === "count" ? () => 0.5 : () => 0;
}

function mean(samples: readonly SeedSample[]): number {
  return samples.reduce((sum, { trials }) => sum + trials, 0) / samples.length;
}
