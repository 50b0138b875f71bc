// Files that people have beside traces of requests and that cannot be read as such, with what to do instead. It
// reads none of them.
import type { FirstRecord } from "../format.js";

export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

const GENERIC_COLUMNS = "timestamp,input_tokens,output_tokens";

const SERVEGEN: Refusal = {
  message: "this is a ServeGen client pool: rates and lengths of clients in windows of time, not requests",
  hint: "it describes a generator; read it with readClientWindows, or generate a trace from it first",
};

const PARQUET: Refusal = {
  message: "this is a Parquet file, which is not read",
  hint:
    "convert it to CSV with the columns of a format that is, for example with DuckDB: " +
    `COPY (SELECT ... AS timestamp, input_tokens, output_tokens FROM 'x.parquet' ORDER BY 1) TO 'x.csv'`,
};

const BASETEN: Refusal = {
  message: "this is the Baseten trace under its own column names, which is not read",
  hint:
    `rename the columns: timestamp_start_unix_ms / 1000 AS timestamp, input_tokens, output_tokens, ` +
    `provided_session_id AS session gives the generic format (${GENERIC_COLUMNS}[,session])`,
};

/** What a first record gives away as no trace of requests; undefined for everything else. */
export function refusalOf({ text, columns, object }: FirstRecord): Refusal | undefined {
  if (text.startsWith("PAR1")) return PARQUET;
  const names = object === undefined ? (columns ?? []) : Object.keys(object);
  if (names.includes("timestamp_start_unix_ms")) return BASETEN;
  return isServeGen(names) ? SERVEGEN : undefined;
}

function isServeGen(columns: readonly string[]): boolean {
  if (columns.includes("window_start_s") && columns.includes("client")) return true;
  if (columns.includes("client") && columns.includes("field") && columns.includes("p50")) return true;
  const [start = "", rate = "", , pattern = ""] = columns;
  const isNumber = (value: string) => value.trim() !== "" && Number.isFinite(Number(value));
  return (
    columns.length === 6 && isNumber(start) && isNumber(rate) && /^(Gamma|Weibull|)$/.test(pattern.trim())
  );
}
