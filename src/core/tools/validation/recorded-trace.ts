// Makes a recorded run of a trace in any format whose rows tell when the first token and the end came: benchmark files,
// spans, gateways' logs. It knows rows, not formats.
import { SurgefleetError } from "../../base/errors.js";
import { toSeconds } from "../../base/units.js";
import type { ReadTraceOptions } from "../../demand/trace/options.js";
import { readTrace } from "../../demand/trace/read-trace.js";
import { findingsOf, newTraceReport, type TraceReport } from "../../demand/trace/report.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { findingText } from "../../results/shape/reading.js";
import type { LostRequest, Recording, RunRequest } from "./run-request.js";

/** How the file is to be read. */
export type RecordedTraceOptions = Pick<ReadTraceOptions, "format">;

const HINT =
  "a recorded run needs rows with arrival, first token and end: the detailed results of a load generator, " +
  "requests.csv, or the columns of docs/validation.md; without times of single requests give --stages";
const MOST_ISSUES = 20;

/** Throws INVALID_TRACE with each problem of the file, and where its rows tell no times. */
export function readRecordedTrace(
  chunks: Iterable<string>,
  file: string,
  options: RecordedTraceOptions = {},
): Recording {
  const report = newTraceReport();
  const served: RunRequest[] = [];
  const lost: LostRequest[] = [];
  const problems: string[] = [];
  let silent = 0;
  let number = 0;
  for (const row of readTrace(chunks, { ...options, file, zeroOutput: "keep", blocks: false }, report)) {
    number++;
    if (row.outcome === "failed" || row.outcome === "timed_out") lost.push(lostOf(row, row.outcome));
    else if (row.firstTokenAt === undefined || row.endedAt === undefined || row.outputTokens === 0) {
      silent++;
      lost.push(lostOf(row, "failed"));
    } else {
      const problem = disorder(row, row.firstTokenAt, row.endedAt);
      if (problem === undefined) served.push(servedOf(row, row.firstTokenAt, row.endedAt));
      else problems.push(`request ${number}: ${problem}`);
    }
  }
  if (problems.length > 0) throw unusable(file, problems);
  if (served.length === 0) {
    const told = `read as ${report.format}: no row tells when its first token and its end came`;
    throw unusable(file, [told], HINT);
  }
  return { served, lost, notes: notesOf(report, silent) };
}

function disorder({ at }: TraceRow, firstTokenAt: number, endedAt: number): string | undefined {
  const [arrival, first, end] = [at, firstTokenAt, endedAt].map((time) => time / 1e6);
  if (firstTokenAt <= at) return `the first token at ${first} s is not after the arrival at ${arrival} s`;
  if (endedAt < firstTokenAt) return `the end at ${end} s is before the first token at ${first} s`;
  return undefined;
}

function servedOf(row: TraceRow, firstTokenAt: TraceRow["at"], endedAt: TraceRow["at"]): RunRequest {
  const arrival = toSeconds(row.at);
  return {
    arrival,
    promptTokens: row.inputTokens,
    cachedTokens: row.cachedTokens,
    outputTokens: row.outputTokens,
    scheduled: arrival,
    firstToken: toSeconds(firstTokenAt),
    finish: toSeconds(endedAt),
    longestGap: undefined,
  };
}

/** Its tokens are those that it got, if any: what it had asked for is not told. */
function lostOf(row: TraceRow, outcome: LostRequest["outcome"]): LostRequest {
  return {
    arrival: toSeconds(row.at),
    promptTokens: row.inputTokens,
    cachedTokens: row.cachedTokens,
    outputTokens: undefined,
    outcome,
    scheduled: undefined,
    firstToken: undefined,
    ended: row.endedAt === undefined ? undefined : toSeconds(row.endedAt),
  };
}

function notesOf(report: TraceReport, silent: number): string[] {
  const notes = [
    `read as ${report.format}`,
    ...findingsOf(report).map((one) => `${one.kind}: ${findingText(one)}`),
  ];
  if (silent > 0) {
    notes.push(
      `${silent} requests tell neither how they ended nor when: part of the load, and counted as lost`,
    );
  }
  return notes;
}

function unusable(file: string, messages: readonly string[], hint?: string): SurgefleetError {
  const more = messages.length > MOST_ISSUES ? `; ${messages.length - MOST_ISSUES} more are not shown` : "";
  const issues = messages.slice(0, MOST_ISSUES).map((message) => {
    const issue = { file, line: 1, column: 1, path: "", message };
    return hint === undefined ? issue : { ...issue, hint };
  });
  return new SurgefleetError("INVALID_TRACE", `${file} is not a recorded run${more}`, issues);
}
