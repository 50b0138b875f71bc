// timeseries.csv read back into the history of a run: the inverse of timeseries-file.ts.
import { csvParse } from "d3-dsv";
import { type RunResult, SurgefleetError } from "../../core/index.js";

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
    tiers: namesOf(rows, "tier").map((tier) => {
      const column = columns(tier, "tier");
      return {
        tier: unescaped(tier),
        attempts: column("attempts"),
        completed: column("completed"),
        rateLimited: column("rate_limited"),
        overloaded: column("overloaded"),
        unavailable: column("unavailable"),
        outputTokens: column("output_tokens"),
      };
    }),
    pools: namesOf(rows, "pool").map((pool) => {
      const column = columns(pool, "pool");
      return {
        pool: unescaped(pool),
        replicas: column("replicas_mean"),
        queued: column("queued_mean"),
        slotsBusy: column("slots_busy_mean"),
        kvUsed: column("kv_used_tokens_mean"),
      };
    }),
  };
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
