// What the commands have in common that write a trace: by which name, in which format, and what it cannot say.
import { extname } from "node:path";
import { Option } from "@commander-js/extra-typings";
import {
  type Contents,
  choices,
  format,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from "../../../core/internal.js";
import type { Terminal } from "../../terminal.js";
import { usage } from "./input.js";

type TraceForm = WrittenFormat["writer"]["forms"][number];

const NAMES = WRITTEN_FORMATS.map(({ name }) => name);

/** The formats that can be written, in words. */
export const WRITTEN: string = choices(NAMES);

export const to = () => new Option("--to <format>", "format to write").choices(NAMES);

/** The format of a name that --to has accepted. */
export function writtenFormat(name: string): WrittenFormat {
  return WRITTEN_FORMATS.find((one) => one.name === name)!;
}

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

/** What would be wrong, rather than only poorer, once written. Messages name the file that the rows are from. */
export function checkWritable(
  from: string,
  contents: Contents,
  { name, writer }: WrittenFormat,
  form: TraceForm,
): void {
  const problem = writer.problem?.(contents, form);
  if (problem !== undefined) throw usage(`${from}: ${problem}`);
  if (writer.hasEmptyOutputs || contents.noOutput === 0) return;
  const many = format.count(contents.noOutput);
  const others = WRITTEN_FORMATS.filter((one) => one.writer.hasEmptyOutputs).map((one) => one.name);
  throw usage(
    `${from}: ${many} requests generated nothing, which ${name} has no place for: ` +
      `write ${choices(others)}, or leave them out`,
  );
}

export function tellLosses(contents: Contents, { name, writer }: WrittenFormat, { errors }: Terminal): void {
  for (const loss of writer.losses(contents)) errors.write(`lost in ${name}: ${loss}\n`);
}
