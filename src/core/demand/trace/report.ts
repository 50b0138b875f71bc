// What reading a trace did to it: how many rows came out, and what was dropped, sorted, repaired, estimated, ignored or
// assumed on the way. It counts and judges nothing but whether times are plausible; it does not know the formats.
import { FINDING_KINDS, type Finding, type FindingKind } from "../../base/finding.js";
import type { ClockKind } from "../../text/timestamp.js";
import { implausibleTimes, type TimeUnit, unitWord } from "./time-unit.js";

/** As it is counted. */
interface Counted extends Omit<Finding, "count"> {
  /** "rows": one of each row. */
  count: number | null | "rows";
}

/** Filled while the trace is read; complete once the reading has ended. */
export interface TraceReport {
  /** Name of the format, "" while it is not known. */
  format: string;
  /** Requests that the file tells of. */
  rowsRead: number;
  rowsYielded: number;
  /** Rows with an earlier time than the row just before them in the file: places where the file runs back. */
  inversions: number;
  /** Line of the first of them. */
  inversionLine: number | null;
  /** Rows that come out behind one that stands later in the file. */
  rowsMoved: number;
  /** What was done, by kind and what it was done to. `findingsOf` adds what follows from the counts. */
  readonly findings: Record<FindingKind, Map<string, Counted>>;
  /** The first row's time on the trace's own clock, in microseconds, since 1970 for dates, and the last row's. */
  firstMicros: number;
  lastMicros: number;
  clock: ClockKind;
  /** What numbers were taken for, where the file does not say it and nobody else did. */
  assumedUnit: TimeUnit | null;
  /** Whether the rate is the file's, rather than the reader's choice of session starts. */
  hasOwnRate: boolean;
}

/** An empty report, for `readTrace` to fill while its rows are read. */
export function newTraceReport(): TraceReport {
  const empty = () => new Map<string, Counted>();
  return {
    format: "",
    rowsRead: 0,
    rowsYielded: 0,
    inversions: 0,
    inversionLine: null,
    rowsMoved: 0,
    findings: {
      dropped: empty(),
      sorted: empty(),
      repaired: empty(),
      estimated: empty(),
      ignored: empty(),
      assumed: empty(),
      unserved: empty(),
    },
    firstMicros: 0,
    lastMicros: 0,
    clock: "seconds",
    assumedUnit: null,
    hasOwnRate: true,
  };
}

/** Where it was met, and how often; "rows" for something of every row, null for something of the file. */
export interface Met {
  readonly times?: number | null | "rows";
  readonly line?: number | null;
  readonly why?: string | undefined;
}

/** Counts something that was done. */
export function found(report: TraceReport, kind: FindingKind, what: string, met: Met = {}): void {
  const { times = 1, line = null, why } = met;
  const known = report.findings[kind].get(what);
  if (known === undefined) {
    report.findings[kind].set(what, { kind, what, ...(why !== undefined && { why }), count: times, line });
  } else if (typeof known.count === "number" && typeof times === "number") {
    known.count += times;
  }
}

/** Everything that reading has done so far, in the order of kinds. */
export function findingsOf(report: TraceReport): Finding[] {
  return FINDING_KINDS.flatMap((kind) => [
    ...(kind === "sorted" ? sorted(report) : []),
    ...[...report.findings[kind].values()].map((one) => ({
      ...one,
      count: one.count === "rows" ? report.rowsRead : one.count,
    })),
    ...(kind === "assumed" ? timesAssumed(report) : []),
  ]);
}

function sorted({ inversions, inversionLine, rowsMoved }: TraceReport): Finding[] {
  if (inversions === 0) return [];
  const places = inversions === 1 ? "1 place" : `${inversions} places`;
  const what = `rows moved to where their time belongs, which goes back in ${places}`;
  return [{ kind: "sorted", what, count: rowsMoved, line: inversionLine }];
}

function timesAssumed(report: TraceReport): Finding[] {
  const { assumedUnit, hasOwnRate, rowsYielded, firstMicros, lastMicros } = report;
  if (assumedUnit === null) return [];
  const whole = { kind: "assumed", count: null, line: null } as const;
  const taken = `times are numbers without a unit, taken for ${unitWord(assumedUnit)} (unit: ${assumedUnit})`;
  const doubt = hasOwnRate ? implausibleTimes(rowsYielded, lastMicros - firstMicros) : undefined;
  return [
    { ...whole, what: taken },
    ...(doubt === undefined
      ? []
      : [{ ...whole, what: `${doubt}: name the unit of the times (unit: s, ms, us or ns)` }]),
  ];
}
