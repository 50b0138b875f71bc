// `surgefleet trace convert`: reads a trace of any format and writes it in one that other tools read.
import { extname } from "node:path";
import {
  Contents,
  format,
  losses,
  newTraceReport,
  WRITTEN_FORMATS,
  type WrittenFormat,
  writtenTrace,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { writeLines } from "../files/write-lines.js";
import type { Terminal } from "../terminal.js";
import { readRows, type TraceInputFlags, usage } from "./trace-input.js";

export interface ConvertFlags extends TraceInputFlags {
  readonly to: string;
  readonly from?: string;
  readonly until?: string;
}

export async function convertCommand(
  input: string,
  output: string,
  flags: ConvertFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { to, until, ...rest } = flags;
  const target = writtenFormat(to);
  const wanted: TraceInputFlags = { ...rest, ...(until === undefined ? {} : { to: until }) };
  const asJson = isJson(output, target);
  // Read twice: what the rows say decides how they are written.
  const contents = new Contents();
  const report = newTraceReport();
  for (const row of readRows(input, wanted, report)) contents.add(row);
  if (contents.rows === 0) throw usage(`${input}: no rows are left of the trace`);
  checkWritable(contents, target, asJson);
  await writeLines(output, writtenTrace(readRows(input, wanted), target, contents, asJson), [input]);
  const { errors } = terminal;
  for (const [why, count] of report.dropped) errors.write(`dropped ${format.count(count)} rows: ${why}\n`);
  for (const warning of report.warnings) errors.write(`warning: ${warning}\n`);
  tellLosses(contents, target, terminal);
  terminal.output.write(`wrote ${output}: ${format.count(contents.rows)} requests, ${target}\n`);
  return ExitCode.ok;
}

export function writtenFormat(name: string): WrittenFormat {
  const known = WRITTEN_FORMATS.find((one) => one === name);
  if (known !== undefined) return known;
  throw usage(`--to ${name}: write one of ${WRITTEN_FORMATS.join(", ")}`);
}

/** Whether a file of this name holds JSON lines. Throws USAGE where name and format do not go together. */
export function isJson(path: string, target: WrittenFormat): boolean {
  const extension = extname(path).toLowerCase();
  const isCsv = extension === ".csv";
  const isLines = [".jsonl", ".ndjson", ".json"].includes(extension);
  if (target === "generic" && (isCsv || isLines)) return isLines;
  if (target !== "generic" && isLines) return true;
  const wanted = target === "generic" ? ".csv or .jsonl" : ".jsonl";
  throw usage(`${path}: the name of a file in the format ${target} ends in ${wanted}`);
}

/** What would be wrong, rather than only poorer, once written. */
export function checkWritable(
  { cached, rows, noOutput }: Contents,
  target: WrittenFormat,
  asJson: boolean,
): void {
  if (target === "generic" && !asJson && cached > 0 && cached < rows) {
    throw usage(
      "some rows say how much was cached and others do not, which CSV cannot tell: write to a .jsonl file",
    );
  }
  if (target !== "weka" && noOutput > 0) {
    const many = format.count(noOutput);
    throw usage(
      `${many} requests generated nothing, which ${target} has no place for: write weka, or leave them out`,
    );
  }
}

export function tellLosses(contents: Contents, target: WrittenFormat, { errors }: Terminal): void {
  for (const loss of losses(contents, target)) errors.write(`lost in ${target}: ${loss}\n`);
}
