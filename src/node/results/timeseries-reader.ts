// timeseries.csv read back into the history of a run: the inverse of timeseries-file.ts.
import { csvParse } from "d3-dsv";
import { type RunResult, SurgefleetError } from "../../core/index.js";
import { ELASTIC_SERIES, POOL_SERIES, TIER_SERIES } from "../../core/internal.js";

type Series = RunResult["series"];
type Row = Readonly<Record<string, string | undefined>>;

/** `simulated`, in seconds, is the width of the bin where there is only one. */
export function readTimeseries(path: string, text: string, simulated: number): Series {
  const rows: readonly Row[] = csvParse(text);
  const columns = (name: string, kind: string) => {
    const own = rows.filter((row) => row["kind"] === kind && row["name"] === name);
    return {
      read: (column: string) => own.map((row) => numberIn(path, row, column)),
      // Files from before there was such a column have none.
      has: (column: string) => (own[0]?.[column] ?? "") !== "",
    };
  };
  const starts = [...new Set(rows.map((row) => numberIn(path, row, "t_s")))];
  return {
    interval: starts.length > 1 ? starts[1]! - starts[0]! : simulated,
    tiers: namesOf(rows, "tier").map((tier) => ({
      tier: unescaped(tier),
      ...binsOf(TIER_SERIES, columns(tier, "tier").read),
    })),
    pools: namesOf(rows, "pool").map((pool) => {
      const { read, has } = columns(pool, "pool");
      const elastic = Object.entries(ELASTIC_SERIES).filter(([, { name }]) => has(name));
      return {
        pool: unescaped(pool),
        ...binsOf(POOL_SERIES, read),
        ...binsOf(Object.fromEntries(elastic) as Partial<typeof ELASTIC_SERIES>, read),
      };
    }),
  };
}

/** In the order in which a result has them. */
function binsOf<Rows extends Readonly<Record<string, { readonly name: string }>>>(
  rows: Rows,
  read: (column: string) => number[],
): Record<keyof Rows, number[]> {
  const bins = Object.entries(rows).map(([key, { name }]) => [key, read(name)]);
  return Object.fromEntries(bins) as Record<keyof Rows, number[]>;
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
