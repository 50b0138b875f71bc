// What the commands have in common that write a trace: by which name, in which format, and what it cannot say.
import { extname } from "node:path";
import { Option } from "@commander-js/extra-typings";
import {
  type Contents,
  format,
  losses,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from "../../../core/internal.js";
import type { Terminal } from "../../terminal.js";
import { usage } from "./input.js";

export const to = () => new Option("--to <format>", "format to write").choices(WRITTEN_FORMATS);

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
