// ServeGen's client pools: not requests, but how fast and how regularly each client sends in windows of time, and
// how long its requests are. They are read into data that a generator can be made of; nothing is drawn here.
import { SurgefleetError } from "../../../base/errors.js";
import { Complaints } from "../../../text/complaints.js";
import { csvColumn, csvValues } from "../../../text/csv.js";
import { readLines } from "../../../text/lines.js";
import { shown } from "../../../text/shown.js";
import { CsvLine } from "./csv-line.js";

/** One window of a client in which it sends. */
export interface ClientWindow {
  /** Seconds since the start of the record. */
  readonly start: number;
  /** Requests a second. */
  readonly rate: number;
  /** Coefficient of variation of the gaps between requests. */
  readonly cv: number;
  readonly pattern: "gamma" | "weibull";
}

export interface ClientWindows {
  readonly client: string;
  readonly windows: readonly ClientWindow[];
}

const PATTERNS: Readonly<Record<string, ClientWindow["pattern"]>> = {
  G: "gamma",
  W: "weibull",
  Gamma: "gamma",
  Weibull: "weibull",
};
const TABLE = ["window_start_s", "client", "rate_rps", "cv", "pattern"] as const;
/** A `chunk-*-trace.csv`, one client without a header. The last two are arguments of the pattern; cv says the same. */
const CHUNK = ["window_start_s", "rate_rps", "cv", "pattern", "argument_1", "argument_2"] as const;

/**
 * Reads the windows of a client pool: the table of all clients, or the chunk of one client, which is named `client`
 * then. Windows without a pattern or a rate are inactive and left out.
 *
 * Throws INVALID_TRACE with file, line, column and field of each problem.
 */
export function readClientWindows(
  chunks: Iterable<string>,
  { file, client = "client" }: { readonly file: string; readonly client?: string },
): readonly ClientWindows[] {
  const complaints = new Complaints(file, 20);
  const clients = new Map<string, ClientWindow[]>();
  let line: CsvLine | undefined;
  let columns: readonly string[] = CHUNK;
  let at = 0;
  const complain = (column: number, field: string, message: string) =>
    complaints.add(at, column, field, message);
  for (const { text, number } of readLines(chunks, file)) {
    at = number;
    if (line === undefined && csvValues(text)?.join(",") === TABLE.join(",")) {
      columns = TABLE;
      line = new CsvLine(columns, complain);
      continue;
    }
    line ??= new CsvLine(columns, complain);
    if (text.trim() === "" || !line.open(text)) continue;
    readWindow(line, columns, text, complain, client, clients);
    if (complaints.overflowed) break;
  }
  if (!complaints.none) throw complaints.error();
  return [...clients].map(([name, windows]) => ({ client: name, windows }));
}

function readWindow(
  line: CsvLine,
  columns: readonly string[],
  text: string,
  complain: (column: number, field: string, message: string) => void,
  client: string,
  clients: Map<string, ClientWindow[]>,
): void {
  const value = (name: string) => line.name(columns.indexOf(name)).trim();
  const number = (name: string): number => {
    const read = value(name) === "" ? Number.NaN : Number(value(name));
    if (read >= 0 && Number.isFinite(read)) return read;
    complain(
      csvColumn(text, columns.indexOf(name)),
      name,
      `is ${shown(value(name))}, but must be a number from 0 up`,
    );
    return Number.NaN;
  };
  const [start, rate] = [number("window_start_s"), number("rate_rps")];
  const pattern = PATTERNS[value("pattern")];
  if (value("pattern") === "" || rate === 0) return;
  const cv = number("cv");
  if (pattern === undefined) {
    complain(
      csvColumn(text, columns.indexOf("pattern")),
      "pattern",
      `is ${shown(value("pattern"))}, but must be Gamma or Weibull`,
    );
    return;
  }
  const name = columns.includes("client") ? value("client") : client;
  const windows = clients.get(name);
  if (windows === undefined) clients.set(name, [{ start, rate, cv, pattern }]);
  else windows.push({ start, rate, cv, pattern });
}

/** Token counts and their shares. */
export interface TokenShares {
  readonly tokens: readonly number[];
  readonly shares: readonly number[];
}

/**
 * Reads a `chunk-*-dataset.json`: by start of the window in seconds, by name such as "input_tokens", the shares of
 * token counts. Upstream writes them as text in Python's form, `"{45: 0.0096, 46: 0.01}"`.
 */
export function readTokenShares(
  text: string,
  file: string,
): ReadonlyMap<number, ReadonlyMap<string, TokenShares>> {
  const windows = new Map<number, ReadonlyMap<string, TokenShares>>();
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw invalid(file, "", "is not JSON");
  }
  if (typeof data !== "object" || data === null) throw invalid(file, "", "must be an object of windows");
  for (const [start, fields] of Object.entries(data)) {
    const shares = new Map<string, TokenShares>();
    if (typeof fields !== "object" || fields === null)
      throw invalid(file, start, "must be an object of distributions");
    for (const [name, value] of Object.entries(fields)) {
      // A number beside the distributions, such as the share of reasoning tokens, is no distribution.
      if (typeof value === "string") shares.set(name, parseShares(value, file, `${start}.${name}`));
    }
    windows.set(Number(start), shares);
  }
  return windows;
}

const ENTRY = /\s*(\d+)\s*:\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(,|$)/y;

function parseShares(text: string, file: string, path: string): TokenShares {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  const tokens: number[] = [];
  const shares: number[] = [];
  if (inner === undefined)
    throw invalid(file, path, `is ${shown(text)}, but must look like {45: 0.0096, 46: 0.01}`);
  for (let at = 0; inner.slice(at).trim() !== ""; at = ENTRY.lastIndex) {
    ENTRY.lastIndex = at;
    const found = ENTRY.exec(inner);
    if (found === null)
      throw invalid(file, path, `is ${shown(text)}, but must look like {45: 0.0096, 46: 0.01}`);
    tokens.push(Number(found[1]));
    shares.push(Number(found[2]));
  }
  return { tokens, shares };
}

function invalid(file: string, path: string, message: string): SurgefleetError {
  return new SurgefleetError("INVALID_TRACE", `${file} is no ServeGen client`, [
    { file, line: 0, column: 0, path, message },
  ]);
}
