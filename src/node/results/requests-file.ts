// requests.csv: one line per attempt, written in batches while the run goes on, so that memory does not grow
// with its length. docs/results.md explains every column.
import type { AttemptRow } from "../../core/index.js";
import type { TemporaryFile } from "../files/temporary-file.js";
import { type CsvColumn, csvLines, type Field, headerLine } from "./csv.js";
import type { ResultFolder } from "./result-folder.js";

export const REQUESTS_FILE = "requests.csv";
const ROWS_PER_WRITE = 4096;

const column = (name: string, value: (row: AttemptRow) => Field): CsvColumn<AttemptRow> => ({ name, value });

export const REQUESTS_COLUMNS: readonly CsvColumn<AttemptRow>[] = [
  column("request", (row) => row.request),
  column("attempt", (row) => row.attempt),
  column("source", (row) => row.source),
  column("account", (row) => row.account),
  column("tier", (row) => row.tier),
  column("outcome", (row) => row.outcome),
  column("reason", (row) => row.reason),
  column("status", (row) => row.status),
  column("arrived_s", (row) => row.arrived),
  column("started_s", (row) => row.started),
  column("first_token_s", (row) => row.firstToken),
  column("ended_s", (row) => row.ended),
  column("input_tokens", (row) => row.inputTokens),
  column("cached_tokens", (row) => row.cachedTokens),
  column("output_tokens", (row) => row.outputTokens),
  column("retry_in_s", (row) => row.retryIn),
  column("served_tier", (row) => row.servedTier),
  column("served_pool", (row) => row.servedPool),
];

export class RequestsFile {
  readonly #folder: ResultFolder;
  #file: TemporaryFile | undefined;
  #rows: Field[][] = [];

  constructor(folder: ResultFolder) {
    this.#folder = folder;
  }

  /** Takes what it needs from the row, which the engine reuses. */
  add(row: AttemptRow): void {
    this.#rows.push(REQUESTS_COLUMNS.map((one) => one.value(row)));
    if (this.#rows.length >= ROWS_PER_WRITE) this.#write();
  }

  /** Writes what is left. A run without a single attempt still leaves a header. */
  finish(): void {
    this.#write();
  }

  #write(): void {
    if (this.#file === undefined) {
      this.#file = this.#folder.open(REQUESTS_FILE);
      this.#file.write(headerLine(REQUESTS_COLUMNS));
    }
    if (this.#rows.length > 0) this.#file.write(csvLines(this.#rows));
    this.#rows = [];
  }
}
