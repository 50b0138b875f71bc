// `surgefleet trace fit`: reads a trace, fits traffic to it, prints how near it comes, and writes it as a scenario.
import { newTraceReport } from "../../../../core/index.js";
import { fitTraffic, formatNamed, TraceProfile } from "../../../../core/internal.js";
import { ExitCode } from "../../../exit-code.js";
import { assertWritable } from "../../../files/output-path.js";
import { writeWhole } from "../../../files/write-whole.js";
import { printDocument } from "../../../print.js";
import type { Terminal } from "../../../terminal.js";
import { readRows, type TraceInputFlags, tellFindings, usage } from "../input.js";
import { fitText, scenarioText } from "./text.js";

export interface FitFlags extends TraceInputFlags {
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

export function fitCommand(path: string, flags: FitFlags, terminal: Terminal): ExitCode {
  if (flags.out !== undefined) assertWritable([{ flag: "--out", path: flags.out }], [path]);
  const report = newTraceReport();
  const profile = new TraceProfile();
  for (const row of readRows(path, flags, report)) profile.add(row);
  const statistics = profile.close();
  if (statistics.rows === 0) throw usage(`${path}: no rows are left of the trace`);
  const fit = fitTraffic(profile, statistics, formatNamed(report.format)?.ownClocks);
  if (flags.out !== undefined) {
    const text = scenarioText(path, flags.out, fit.traffic, statistics.span);
    writeWhole([{ flag: "--out", path: flags.out, text }], [path]);
    terminal.errors.write(`wrote ${flags.out}: its fleet is a placeholder, its traffic is the trace's\n`);
  }
  tellFindings(report, terminal);
  printDocument(flags, terminal, { document: () => fit, report: () => fitText(path, fit) });
  return ExitCode.ok;
}
