// Traces of the simulator Vidur: CSV with the time of arrival in seconds and the tokens of prompt and answer. Other
// columns that such files have are not read.

import { defineFormat, type ReadContext, type RecordReader, type RowDraft } from "../format.js";
import { CsvTable, findColumns } from "./csv-table.js";

const REQUIRED = ["arrived_at", "num_prefill_tokens", "num_decode_tokens"] as const;
type Column = (typeof REQUIRED)[number];

export const vidur = defineFormat({
  name: "vidur",
  summary: "traces of the simulator Vidur, in seconds",
  recognisedBy: "columns `arrived_at`, `num_prefill_tokens`, `num_decode_tokens`",
  schema: "Vidur main (158eee64): its replayed traces",
  firstLine: REQUIRED.join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "sort",
  zeroOutput: "error",
  ignored: {
    num_total_tokens: "the sum of the two that are read",
    pd_ratio: "their quotient",
    request_id: "a name for the row itself",
  },
  matches: ({ columns }) => columns !== undefined && REQUIRED.every((name) => columns.includes(name)),
  create(_, context) {
    const found = findColumns<Column>(context.first.text, REQUIRED, [], context);
    return found && new VidurRows(found.columns, found.places, context);
  },
});

class VidurRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = REQUIRED[0];
  readonly #table: CsvTable;
  readonly #places: Readonly<Record<Column, number>>;

  constructor(columns: readonly string[], places: Readonly<Record<Column, number>>, context: ReadContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    const dated = table.timestamp(places.arrived_at, draft);
    draft.inputTokens = table.wholeCount(places.num_prefill_tokens, 1);
    draft.outputTokens = table.wholeOutput(places.num_decode_tokens);
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= 0;
  }

  timeColumn(): number {
    return this.#table.column(this.#places.arrived_at);
  }
}
