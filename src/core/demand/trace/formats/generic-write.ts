// Writes rows in the generic format, as CSV or as JSON lines, such that reading them gives the same rows. Knows rows,
// not files.
import { type Contents, LOST_WAITING, lostWords, recordedLosses } from "../contents.js";
import type { TraceWriter } from "../format.js";
import type { TraceRow } from "../row.js";
import { CACHED_FIELD, NAME_FIELDS, REQUIRED_FIELDS } from "./generic-fields.js";
import { exactSeconds, sessionName } from "./written.js";

export const genericWriter: TraceWriter = {
  forms: ["csv", "jsonl"],
  hasEmptyOutputs: false,
  losses: (contents) =>
    lostWords([
      [contents.agent, LOST_WAITING],
      [contents.think, "think times"],
      [contents.ended, "ends of responses"],
      ...recordedLosses(contents),
      [contents.blocks, "block ids"],
      [contents.kind, "who wrote the new part of a prompt"],
    ]),
  problem({ cached, rows }, form) {
    if (form !== "csv" || cached === 0 || cached === rows) return undefined;
    return "some rows say how much was cached and others do not, which CSV cannot tell: write to a .jsonl file";
  },
  lines: (rows, contents, form) => (form === "csv" ? genericCsv(rows, contents) : genericJson(rows)),
};

/** A CSV has the columns that any row says something about. */
function* genericCsv(rows: Iterable<TraceRow>, contents: Contents): Generator<string, void, undefined> {
  const names = NAME_FIELDS.filter((name) => contents[name] > 0);
  const cached = contents.cached > 0 ? [CACHED_FIELD] : [];
  yield `${[...REQUIRED_FIELDS, ...names, ...cached].join(",")}\n`;
  for (const row of rows) {
    let line = `${exactSeconds(row.at)},${row.inputTokens},${row.outputTokens}`;
    for (const name of names) line += `,${quoted(name === "session" ? sessionName(row) : row[name])}`;
    if (contents.cached > 0) line += `,${row.cachedTokens ?? 0}`;
    yield `${line}\n`;
  }
}

function* genericJson(rows: Iterable<TraceRow>): Generator<string, void, undefined> {
  for (const row of rows) {
    // Six digits are exact in a double for a thousand years of microseconds.
    let line = `{"timestamp":${exactSeconds(row.at)},"input_tokens":${row.inputTokens}`;
    line += `,"output_tokens":${row.outputTokens}`;
    for (const name of NAME_FIELDS) {
      const value = name === "session" ? sessionName(row) : row[name];
      if (value !== "") line += `,"${name}":${JSON.stringify(value)}`;
    }
    if (row.cachedTokens !== undefined) line += `,"cached_tokens":${row.cachedTokens}`;
    yield `${line}}\n`;
  }
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
