// `surgefleet trace convert`: reads a trace of any format and writes it in one that other tools read.
import { extname } from "node:path";
import {
  Contents,
  choices,
  format,
  newTraceReport,
  WRITTEN_FORMATS,
  type WrittenFormat,
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

export function convertCommand(
  input: string,
  output: string,
  flags: ConvertFlags,
  terminal: Terminal,
): ExitCode {
  const { to, until, ...rest } = flags;
  const target = writtenFormat(to);
  const wanted: TraceInputFlags = { ...rest, ...(until === undefined ? {} : { to: until }) };
  const form = formOf(output, target);
  // Read twice: what the rows say decides how they are written.
  const contents = new Contents();
  const report = newTraceReport();
  for (const row of readRows(input, wanted, report)) contents.add(row);
  if (contents.rows === 0) throw usage(`${input}: no rows are left of the trace`);
  checkWritable(contents, target, form);
  writeLines(output, target.writer.lines(readRows(input, wanted), contents, form), [input]);
  const { errors } = terminal;
  for (const [why, count] of report.dropped) errors.write(`dropped ${format.count(count)} rows: ${why}\n`);
  for (const warning of report.warnings) errors.write(`warning: ${warning}\n`);
  tellLosses(contents, target, terminal);
  terminal.output.write(`wrote ${output}: ${format.count(contents.rows)} requests, ${target.name}\n`);
  return ExitCode.ok;
}

export function writtenFormat(name: string): WrittenFormat {
  const known = WRITTEN_FORMATS.find((one) => one.name === name);
  if (known !== undefined) return known;
  throw usage(`--to ${name}: write one of ${WRITTEN_FORMATS.map((one) => one.name).join(", ")}`);
}

type TraceForm = WrittenFormat["writer"]["forms"][number];

const FORM_OF_ENDING: Readonly<Record<string, TraceForm>> = {
  ".csv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".json": "jsonl",
};

/** The form that a file of this name is written in. Throws USAGE where name and format do not go together. */
export function formOf(path: string, { name, writer }: WrittenFormat): TraceForm {
  const form = FORM_OF_ENDING[extname(path).toLowerCase()];
  if (form !== undefined && writer.forms.includes(form)) return form;
  const wanted = writer.forms.map((one) => `.${one}`).join(" or ");
  throw usage(`${path}: the name of a file in the format ${name} ends in ${wanted}`);
}

/** What would be wrong, rather than only poorer, once written. */
export function checkWritable(contents: Contents, { name, writer }: WrittenFormat, form: TraceForm): void {
  const problem = writer.problem?.(contents, form);
  if (problem !== undefined) throw usage(problem);
  if (writer.hasEmptyOutputs || contents.noOutput === 0) return;
  const many = format.count(contents.noOutput);
  const others = WRITTEN_FORMATS.filter((one) => one.writer.hasEmptyOutputs).map((one) => one.name);
  throw usage(
    `${many} requests generated nothing, which ${name} has no place for: ` +
      `write ${choices(others)}, or leave them out`,
  );
}

export function tellLosses(contents: Contents, { name, writer }: WrittenFormat, { errors }: Terminal): void {
  for (const loss of writer.losses(contents)) errors.write(`lost in ${name}: ${loss}\n`);
}
