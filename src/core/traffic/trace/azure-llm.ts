// The traces of Azure's LLM inference service: CSV, one request a line, open loop, without accounts or
// sessions. The 2023 files have dates without offset and 7 fraction digits, the 2024 files 6 digits and an
// offset.

import { readCount } from "./counts.js";
import { CsvLine, csvValues } from "./csv-line.js";
import type { Complain, RowDraft, RowReader, TraceFormat } from "./format.js";
import { readDate } from "./timestamp.js";

const FIELDS = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"] as const;

export const azureLlm = {
  id: "azure-llm",
  firstLine: FIELDS.join(","),
  matches: isHeader,
  open(firstLine: string, complain: Complain): RowReader | undefined {
    if (isHeader(firstLine)) return new AzureRows(complain);
    complain(1, "", `the header must be ${FIELDS.join(",")}`);
    return undefined;
  },
} as const satisfies TraceFormat;

function isHeader(firstLine: string): boolean {
  return csvValues(firstLine)?.join(",") === FIELDS.join(",");
}

class AzureRows implements RowReader {
  readonly firstLineIsRow = false;
  readonly timeField = FIELDS[0];
  readonly #line: CsvLine;

  constructor(complain: Complain) {
    this.#line = new CsvLine(FIELDS, complain);
  }

  /**
   * Reads the usual line without splitting it; whatever is unusual, quotes or mistakes, goes the long way.
   */
  read(text: string, draft: RowDraft): boolean {
    const first = text.indexOf(",");
    const second = text.indexOf(",", first + 1);
    if (first < 0 || second < 0) return this.#readSplit(text, draft);
    const inputTokens = readCount(text, first + 1, second);
    const outputTokens = readCount(text, second + 1, text.length);
    if (inputTokens < 1 || outputTokens < 1 || !readDate(text, first, draft)) {
      return this.#readSplit(text, draft);
    }
    draft.inputTokens = inputTokens;
    draft.outputTokens = outputTokens;
    return true;
  }

  timeColumn(): number {
    return 1;
  }

  #readSplit(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    const dated = line.timestamp(0, draft, false);
    draft.inputTokens = line.count(1, 1);
    draft.outputTokens = line.outputCount(2);
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= 1;
  }
}
