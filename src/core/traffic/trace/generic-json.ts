// The JSONL form of the generic format: one flat object a line. It does not know the CSV form.
import { countProblem, MOST_TOKENS, outputProblem } from "./counts.js";
import { type Complain, type RowDraft, type RowReader, shown, UNSAID } from "./format.js";
import {
  CACHED_FIELD,
  cachedProblem,
  fieldHint,
  isField,
  looksGeneric,
  NAME_FIELDS,
  REQUIRED_FIELDS,
} from "./generic-fields.js";
import { readDate, takeSeconds, timestampProblem } from "./timestamp.js";

type JsonObject = Readonly<Record<string, unknown>>;

export function isGenericObject(line: string): boolean {
  const row = parseObject(line);
  return row !== undefined && looksGeneric(Object.keys(row));
}

export class GenericJsonRows implements RowReader {
  readonly firstLineIsRow = true;
  readonly timeField = REQUIRED_FIELDS[0];
  readonly #complain: Complain;
  #text = "";
  #good = true;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  read(text: string, draft: RowDraft): boolean {
    this.#text = text;
    this.#good = true;
    const row = parseObject(text);
    if (row === undefined) {
      this.#complain(1, "", `${shown(text)} is not a JSON object`);
      return false;
    }
    for (const key of Object.keys(row)) {
      if (!isField(key)) this.#reject(key, "is an unknown key", fieldHint(key));
    }
    this.#timestamp(row[this.timeField], draft);
    draft.inputTokens = this.#count(REQUIRED_FIELDS[1], row[REQUIRED_FIELDS[1]], 1, countProblem);
    draft.outputTokens = this.#count(REQUIRED_FIELDS[2], row[REQUIRED_FIELDS[2]], 1, outputProblem);
    draft.cachedTokens =
      CACHED_FIELD in row ? this.#count(CACHED_FIELD, row[CACHED_FIELD], 0, countProblem) : UNSAID;
    if (draft.inputTokens >= 1 && draft.cachedTokens > draft.inputTokens) {
      this.#reject(CACHED_FIELD, cachedProblem(draft.cachedTokens, draft.inputTokens));
    }
    for (const field of NAME_FIELDS) draft[field] = this.#name(field, row);
    return this.#good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, this.timeField);
  }

  #timestamp(value: unknown, draft: RowDraft): void {
    if (typeof value === "number" && takeSeconds(value, draft)) return;
    if (typeof value === "string" && readDate(value, value.length, draft)) return;
    if (value === undefined) this.#reject(this.timeField, "is missing");
    else if (typeof value === "number") this.#reject(this.timeField, timestampProblem(String(value), true));
    else if (typeof value === "string") this.#reject(this.timeField, timestampProblem(value, false));
    else this.#reject(this.timeField, "must be a number of seconds or a date in quotes");
  }

  #count(field: string, value: unknown, least: number, problemOf: (value: string) => string): number {
    const isCount = typeof value === "number" && Number.isInteger(value);
    if (isCount && value >= least && value <= MOST_TOKENS) return value;
    if (value === undefined) this.#reject(field, "is missing");
    else if (typeof value !== "number") this.#reject(field, "must be a number, without quotes");
    else this.#reject(field, problemOf(String(value)));
    return -1;
  }

  #name(field: string, row: JsonObject): string {
    const value = row[field] ?? "";
    if (typeof value === "string") return value;
    this.#reject(field, "must be text in quotes");
    return "";
  }

  #reject(field: string, message: string, hint?: string): void {
    this.#good = false;
    this.#complain(keyColumn(this.#text, field), field, message, hint);
  }
}

function parseObject(line: string): JsonObject | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
}

/** Column, from 1, at which a key stands; 1 where it is missing or written with escapes. */
function keyColumn(text: string, key: string): number {
  const quoted = JSON.stringify(key);
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    if (
      text
        .slice(at + quoted.length)
        .trimStart()
        .startsWith(":")
    )
      return at + 1;
  }
  return 1;
}
