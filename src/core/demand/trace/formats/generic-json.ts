// The JSONL form of the generic format: one flat object a line. It does not know the CSV form.

import type { ReadContext, RowDraft } from "../format.js";
import { UNSAID } from "../format.js";
import {
  CACHED_FIELD,
  cachedProblem,
  isField,
  meantField,
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
      const meant = isField(key) ? undefined : meantField(key, line.keys);
      if (meant !== undefined) line.reject(key, "is an unknown key", meant);
    }
    line.time(this.timeField, draft, { unit: "s", dated: true });
    draft.inputTokens = line.count(REQUIRED_FIELDS[1], 1);
    draft.outputTokens = line.outputCount(REQUIRED_FIELDS[2], this.#leastOutput);
    draft.cachedTokens = line.has(CACHED_FIELD) ? line.count(CACHED_FIELD, 0) : UNSAID;
    if (draft.inputTokens >= 1 && draft.cachedTokens > draft.inputTokens) {
      line.reject(CACHED_FIELD, cachedProblem(draft.cachedTokens, draft.inputTokens));
    }
    for (const field of NAME_FIELDS) draft[field] = field === "tier" ? line.name(field) : line.id(field);
    return line.good;
  }
}
