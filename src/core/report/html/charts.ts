// Which charts of a history there are, and of which columns: the page's script draws what stands here, and a table
// beside each chart says the same in a few rows. Every chart is of one unit.

import type { PoolSeriesKey, Series, TierSeriesKey } from "../../results/metrics/series.js";
import type { RunResult } from "../../results/shape/result.js";
import * as format from "../text/format.js";
import type { Chart, ChartLine } from "./chart.js";
import { eventFigure } from "./events.js";
import { fleetCharts } from "./fleet-charts.js";
import { coarserSeries } from "./history.js";
import { html, type Markup } from "./markup.js";
import { table } from "./tables.js";

const TABLE_ROWS = 16;

export function chartsOf(result: RunResult): Chart[] {
  const { series, pools } = result;
  /** A tier has a colour of its own; where the colour is the cause's, it has dashes. */
  const tierLines = (column: TierSeriesKey, cause?: { readonly label: string; readonly tone: number }) =>
    series.tiers.map((tier, index) => ({
      label: cause === undefined ? tier.tier : `${cause.label} ${tier.tier}`,
      tone: cause?.tone ?? index,
      dash: cause === undefined ? 0 : index,
      from: ["tiers", index, column] as const,
      scale: 1,
      perSecond: true,
    }));
  const poolLines = (column: PoolSeriesKey, scale: (pool: string) => number | null = () => 1) =>
    series.pools.flatMap(({ pool }, index) => {
      const by = scale(pool);
      return by === null
        ? []
        : [
            {
              label: pool,
              from: ["pools", index, column] as const,
              scale: by,
              perSecond: false,
              tone: index,
              dash: 0,
            },
          ];
    });
  const shareOfKv = (pool: string) => {
    const tokens = pools.find((one) => one.pool === pool)?.kvTokens ?? null;
    return tokens === null || tokens <= 0 ? null : 100 / tokens;
  };
  const refused = [
    ...tierLines("rateLimited", { label: "429", tone: 4 }),
    ...tierLines("overloaded", { label: "503 overloaded", tone: 5 }),
    ...tierLines("unavailable", { label: "503 unavailable", tone: 6 }),
  ];
  const charts: Chart[] = [
    { id: "load", title: "Load: attempts per second", unit: "/s", lines: tierLines("attempts") },
    {
      id: "shed",
      title: "Refused, by cause",
      unit: "/s",
      lines: refused.filter((line) => hasAny(series, line)),
    },
    { id: "queue", title: "Requests waiting", unit: "", lines: poolLines("queued") },
    { id: "tokens", title: "Output tokens per second", unit: "/s", lines: tierLines("outputTokens") },
    { id: "busy", title: "Sequences being served", unit: "", lines: poolLines("slotsBusy") },
    { id: "replicas", title: "Replicas up", unit: "", lines: poolLines("replicas") },
    { id: "kv", title: "KV cache in use", unit: "%", lines: poolLines("kvUsed", shareOfKv) },
  ];
  return [...fleetCharts(result), ...charts.filter(({ lines }) => lines.length > 0)];
}

function columnOf(series: Series, [kind, index, column]: ChartLine["from"]): readonly number[] {
  return (kind === "tiers" ? series.tiers[index]![column] : series.pools[index]![column]) ?? [];
}

function hasAny(series: Series, line: ChartLine): boolean {
  return columnOf(series, line.from).some((value) => value > 0);
}

export function chartSection(result: RunResult, charts: readonly Chart[]): Markup {
  const bins = result.series.tiers[0]?.attempts.length ?? 0;
  if (bins < 2) return html`<p class="quiet">There is no history in this result.</p>`;
  const coarse = coarserSeries(result.series, TABLE_ROWS);
  const { warmup } = result.time;
  const several = result.replications.length > 1 ? " The first replication is shown." : "";
  const begins = warmup > 0 ? ` The measured window begins at ${format.span(warmup)}.` : "";
  return html`<p class="quiet">From the start of the run.${begins}${several} Arrow keys move the cursor of a chart that
has the focus; a drag zooms in, a double click out.</p>
<p id="readout" class="visually-hidden" aria-live="polite"></p>
<div class="charts">${eventFigure(result)}${charts.map((chart) => figure(chart, coarse, result.time.simulated))}</div>`;
}

function figure(chart: Chart, coarse: Series, simulated: number): Markup {
  const { id, title, lines, unit } = chart;
  const rows = Array.from({ length: columnOf(coarse, lines[0]!.from).length }, (_, bin) => bin);
  return html`<figure class="chart"><figcaption id="chart-${id}">${title}</figcaption>
<div class="plot" data-chart="${id}" aria-labelledby="chart-${id}"></div>
<details><summary>As a table</summary>${table({
    caption: title,
    head: "from",
    name: (bin: number) => format.span(bin * coarse.interval),
    columns: lines.map((line) => ({
      head: line.label,
      cell: (bin: number) => `${format.number(valueAt(coarse, line, bin, simulated))}${line.unit ?? unit}`,
    })),
    rows,
  })}</details></figure>`;
}

function valueAt(series: Series, line: ChartLine, bin: number, simulated: number): number {
  const value = (columnOf(series, line.from)[bin] ?? 0) * line.scale;
  if (!line.perSecond) return value;
  // The last bin ends with the run.
  const rest = simulated - bin * series.interval;
  return value / (rest > 0 && rest < series.interval ? rest : series.interval);
}
