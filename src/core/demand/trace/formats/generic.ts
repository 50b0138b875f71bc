// The project's own trace format, for traces that come from elsewhere: CSV with named columns, or JSONL with
// the same names. Here is only what makes it a format; generic-csv.ts and generic-json.ts read the rows.
import { defineFormat } from "../format.js";
import { openGenericCsv } from "./generic-csv.js";
import { looksGeneric } from "./generic-fields.js";
import { GenericJsonRows } from "./generic-json.js";
import { genericWriter } from "./generic-write.js";

export const generic = defineFormat({
  name: "generic",
  summary:
    "`timestamp,input_tokens,output_tokens` and any of `account,session,model,tier,cached_tokens`, in any order; " +
    "CSV, or a JSON object a line",
  recognisedBy: "two of its required names, as CSV header or JSON keys",
  schema: "this version of the project: docs/traces.md",
  firstLine:
    "timestamp,input_tokens,output_tokens[,account,session,model,tier,cached_tokens], " +
    "or one JSON object a line with these keys",
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  unit: "s",
  zeroOutput: "error",
  ignored: {},
  matches({ columns, object }) {
    return looksGeneric(object === undefined ? (columns ?? []) : Object.keys(object));
  },
  create(_, context) {
    const { text } = context.first;
    return text.startsWith("{") ? new GenericJsonRows(context) : openGenericCsv(text, context);
  },
  writer: genericWriter,
});
