// `surgefleet trace convert`: reads a trace of any format and writes it in one that other tools read.
import { newTraceReport } from "../../../../core/index.js";
import { Contents, format } from "../../../../core/internal.js";
import { ExitCode } from "../../../exit-code.js";
import { assertWritable } from "../../../files/output-path.js";
import { writeLines } from "../../../files/write-lines.js";
import type { Terminal } from "../../../terminal.js";
import { readRows, type TraceInputFlags, tellFindings, usage } from "../input.js";
import { checkWritable, formOf, tellLosses, writtenFormat } from "../written.js";

/** Here --to means the format. */
export interface ConvertFlags extends Omit<TraceInputFlags, "to"> {
  readonly to: string;
  readonly until?: TraceInputFlags["to"];
}

export async function convertCommand(
  input: string,
  output: string,
  flags: ConvertFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { to, until, ...rest } = flags;
  const target = writtenFormat(to);
  const wanted: TraceInputFlags = { ...rest, to: until };
  const form = formOf(output, target);
  assertWritable([{ path: output }], [input]);
  // Read twice: what the rows say decides how they are written.
  const contents = new Contents();
  const report = newTraceReport();
  for (const row of readRows(input, wanted, report)) contents.add(row);
  if (contents.rows === 0) throw usage(`${input}: no rows are left of the trace`);
  checkWritable(input, contents, target, form);
  await writeLines(output, target.writer.lines(readRows(input, wanted), contents, form), [input]);
  tellFindings(report, terminal);
  tellLosses(contents, target, terminal);
  terminal.output.write(`wrote ${output}: ${format.count(contents.rows)} requests, ${target.name}\n`);
  return ExitCode.ok;
}
