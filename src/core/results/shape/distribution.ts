// How measured values are spread, for charts: counts in bins that all runs share, four to an octave. Quantiles are not
// taken from here; see Summary.

import type { LogHistogram } from "../../stats/log-histogram.js";
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import type { TierColumns } from "../ledger/tier-columns.js";

/** A histogram, and what one of its whole numbers is in the measure's own unit. */
type Scaled = readonly [histogram: LogHistogram, unit: number];

const sketched = (sketch: QuantileSketch): Scaled => [sketch.histogram(), sketch.unit];

/** In the order in which results have them. */
const MEASURES = {
  ttft: ({ ttft }: TierColumns) => sketched(ttft),
  tokensPerSecond: ({ tokensPerSecond }: TierColumns) => sketched(tokensPerSecond),
  latency: ({ latency }: TierColumns) => sketched(latency),
  inputTokens: ({ inputLengths }: TierColumns): Scaled => [inputLengths, 1],
  outputTokens: ({ outputLengths }: TierColumns): Scaled => [outputLengths, 1],
};
export type DistributionMeasure = keyof typeof MEASURES;
export const DISTRIBUTION_MEASURES = Object.keys(MEASURES) as DistributionMeasure[];

/** One measure of one tier. Bin i covers edges[i] up to, but not at, edges[i + 1]. */
export interface DistributionResult {
  readonly tier: string;
  readonly measure: DistributionMeasure;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Of what was measured at all, in the order of the measures. */
export function distributionResults(tier: string, columns: TierColumns): DistributionResult[] {
  const results = DISTRIBUTION_MEASURES.map((measure) => {
    const [histogram, unit] = MEASURES[measure](columns);
    const { edges, counts } = histogram.bins();
    return { tier, measure, edges: edges.map((edge) => scaled(edge, unit)), counts };
  });
  return results.filter(({ counts }) => counts.length > 0);
}

/** Divides where that is exact to the last digit, as in 5 / 1000. */
function scaled(edge: number, unit: number): number {
  return unit < 1 ? edge / Math.round(1 / unit) : edge * unit;
}

/**
 * Several runs' distributions added up, each as often as its factor says, by tier and measure, in the order in which
 * they first come up.
 */
export function mergeDistributions(
  runs: readonly (readonly DistributionResult[])[],
  factors: readonly number[],
): DistributionResult[] {
  const groups = new Map<string, DistributionResult[]>();
  const scaledRuns = runs.map((run, index) =>
    run.map((one) => ({ ...one, counts: one.counts.map((count) => factors[index]! * count) })),
  );
  for (const one of scaledRuns.flat()) {
    const key = `${one.measure} ${one.tier}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map(merged);
}

/** All bins are of one grid, so that an edge known to any of them is where a bin of the sum begins or ends. */
function merged(group: readonly DistributionResult[]): DistributionResult {
  const starts = new Map<number, number>();
  const edges = new Set<number>();
  for (const { edges: own, counts } of group) {
    for (const edge of own) edges.add(edge);
    counts.forEach((count, bin) => {
      starts.set(own[bin]!, (starts.get(own[bin]!) ?? 0) + count);
    });
  }
  const sorted = [...edges].sort((one, other) => one - other);
  return { ...group[0]!, edges: sorted, counts: sorted.slice(0, -1).map((edge) => starts.get(edge) ?? 0) };
}
