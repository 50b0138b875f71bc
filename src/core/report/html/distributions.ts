// How times, speeds and lengths are spread: a picture and a table for each.

import type { Summary } from "../../results/metrics/summary.js";
import type { TierResult } from "../../results/metrics/tier.js";
import type { DistributionMeasure, DistributionResult } from "../../results/shape/distribution.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "../text/format.js";
import { histogram } from "./histogram.js";
import { html, type Markup } from "./markup.js";
import { shown, type TableColumn, table } from "./tables.js";

interface Subject {
  readonly title: string;
  readonly show: (value: number) => string;
  /** Lengths have no summary; their quantiles are those of the bins. */
  readonly summary?: (tier: TierResult) => Summary;
}

const SUBJECTS: Readonly<Record<DistributionMeasure, Subject>> = {
  ttft: { title: "Time to first token", show: (value) => format.time(value), summary: ({ ttft }) => ttft },
  tokensPerSecond: {
    title: "Tokens per second of a request",
    show: (value) => format.number(value),
    summary: ({ tokensPerSecond }) => tokensPerSecond,
  },
  latency: { title: "Latency", show: (value) => format.time(value), summary: ({ latency }) => latency },
  inputTokens: { title: "Input tokens", show: format.short },
  outputTokens: { title: "Output tokens", show: format.short },
};
const QUANTILES = [0.05, 0.5, 0.9, 0.99] as const;

export function distributionSection({ distributions, tiers }: RunResult): Markup {
  if (distributions.length === 0) return html`<p class="quiet">Nothing was measured.</p>`;
  const toneOf = (tier: string) =>
    Math.max(
      0,
      tiers.findIndex((one) => one.tier === tier),
    ) % 8;
  const figures = (Object.keys(SUBJECTS) as DistributionMeasure[]).flatMap((measure) => {
    const rows = distributions.filter((one) => one.measure === measure && isDrawable(one));
    return rows.length === 0 ? [] : [figure(SUBJECTS[measure], rows, tiers, toneOf)];
  });
  const keys = [...new Set(distributions.map(({ tier }) => tier))].map(
    (tier) => html`<li><span class="swatch tone-${toneOf(tier)}"></span>${tier}</li>`,
  );
  return html`<p class="quiet">Share of a tier's values in each bin; bins are a quarter of an octave wide.</p>
<ul class="key" aria-label="Tiers">${keys}</ul>
<div class="charts">${figures}</div>`;
}

function isDrawable({ edges, counts }: DistributionResult): boolean {
  return edges.length === counts.length + 1 && counts.some((count) => count > 0) && edges.at(-1)! > 0;
}

function figure(
  { title, show, summary }: Subject,
  rows: readonly DistributionResult[],
  tiers: readonly TierResult[],
  toneOf: (tier: string) => number,
): Markup {
  const exact = ({ tier }: DistributionResult) => {
    const row = tiers.find((one) => one.tier === tier);
    return row === undefined ? undefined : summary?.(row);
  };
  const columns: TableColumn<DistributionResult>[] = QUANTILES.map((share) => ({
    head: `p${share * 100}`,
    cell: (row) => {
      const known = exact(row);
      if (known === undefined) return `≈ ${show(binQuantile(row, share))}`;
      const key = `p${share * 100}` as "p5" | "p50" | "p90" | "p99";
      return shown(known[key], show);
    },
  }));
  return html`<figure class="chart"><figcaption>${title}</figcaption>
${histogram({ label: `Distribution of: ${title}`, rows, toneOf, show })}
${table({
  caption: `${title}, by tier`,
  head: "tier",
  name: ({ tier }) => tier,
  columns: [
    { head: "values", cell: ({ counts }) => format.short(counts.reduce((sum, count) => sum + count, 0)) },
    { head: "mean", cell: (row) => shown(exact(row)?.mean ?? lengthMean(row, tiers), show) },
    ...columns,
  ],
  rows,
})}</figure>`;
}

/** Of completed attempts, whose tokens the tier's row adds up. */
function lengthMean({ tier, measure }: DistributionResult, tiers: readonly TierResult[]): number | null {
  const row = tiers.find((one) => one.tier === tier);
  const completed = row?.outcomes.completed ?? 0;
  if (row === undefined || completed === 0) return null;
  return (measure === "inputTokens" ? row.inputTokens : row.outputTokens) / completed;
}

/** Within the width of a bin. */
function binQuantile({ edges, counts }: DistributionResult, share: number): number {
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    if (below + count >= wanted && count > 0) {
      return edges[bin]! + ((wanted - below) / count) * (edges[bin + 1]! - edges[bin]!);
    }
    below += count;
  }
  return edges.at(-1)!;
}
