// `surgefleet trace inspect`: reads a trace once and prints its statistics, with small plots.
import { newTraceReport, type TraceReport } from "../../../../core/index.js";
import { findingsOf, TraceProfile } from "../../../../core/internal.js";
import { ExitCode } from "../../../exit-code.js";
import { printDocument } from "../../../print.js";
import { pageFor, type Terminal } from "../../../terminal.js";
import { readRows, type TraceInputFlags, usage } from "../input.js";
import { inspectText } from "./text.js";

export interface InspectFlags extends TraceInputFlags {
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function inspectCommand(path: string, flags: InspectFlags, terminal: Terminal): ExitCode {
  const report = newTraceReport();
  const profile = new TraceProfile();
  for (const row of readRows(path, flags, report)) profile.add(row);
  const statistics = profile.close();
  if (statistics.rows === 0) throw usage(`${path}: no rows are left of the trace`);
  printDocument(flags, terminal, {
    document: () => ({ file: path, report: reportJson(report), ...statistics }),
    report: () =>
      inspectText(path, statistics, profile, report, {
        ...pageFor(flags, terminal),
        width: Math.min(terminal.output.columns ?? 100, 120),
      }),
  });
  return ExitCode.ok;
}

function reportJson(report: TraceReport): object {
  const { findings: _, inversionLine: __, assumedUnit: ___, hasOwnRate: ____, ...rest } = report;
  return { ...rest, findings: findingsOf(report) };
}
