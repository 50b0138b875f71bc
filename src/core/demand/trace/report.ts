// What reading a trace did to it: how many rows came out, and what was dropped, moved or noted on the way. It
// counts and judges nothing; it does not know the formats.
import type { ClockKind } from "../../text/timestamp.js";

/** Filled while the trace is read; complete once the reading has ended. */
export interface TraceReport {
  /** Name of the format, "" while it is not known. */
  format: string;
  /** Requests that the file tells of. */
  rowsRead: number;
  rowsYielded: number;
  /** Rows left out, by reason. */
  readonly dropped: Map<string, number>;
  /** Rows with an earlier time than the row just before them in the file: places where the file runs back. */
  inversions: number;
  /** Rows that come out behind one that stands later in the file. */
  rowsMoved: number;
  /** What was changed, ignored or is worth knowing, by what it is, with how often it was met. */
  readonly notes: Map<string, number>;
  /** What a user should know before using the rows: assumptions of this reading. */
  readonly warnings: string[];
  /** The first row's time on the trace's own clock, in microseconds, since 1970 for dates. */
  firstMicros: number;
  clock: ClockKind;
}

/** An empty report, for `readTrace` to fill while its rows are read. */
export function newTraceReport(): TraceReport {
  return {
    format: "",
    rowsRead: 0,
    rowsYielded: 0,
    dropped: new Map(),
    inversions: 0,
    rowsMoved: 0,
    notes: new Map(),
    warnings: [],
    firstMicros: 0,
    clock: "seconds",
  };
}

/** Adds to one of the counts of a report. */
export function tally(counts: Map<string, number>, what: string, times = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + times);
}
