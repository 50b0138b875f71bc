// `surgefleet trace inspect`: reads a trace once and prints its statistics, with small plots.
import { newTraceReport, TraceProfile, type TraceReport } from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { pageFor, type Terminal } from "../terminal.js";
import { readRows, type TraceInputFlags, usage } from "./trace-input.js";
import { inspectText } from "./trace-inspect-text.js";

export interface InspectFlags extends TraceInputFlags {
  readonly json?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

export function inspectCommand(path: string, flags: InspectFlags, terminal: Terminal): ExitCode {
  const report = newTraceReport();
  const profile = new TraceProfile();
  for (const row of readRows(path, flags, report)) profile.add(row);
  const statistics = profile.close();
  if (statistics.rows === 0) throw usage(`${path}: no rows are left of the trace`);
  const { output } = terminal;
  if (flags.json === true) {
    const json = { file: path, report: reportJson(report), ...statistics };
    output.write(`${JSON.stringify(json, null, 2)}\n`);
    return ExitCode.ok;
  }
  const text = inspectText(path, statistics, profile, report, {
    ...pageFor(flags, terminal),
    width: Math.min(output.columns ?? 100, 120),
  });
  output.write(text);
  return ExitCode.ok;
}

function reportJson(report: TraceReport): object {
  const { dropped, notes, ...rest } = report;
  return { ...rest, dropped: Object.fromEntries(dropped), notes: Object.fromEntries(notes) };
}
