// Reads a trace of any known format row by row, in bounded memory, and is strict: nothing is dropped, sorted
// or repaired in silence. It does not know where the text comes from or what the rows are for.
import { SurgefleetError } from "../../base/errors.js";
import { Complaints } from "../../text/complaints.js";
import { dequantized } from "./dequantize.js";
import { recordsOf } from "./formats/records.js";
import { LookAhead } from "./look-ahead.js";
import type { ReadTraceOptions } from "./options.js";
import { newTraceReport, type TraceReport } from "./report.js";
import type { TraceRow } from "./row.js";
import { TraceParser } from "./trace-parser.js";

export type { ReadTraceOptions } from "./options.js";

/**
 * Yields the rows of a trace in the order of time, the first at time 0, and fills the report.
 *
 * Throws INVALID_TRACE with file, line, column and field of each problem. After the first bad row it yields
 * no more rows, but looks for further problems up to the limit. So a caller that must not act on half a trace
 * has to read it to its end first.
 */
export function readTrace(
  chunks: Iterable<string>,
  options: ReadTraceOptions,
  report: TraceReport = newTraceReport(),
): Generator<TraceRow, void, undefined> {
  const rows = rowsInOrder(chunks, options, report);
  return options.dequantize === undefined
    ? rows
    : dequantized(rows, options.dequantize, options.file, report);
}

function* rowsInOrder(
  chunks: Iterable<string>,
  options: ReadTraceOptions,
  report: TraceReport,
): Generator<TraceRow, void, undefined> {
  const complaints = new Complaints(options.file, options.errorLimit ?? 20);
  const records = new LookAhead(recordsOf(chunks, options.file));
  const parser = new TraceParser(options, complaints, report, () => records.peek());
  try {
    for (const record of records) {
      parser.read(record);
      if (parser.hopeless || complaints.overflowed) break;
      for (let row = parser.next(); row !== undefined; row = parser.next()) yield row;
    }
  } catch (error) {
    if (!(error instanceof SurgefleetError) || error.code !== "INVALID_TRACE") throw error;
    complaints.adopt(error);
  }
  parser.end();
  for (let row = parser.next(); row !== undefined; row = parser.next()) yield row;
  if (!complaints.none) throw complaints.error();
}
