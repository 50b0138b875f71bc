// Reads the stages of a load test from whatever file has their summaries. Which one it is, its beginning says.
import { csvValues } from "../../text/csv.js";
import { firstLine } from "../../text/first-line.js";
import type { TextSource } from "./recording-file.js";
import type { Stage } from "./stage.js";
import { isStageTable, readStageTable } from "./stage-table.js";

/** Throws INVALID_TRACE with file, line, column and field of each problem. */
export function readStages({ file, chunks }: TextSource): Stage[] {
  const columns = (csvValues(firstLine(chunks())) ?? []).map((column) => column.trim());
  if (isStageTable(columns)) return readStageTable(chunks(), file);
  return readStageTable(chunks(), file);
}
