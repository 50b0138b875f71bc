// The project's own trace format, for traces that come from elsewhere: CSV with named columns, or JSONL with
// the same names. Here is only what makes it a format; generic-csv.ts and generic-json.ts read the rows.
import { csvValues } from "./csv-line.js";
import type { Complain, RowReader, TraceFormat } from "./format.js";
import { openGenericCsv } from "./generic-csv.js";
import { looksGeneric } from "./generic-fields.js";
import { GenericJsonRows, isGenericObject } from "./generic-json.js";

export const generic = {
  id: "generic",
  firstLine:
    "timestamp,input_tokens,output_tokens[,account,session,model,tier,cached_tokens], " +
    "or one JSON object a line with these keys",
  matches(firstLine: string): boolean {
    return isGenericObject(firstLine) || looksGeneric(csvValues(firstLine) ?? []);
  },
  open(firstLine: string, complain: Complain): RowReader | undefined {
    return firstLine.startsWith("{") ? new GenericJsonRows(complain) : openGenericCsv(firstLine, complain);
  },
} as const satisfies TraceFormat;
