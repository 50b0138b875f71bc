// summary.json and summary.csv: the result without its series, and its rows as a table. The metrics of a tier say which
// columns there are; docs/results.md explains every one, and columns are only ever appended within a schema version.
import type { RunResult, TierResult } from "../../core/index.js";
import { FLEET_COLUMNS, SLICE_COLUMNS } from "../../core/internal.js";
import { type CsvColumn, csvTable } from "./csv.js";

export function summaryJson(result: RunResult): string {
  const { series: _, ...summary } = result;
  return `${JSON.stringify(summary, null, 2)}\n`;
}

interface SummaryRow {
  readonly result: RunResult;
  readonly tier: TierResult;
}

const column = (name: string, value: CsvColumn<SummaryRow>["value"]): CsvColumn<SummaryRow> => ({
  name,
  value,
});

export const SUMMARY_COLUMNS: readonly CsvColumn<SummaryRow>[] = [
  column("scenario", ({ result }) => result.scenario),
  column("seed", ({ result }) => result.seed),
  column("partial", ({ result }) => String(result.partial)),
  column("tier", ({ tier }) => tier.tier),
  column("measured_s", ({ result }) => result.time.measured),
  // Columns of a later place come last, of whichever table they are.
  ...[
    ...SLICE_COLUMNS.map(({ name, place, value }) => ({
      ...column(name, ({ tier }) => value(tier)),
      place,
    })),
    ...FLEET_COLUMNS.map(({ name, place, value }) => ({
      ...column(name, ({ result, tier }) => (tier === result.all ? value(result.fleet) : null)),
      place,
    })),
  ].sort((one, other) => one.place - other.place),
];

export function summaryCsv(result: RunResult): string {
  return csvTable(
    SUMMARY_COLUMNS,
    [...result.tiers, result.all].map((tier) => ({ result, tier })),
  );
}
