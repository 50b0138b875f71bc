// summary.json, summary.csv and callers.csv: the result without its series, its tiers as a table, and its sources and
// tracked accounts as another. The metrics say which columns there are; docs/results.md explains every one, and columns
// are only ever appended within a schema version.
import type { RunResult, TierResult } from "../../core/index.js";
import { FLEET_COLUMNS, SLICE_COLUMNS, type SliceResult, TIER_COLUMNS } from "../../core/internal.js";
import { type CsvColumn, csvTable } from "./csv.js";

export function summaryJson(result: RunResult): string {
  const { series: _, ...summary } = result;
  return `${JSON.stringify(summary, null, 2)}\n`;
}

interface SliceRow {
  readonly result: RunResult;
  readonly name: string;
  readonly row: SliceResult;
}

interface TierRow extends SliceRow {
  readonly row: TierResult;
}

interface CallerRow extends SliceRow {
  readonly by: "source" | "account";
}

const column = <Row extends SliceRow>(name: string, value: CsvColumn<Row>["value"]): CsvColumn<Row> => ({
  name,
  value,
});

const RUN: readonly CsvColumn<SliceRow>[] = [
  column("scenario", ({ result }) => result.scenario),
  column("seed", ({ result }) => result.seed),
  column("partial", ({ result }) => String(result.partial)),
];
const MEASURED: CsvColumn<SliceRow> = column("measured_s", ({ result }) => result.time.measured);

export const SUMMARY_COLUMNS: readonly CsvColumn<TierRow>[] = [
  ...RUN,
  column("tier", ({ name }) => name),
  MEASURED,
  // Columns of a later place come last, of whichever table they are.
  ...[
    ...TIER_COLUMNS.map(({ name, place, value }) => ({
      ...column<TierRow>(name, ({ row }) => value(row)),
      place,
    })),
    ...FLEET_COLUMNS.map(({ name, place, value }) => ({
      ...column<TierRow>(name, ({ result, row }) => (row === result.all ? value(result.fleet) : null)),
      place,
    })),
  ].sort((one, other) => one.place - other.place),
];

export function summaryCsv(result: RunResult): string {
  return csvTable(
    SUMMARY_COLUMNS,
    [...result.tiers, result.all].map((row) => ({ result, row, name: row.tier })),
  );
}

export const CALLER_COLUMNS: readonly CsvColumn<CallerRow>[] = [
  ...RUN,
  column<CallerRow>("by", ({ by }) => by),
  column("name", ({ name }) => name),
  MEASURED,
  ...SLICE_COLUMNS.map(({ name, value }) => column<CallerRow>(name, ({ row }) => value(row))),
];

export function callersCsv(result: RunResult): string {
  const sources = result.sources.map((row) => ({ by: "source", name: row.source, row }) as const);
  const accounts = result.trackedAccounts.map((row) => ({ by: "account", name: row.account, row }) as const);
  return csvTable(
    CALLER_COLUMNS,
    [...sources, ...accounts].map((row) => ({ result, ...row })),
  );
}
