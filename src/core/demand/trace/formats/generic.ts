// The project's own trace format, for traces that come from elsewhere: CSV with named columns, or JSONL with
// the same names. Here is only what makes it a format; generic-csv.ts and generic-json.ts read the rows.
import type { FirstRecord, ReadContext, RecordReader, TraceFormat } from "../format.js";
import { openGenericCsv } from "./generic-csv.js";
import { looksGeneric } from "./generic-fields.js";
import { GenericJsonRows } from "./generic-json.js";

export const generic = {
  id: "generic",
  firstLine:
    "timestamp,input_tokens,output_tokens[,account,session,model,tier,cached_tokens], " +
    "or one JSON object a line with these keys",
  inversions: "error",
  zeroOutput: "error",
  matches({ columns, object }: FirstRecord): boolean {
    return looksGeneric(object === undefined ? (columns ?? []) : Object.keys(object));
  },
  open({ text }: FirstRecord, context: ReadContext): RecordReader | undefined {
    return text.startsWith("{") ? new GenericJsonRows(context) : openGenericCsv(text, context);
  },
} as const satisfies TraceFormat;
