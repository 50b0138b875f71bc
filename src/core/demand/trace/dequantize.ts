// Spreads the rows of one instant over the time that a coarse clock rounded away. It does not know formats.
import { SurgefleetError } from "../../base/errors.js";
import { after, type Duration, type Instant } from "../../base/units.js";
import { found, type TraceReport } from "./report.js";
import type { TraceRow } from "./row.js";

/** Rows of one instant that are held at most: a clock that coarse has lost what it recorded. */
const MOST_TIES = 65_536;

/**
 * Spreads rows of equal time evenly over `quantum`, or over the time to the next row where that is shorter, so that
 * the order stays. Throws INVALID_TRACE for more than MOST_TIES rows of one time.
 */
export function* dequantized(
  rows: Iterable<TraceRow>,
  quantum: Duration,
  file: string,
  report: TraceReport,
): Generator<TraceRow, void, undefined> {
  const ties: TraceRow[] = [];
  for (const row of rows) {
    if (ties.length > 0 && row.at > ties[0]!.at) {
      yield* spread(ties, Math.min(quantum, row.at - ties[0]!.at), report);
      ties.length = 0;
    }
    ties.push(row);
    if (ties.length > MOST_TIES) throw tooMany(file);
  }
  yield* spread(ties, quantum, report);
}

function* spread(ties: readonly TraceRow[], over: number, report: TraceReport) {
  if (ties.length > 1) {
    found(report, "repaired", "rows of equal time spread over the clock's step", { times: ties.length });
  }
  for (const [index, row] of ties.entries()) {
    const shift = Math.floor((over * index) / ties.length) as Duration;
    if (shift === 0) yield row;
    else {
      const times = { endedAt: shifted(row.endedAt, shift), firstTokenAt: shifted(row.firstTokenAt, shift) };
      yield { ...row, ...times, at: after(row.at, shift) };
    }
  }
}

function shifted(at: Instant | undefined, shift: Duration): Instant | undefined {
  return at === undefined ? undefined : after(at, shift);
}

function tooMany(file: string): SurgefleetError {
  const message = `more than ${MOST_TIES} rows have one timestamp; they cannot be spread`;
  const issue = { file, line: 0, column: 0, path: "", message };
  return new SurgefleetError("INVALID_TRACE", `${file} cannot be spread in time`, [issue]);
}
