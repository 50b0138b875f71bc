// BurstGPT: CSV of requests to a campus service, in seconds. Version 1 has whole seconds from the first midnight;
// version 2 begins in the middle, has sessions for the requests of a conversation, and how long each took.
// Responses of 0 tokens are failures.

import { defineFormat, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { IDLE_CAP, PauseClock, type PauseContext, withPauses } from "../pause-clock.js";
import { CsvTable, findColumns } from "./csv-table.js";

const REQUIRED = ["Timestamp", "Request tokens", "Response tokens"] as const;
const OPTIONAL = ["Model", "Session ID", "Elapsed time", "Log Type"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export const burstGpt = defineFormat({
  name: "burstgpt",
  summary:
    "seconds, from midnight (version 1) or from anywhere (version 2, with sessions and how long each request took)",
  recognisedBy: "columns `Timestamp`, `Request tokens`, `Response tokens`",
  schema: "BurstGPT version 1 (files 1 and 2) and version 2 (file 3): the README of HPMLL/BurstGPT",
  firstLine: "Timestamp,[Session ID,Elapsed time,]Model,Request tokens,Response tokens,Total tokens,Log Type",
  replay: "open-loop",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  unit: "s",
  zeroOutput: "drop",
  ignored: { "Total tokens": "the sum of the tokens of request and response, which are read" },
  matches: ({ columns }) => columns !== undefined && REQUIRED.every((name) => columns.includes(name)),
  create(options, context) {
    const found = findColumns<Column>(context.first.text, REQUIRED, OPTIONAL, context);
    return found && new BurstGptRows(found.columns, found.places, withPauses(context, options));
  },
});

class BurstGptRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = "Timestamp";
  readonly #table: CsvTable;
  readonly #places: Readonly<Record<Column, number>>;
  readonly #pauses: PauseClock;

  constructor(columns: readonly string[], places: Readonly<Record<Column, number>>, context: PauseContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
    this.#pauses = new PauseClock(context);
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    const dated = table.timestamp(places.Timestamp, draft);
    draft.outputTokens = table.outputCount(places["Response tokens"]);
    // A failed request may have no prompt on record either.
    draft.inputTokens = table.count(places["Request tokens"], draft.outputTokens === 0 ? 0 : 1);
    const elapsed = table.micros(places["Elapsed time"], "s");
    if (!dated || draft.inputTokens < 0 || draft.outputTokens < 0 || Number.isNaN(elapsed)) return false;
    if (draft.inputTokens === 0) draft.dropped = "failed: no output";
    draft.model = table.name(places.Model);
    draft.session = table.name(places["Session ID"]);
    draft.kind = table.name(places["Log Type"]) === "Conversation log" ? "human" : "";
    draft.outcome = draft.outputTokens === 0 ? "failed" : "completed";
    draft.endedMicros = elapsed < 0 ? UNSAID : draft.micros + elapsed;
    draft.thinkMicros = this.#pauses.pauseBefore(draft.session, draft.micros);
    this.#pauses.ended(draft.session, draft.endedMicros);
    return true;
  }

  timeColumn(): number {
    return this.#table.column(this.#places.Timestamp);
  }
}
