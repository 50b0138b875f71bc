// Writes rows in the generic format, as CSV or as JSON lines, such that reading them gives the same rows. What the
// format cannot say is lost and told by write.ts. Knows rows, not files.
import { MICROS_PER_SECOND } from "../../base/units.js";
import type { TraceRow } from "../../demand/trace/row.js";

/** Which columns a CSV has: those that a row says something about. */
export interface Columns {
  account: boolean;
  session: boolean;
  model: boolean;
  tier: boolean;
  cached: boolean;
}

const NAMES = ["account", "session", "model", "tier"] as const;

/** Seconds with up to six digits behind the point, exactly. */
export function exactSeconds(micros: number): string {
  const whole = Math.floor(micros / MICROS_PER_SECOND);
  const rest = micros - whole * MICROS_PER_SECOND;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(6, "0").replace(/0+$/, "")}`;
}

export function* genericCsv(rows: Iterable<TraceRow>, columns: Columns): Generator<string, void, undefined> {
  const names = NAMES.filter((name) => columns[name]);
  const cached = columns.cached ? ["cached_tokens"] : [];
  yield `${["timestamp", "input_tokens", "output_tokens", ...names, ...cached].join(",")}\n`;
  for (const row of rows) {
    let line = `${exactSeconds(row.at)},${row.inputTokens},${row.outputTokens}`;
    for (const name of names) line += `,${quoted(name === "session" ? sessionName(row) : row[name])}`;
    if (columns.cached) line += `,${row.cachedTokens ?? 0}`;
    yield `${line}\n`;
  }
}

export function* genericJson(rows: Iterable<TraceRow>): Generator<string, void, undefined> {
  for (const row of rows) {
    // Six digits are exact in a double for a thousand years of microseconds.
    let line = `{"timestamp":${exactSeconds(row.at)},"input_tokens":${row.inputTokens}`;
    line += `,"output_tokens":${row.outputTokens}`;
    for (const name of NAMES) {
      const value = name === "session" ? sessionName(row) : row[name];
      if (value !== "") line += `,"${name}":${JSON.stringify(value)}`;
    }
    if (row.cachedTokens !== undefined) line += `,"cached_tokens":${row.cachedTokens}`;
    yield `${line}}\n`;
  }
}

/** A sub-agent as a session of its own. */
export function sessionName({ session, agent }: TraceRow): string {
  return agent === "" ? session : `${session}/${agent}`;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
