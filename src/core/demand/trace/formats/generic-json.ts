// The JSONL form of the generic format: one flat object a line. It does not know the CSV form.

import { readDate, takeSeconds, timestampProblem } from "../../../text/timestamp.js";
import type { ReadContext, RowDraft } from "../format.js";
import { UNSAID } from "../format.js";
import {
  CACHED_FIELD,
  cachedProblem,
  fieldHint,
  isField,
  NAME_FIELDS,
  REQUIRED_FIELDS,
} from "./generic-fields.js";
import { JsonRows } from "./json-rows.js";

export class GenericJsonRows extends JsonRows {
  readonly #leastOutput: 0 | 1;

  constructor(context: ReadContext) {
    super(context, REQUIRED_FIELDS[0]);
    this.#leastOutput = context.zeroOutput === "error" ? 1 : 0;
  }

  protected fill(draft: RowDraft): boolean {
    const { line } = this;
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

  #timestamp(value: unknown, draft: RowDraft): void {
    const { line } = this;
    if (typeof value === "number" && takeSeconds(value, draft)) return;
    if (typeof value === "string" && readDate(value, value.length, draft)) return;
    if (value === undefined) line.reject(this.timeField, "is missing");
    else if (typeof value === "number") line.reject(this.timeField, timestampProblem(String(value), true));
    else if (typeof value === "string") line.reject(this.timeField, timestampProblem(value, false));
    else line.reject(this.timeField, "must be a number of seconds or a date in quotes");
  }
}
