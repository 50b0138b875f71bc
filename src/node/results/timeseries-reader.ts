// timeseries.csv read back into the history of a run: the inverse of timeseries-file.ts.
import { csvParse } from "d3-dsv";
import {
  POOL_SERIES_COLUMNS,
  type RunResult,
  SurgefleetError,
  TIER_SERIES_COLUMNS,
} from "../../core/index.js";

type Series = RunResult["series"];
type Row = Readonly<Record<string, string | undefined>>;

/** `simulated`, in seconds, is the width of the bin where there is only one. */
export function readTimeseries(path: string, text: string, simulated: number): Series {
  const rows: readonly Row[] = csvParse(text);
  const columns = (name: string, kind: string) => {
    const own = rows.filter((row) => row["kind"] === kind && row["name"] === name);
    return (column: string) => own.map((row) => numberIn(path, row, column));
  };
  const starts = [...new Set(rows.map((row) => numberIn(path, row, "t_s")))];
  return {
    interval: starts.length > 1 ? starts[1]! - starts[0]! : simulated,
    tiers: namesOf(rows, "tier").map((tier) => ({
      tier: unescaped(tier),
      ...binsOf(TIER_SERIES_COLUMNS, columns(tier, "tier")),
    })),
    pools: namesOf(rows, "pool").map((pool) => ({
      pool: unescaped(pool),
      ...binsOf(POOL_SERIES_COLUMNS, columns(pool, "pool")),
    })),
  };
}

function binsOf<Key extends string>(
  columns: readonly { readonly key: Key; readonly name: string }[],
  read: (column: string) => number[],
): Record<Key, number[]> {
  return Object.fromEntries(columns.map(({ key, name }) => [key, read(name)])) as Record<Key, number[]>;
}

function namesOf(rows: readonly Row[], kind: string): string[] {
  return [...new Set(rows.filter((row) => row["kind"] === kind).map((row) => row["name"] ?? ""))];
}

/** What would run as a formula in a spreadsheet has an apostrophe in front of it. */
function unescaped(name: string): string {
  return /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(name) ? name.slice(1) : name;
}

function numberIn(path: string, row: Row, column: string): number {
  const text = row[column];
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  const place = `${row["kind"] ?? ""} ${row["name"] ?? ""} at ${row["t_s"] ?? "?"} s`;
  throw new SurgefleetError("USAGE", `${path}: the column ${column} of ${place} holds no number`);
}
