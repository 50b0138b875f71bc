// Reads the requests that an engine served, one a row in any order: CSV with a header, columns by name. Strict:
// whatever cannot be is told with its place. It does not know what will be compared.
import { type NumberRow, type NumberTable, readNumberTable } from "../../text/number-table.js";
import type { Recording, RunRequest } from "./run-request.js";

const COLUMNS = {
  arrival_s: {},
  prompt_tokens: { whole: true, from: 1 },
  output_tokens: { whole: true, from: 1 },
  first_token_s: {},
  finish_s: {},
  scheduled_s: { optional: true },
  max_itl_ms: { optional: true },
  cached_tokens: { optional: true, whole: true },
} as const;
type Column = keyof typeof COLUMNS;

const MILLIS = 1000;

/**
 * Reads a recorded run and returns its requests by arrival; those of one instant stay in the order of the file.
 * Throws INVALID_TRACE with file, line, column and field of each problem, up to 20.
 */
export function readRecordedRun(chunks: Iterable<string>, file: string): Recording {
  const table = readNumberTable(chunks, { file, columns: COLUMNS, check: disorder });
  const requests = Array.from({ length: table.rows }, (_, row) => requestOf(table, row));
  return { served: requests.sort((a, b) => a.arrival - b.arrival), lost: [], notes: [] };
}

/** Times that are not in the order in which such things happen, and parts that are more than the whole. */
function disorder(row: NumberRow<Column>): [Column, string][] {
  const {
    arrival_s: arrival = 0,
    scheduled_s: scheduled = arrival,
    first_token_s: first = 0,
    finish_s: finish = 0,
    prompt_tokens: prompt = 0,
    cached_tokens: cached = 0,
  } = row;
  const problems: [Column, string][] = [];
  if (scheduled < arrival) problems.push(["scheduled_s", `${scheduled} is before the arrival at ${arrival}`]);
  if (first <= scheduled)
    problems.push(["first_token_s", `${first} is not after ${scheduled}, when it was scheduled`]);
  if (finish < first) problems.push(["finish_s", `${finish} is before the first token at ${first}`]);
  if (cached > prompt) problems.push(["cached_tokens", `${cached} are more than the prompt of ${prompt}`]);
  return problems;
}

function requestOf({ columns }: NumberTable<Column>, row: number): RunRequest {
  const value = (name: Column) => columns[name]?.[row];
  const arrival = value("arrival_s")!;
  const gap = value("max_itl_ms");
  const outputTokens = value("output_tokens")!;
  return {
    arrival,
    promptTokens: value("prompt_tokens")!,
    cachedTokens: value("cached_tokens"),
    outputTokens,
    scheduled: value("scheduled_s") ?? arrival,
    firstToken: value("first_token_s")!,
    finish: value("finish_s")!,
    longestGap: gap === undefined || outputTokens === 1 ? undefined : gap / MILLIS,
  };
}
