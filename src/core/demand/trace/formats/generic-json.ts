// The JSONL form of the generic format: one flat object a line. It does not know the CSV form.

import { readDate, takeSeconds, timestampProblem } from "../../../text/timestamp.js";
import type { ReadContext, RecordReader, RowDraft } from "../format.js";
import { UNSAID } from "../format.js";
import {
  CACHED_FIELD,
  cachedProblem,
  fieldHint,
  isField,
  NAME_FIELDS,
  REQUIRED_FIELDS,
} from "./generic-fields.js";
import { JsonLine, keyColumn } from "./json-line.js";

export class GenericJsonRows implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = REQUIRED_FIELDS[0];
  readonly #line: JsonLine;
  readonly #leastOutput: 0 | 1;

  constructor({ complain, zeroOutput }: ReadContext) {
    this.#line = new JsonLine(complain);
    this.#leastOutput = zeroOutput === "error" ? 1 : 0;
  }

  read(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    for (const key of line.keys) {
      if (!isField(key)) line.reject(key, "is an unknown key", fieldHint(key));
    }
    this.#timestamp(line.value(this.timeField), draft);
    draft.inputTokens = line.count(REQUIRED_FIELDS[1], 1);
    draft.outputTokens = line.outputCount(REQUIRED_FIELDS[2], this.#leastOutput);
    draft.cachedTokens = line.has(CACHED_FIELD) ? line.count(CACHED_FIELD, 0) : UNSAID;
    if (draft.inputTokens >= 1 && draft.cachedTokens > draft.inputTokens) {
      line.reject(CACHED_FIELD, cachedProblem(draft.cachedTokens, draft.inputTokens));
    }
    for (const field of NAME_FIELDS) draft[field] = line.name(field);
    return line.good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, this.timeField);
  }

  #timestamp(value: unknown, draft: RowDraft): void {
    const line = this.#line;
    if (typeof value === "number" && takeSeconds(value, draft)) return;
    if (typeof value === "string" && readDate(value, value.length, draft)) return;
    if (value === undefined) line.reject(this.timeField, "is missing");
    else if (typeof value === "number") line.reject(this.timeField, timestampProblem(String(value), true));
    else if (typeof value === "string") line.reject(this.timeField, timestampProblem(value, false));
    else line.reject(this.timeField, "must be a number of seconds or a date in quotes");
  }
}
