// Reads a recorded run from whatever file has one: the columns of docs/validation.md, the program's own
// requests.csv, or any trace whose rows tell when the first token and the end came. Which one it is, its first line
// says. It does not know what will be compared.
import { SurgefleetError } from "../../base/errors.js";
import { csvValues } from "../../text/csv.js";
import { firstLine } from "../../text/first-line.js";
import { readAttempts } from "./recorded-attempts.js";
import { readRecordedRun } from "./recorded-run.js";
import { type RecordedTraceOptions, readRecordedTrace } from "./recorded-trace.js";
import type { Recording } from "./run-request.js";

/** A file: its name in messages, and its text, which may be asked for more than once. */
export interface TextSource {
  readonly file: string;
  readonly chunks: () => Iterable<string>;
}

/** Throws INVALID_TRACE with file, line, column and field of each problem. */
export function readRecording({ file, chunks }: TextSource, options: RecordedTraceOptions = {}): Recording {
  const columns = (csvValues(firstLine(chunks())) ?? []).map((column) => column.trim());
  const has = (...names: readonly string[]) => names.every((name) => columns.includes(name));
  if (isStepLog(columns)) throw notRequests(file);
  if (has("arrived_s", "outcome")) return readAttempts(chunks(), file);
  // Of columns of its own any is enough, so that the message about another that is missing names it.
  if (columns.some((column) => OWN_COLUMNS.has(column))) return readRecordedRun(chunks(), file);
  return readRecordedTrace(chunks(), file, options);
}

const OWN_COLUMNS: ReadonlySet<string> = new Set(["arrival_s", "finish_s", "scheduled_s", "max_itl_ms"]);

/** Columns that steps have and requests have not. */
const STEP_COLUMNS: readonly string[] = ["n_decode", "num_generation_requests", "step_ms_p50"];

function isStepLog(columns: readonly string[]): boolean {
  return (
    STEP_COLUMNS.some((column) => columns.includes(column)) || /\bIteration\(\d+\):/.test(columns[0] ?? "")
  );
}

function notRequests(file: string): SurgefleetError {
  const message = "this is a log of steps, not of requests";
  const issue = { file, line: 1, column: 1, path: "", message, hint: "give it as --steps" };
  return new SurgefleetError("INVALID_TRACE", `${file} is not a recorded run`, [issue]);
}
