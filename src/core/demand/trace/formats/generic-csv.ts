// The CSV form of the generic format: columns by name, in any order. It does not know the JSONL form.

import { csvColumn, csvValues } from "../../../text/csv.js";
import { shown } from "../../../text/shown.js";
import { isLeftOut } from "../field-names.js";
import type { ReadContext, RecordReader, RowDraft } from "../format.js";
import { CsvLine } from "./csv-line.js";
import {
  CACHED_FIELD,
  cachedProblem,
  isField,
  meantField,
  NAME_FIELDS,
  REQUIRED_FIELDS,
} from "./generic-fields.js";

/** Reads the header and returns the reader of its rows, or complains of every wrong column. */
export function openGenericCsv(header: string, context: ReadContext): RecordReader | undefined {
  const { complain } = context;
  const fields = csvValues(header);
  if (fields === undefined) {
    complain(1, "", "a quote is out of place in the header");
    return undefined;
  }
  let good = true;
  const reject = (column: number, message: string, hint?: string) => {
    complain(column, "", message, hint);
    good = false;
  };
  for (const [place, field] of fields.entries()) {
    const column = csvColumn(header, place);
    const meant = isField(field) ? undefined : meantField(field, fields);
    if (meant !== undefined) reject(column, `unknown column ${shown(field)}`, meant);
    else if (!isField(field)) {
      if (!isLeftOut(field)) context.ignored(field.trim());
    } else if (fields.indexOf(field) < place) reject(column, `column "${field}" stands here a second time`);
  }
  for (const field of REQUIRED_FIELDS) {
    if (!fields.includes(field)) reject(1, `column "${field}" is missing`);
  }
  return good ? new GenericCsvRows(fields, context) : undefined;
}

class GenericCsvRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = REQUIRED_FIELDS[0];
  readonly #line: CsvLine;
  readonly #context: ReadContext;
  readonly #leastOutput: 0 | 1;
  readonly #time: number;
  readonly #input: number;
  readonly #output: number;
  /** -1 where the file has no such column. */
  readonly #cached: number;
  /** The name columns that the file has, with their places. */
  readonly #names: readonly { readonly field: (typeof NAME_FIELDS)[number]; readonly place: number }[];

  constructor(fields: readonly string[], context: ReadContext) {
    this.#line = new CsvLine(fields, context.complain);
    this.#context = context;
    this.#leastOutput = context.zeroOutput === "error" ? 1 : 0;
    this.#time = fields.indexOf(REQUIRED_FIELDS[0]);
    this.#input = fields.indexOf(REQUIRED_FIELDS[1]);
    this.#output = fields.indexOf(REQUIRED_FIELDS[2]);
    this.#cached = fields.indexOf(CACHED_FIELD);
    this.#names = NAME_FIELDS.map((field) => ({ field, place: fields.indexOf(field) })).filter(
      ({ place }) => place >= 0,
    );
  }

  read(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    const dated = line.timestamp(this.#time, draft, this.#context.unit ?? "s");
    draft.inputTokens = line.count(this.#input, 1);
    draft.outputTokens = line.outputCount(this.#output, this.#leastOutput);
    if (this.#cached >= 0) draft.cachedTokens = line.count(this.#cached, 0);
    for (const { field, place } of this.#names) draft[field] = line.name(place);
    const counted =
      draft.inputTokens >= 1 &&
      draft.outputTokens >= this.#leastOutput &&
      (this.#cached < 0 || draft.cachedTokens >= 0);
    return this.#cachedFits(text, draft) && dated && counted;
  }

  timeColumn(text: string): number {
    return csvColumn(text, this.#time);
  }

  /** Complains only where both counts were read: of a bad one the row has complained already. */
  #cachedFits(text: string, draft: RowDraft): boolean {
    const { cachedTokens, inputTokens } = draft;
    if (inputTokens < 1 || cachedTokens <= inputTokens) return true;
    const column = csvColumn(text, this.#cached);
    this.#context.complain(column, CACHED_FIELD, cachedProblem(cachedTokens, inputTokens));
    return false;
  }
}
