// The parts of docs/results.md that list metrics: made from the tables, between marks that the document has.
import { FAIRNESS_ROWS } from "../../src/core/results/metrics/fairness.js";
import { FLEET_ROWS } from "../../src/core/results/metrics/fleet.js";
import { GPU_COST_ROWS } from "../../src/core/results/metrics/gpu-cost.js";
import { aggregationText, kindSpec } from "../../src/core/results/metrics/kinds.js";
import { METRICS } from "../../src/core/results/metrics/metrics.js";
import { columnTexts, type Table } from "../../src/core/results/metrics/rows.js";
import { SCALING_ROWS } from "../../src/core/results/metrics/scaling.js";
import { POOL_SERIES_COLUMNS, TIER_SERIES_COLUMNS } from "../../src/core/results/metrics/series.js";
import { TIER_ROWS } from "../../src/core/results/metrics/tier.js";

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const row = (...cells: readonly string[]) => line(cells).replaceAll(/\| {2}(?=\|)/g, "| ");

interface Part {
  readonly head: readonly string[];
  readonly rows: () => string[];
}

const keysOf = (table: Table): Part => ({
  head: ["key", "meaning", "over replications"],
  rows: () => Object.entries(table).map(([key, { means, pool }]) => row(`\`${key}\``, means, pool.name)),
});

/** By the name in its mark. */
const PARTS: Readonly<Record<string, Part>> = {
  "columns of a tier": {
    head: ["column", "unit", "meaning"],
    rows: () => columnTexts(TIER_ROWS).map(({ names, unit, means }) => row(names, unit, means)),
  },
  "columns of the fleet": {
    head: ["column", "unit", "meaning"],
    rows: () => columnTexts(FLEET_ROWS).map(({ names, unit, means }) => row(names, unit, means)),
  },
  "columns of the history": {
    head: ["column", "unit", "rows", "meaning"],
    rows: () => [
      ...TIER_SERIES_COLUMNS.map(({ names, unit, means }) => row(names, unit, "tier", means)),
      ...POOL_SERIES_COLUMNS.map(({ names, unit, means }) => row(names, unit, "pool", means)),
    ],
  },
  "metrics of thresholds": {
    head: ["metric", "aggregations", "unit", "better", "of"],
    rows: () =>
      METRICS.map(({ name, kind, unitText, better, basis }) => {
        const aggregations = kindSpec(kind).aggregations.map((one) => `\`${aggregationText(one)}\``);
        return row(`\`${name}\``, aggregations.join(" "), unitText, better === "none" ? "" : better, basis);
      }),
  },
  "keys of scaling": keysOf(SCALING_ROWS),
  "keys of fairness": keysOf(FAIRNESS_ROWS),
  "keys of the cost": keysOf(GPU_COST_ROWS),
  "keys of a tier": keysOf(TIER_ROWS),
};

/** The document with every part as the tables have it. */
export function withResultsTables(text: string): string {
  return Object.entries(PARTS).reduce((so, [name, { head, rows }]) => {
    const [open, close] = [`<!-- made from the metrics: ${name} -->\n`, "\n<!-- end -->\n"];
    const [before, rest] = so.split(open);
    if (before === undefined || rest === undefined) throw new Error(`docs/results.md has no mark "${name}"`);
    const table = [row(...head), `|${"---|".repeat(head.length)}`, ...rows()];
    return `${before}${open}\n${table.join("\n")}\n${rest.slice(rest.indexOf(close))}`;
  }, text);
}
