// Chutes: CSV exports of the invocations of a shared platform. Times are microseconds, rebased to 1970, or dates;
// counts are as the platform logged them: empty where it did not yet, and far above any context window in places.

import { MICROS_PER_SECOND } from "../../../base/units.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { dropEarlier, fittingCached } from "../row-checks.js";
import { CsvTable, findColumns, tokensOf } from "./csv-table.js";

const REQUIRED = ["started_at", "it", "ot"] as const;
const OPTIONAL = ["chute_id", "user_id", "completed_at", "ct", "ttft"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** Assumption: above the context window of any model that the platform serves. */
const LONGEST_PROMPT = 2_000_000;

export const chutes = defineFormat({
  name: "chutes",
  summary: "CSV exports; times as microseconds or dates",
  recognisedBy: "columns `started_at`, `it`, `ot`",
  schema: "Chutes invocation exports, 2025: their header",
  firstLine: "invocation_id,function_name,chute_id,user_id,instance_id,started_at,completed_at,it,ot,ct,ttft",
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "sort",
  unit: "us",
  zeroOutput: "drop",
  ignored: {
    function_name: "chute_id names what answers",
    instance_id: "the replica that answered there; the simulated fleet chooses its own",
    invocation_id: "a name for the row itself",
  },
  matches: ({ columns }) => columns !== undefined && REQUIRED.every((name) => columns.includes(name)),
  create(_, context) {
    const found = findColumns<Column>(context.first.text, REQUIRED, OPTIONAL, context);
    return found && new ChutesRows(found.columns, found.places, context);
  },
});

class ChutesRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = "started_at";
  readonly #table: CsvTable;
  readonly #places: Readonly<Record<Column, number>>;
  readonly #context: ReadContext;

  constructor(columns: readonly string[], places: Readonly<Record<Column, number>>, context: ReadContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    draft.endedMicros = UNSAID;
    if (isNull(table.name(places.completed_at))) draft.dropped = "failed: not completed";
    else if (!table.microsOrDate(places.completed_at, draft)) return false;
    else draft.endedMicros = draft.micros;
    if (places.completed_at < 0) draft.dropped = "";
    if (!table.microsOrDate(places.started_at, draft)) return false;
    draft.account = table.name(places.user_id);
    draft.model = table.name(places.chute_id);
    draft.outcome = places.completed_at < 0 ? "" : "completed";
    if (!this.#firstToken(draft)) return false;
    dropEarlier(draft, this.#context);
    return this.#tokens(draft);
  }

  timeColumn(): number {
    return this.#table.column(this.#places.started_at);
  }

  #firstToken(draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    const seconds = isNull(table.name(places.ttft)) ? UNSAID : table.amount(places.ttft);
    draft.firstTokenMicros = seconds < 0 ? UNSAID : draft.micros + Math.round(seconds * MICROS_PER_SECOND);
    return !Number.isNaN(seconds);
  }

  #tokens(draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    const [input, output] = [table.name(places.it), table.name(places.ot)];
    if (isNull(input) || isNull(output) || tokensOf(input) === 0) {
      if (draft.dropped === "") draft.dropped = "failed: no token counts";
      return true;
    }
    draft.inputTokens = table.count(places.it, 1);
    draft.outputTokens = table.outputCount(places.ot);
    if (draft.inputTokens < 0 || draft.outputTokens < 0) return false;
    if (draft.inputTokens > LONGEST_PROMPT)
      this.#context.note("prompts above 2,000,000 tokens, kept as they are", 1, "assumed");
    return this.#cached(draft);
  }

  #cached(draft: RowDraft): boolean {
    draft.cachedTokens = UNSAID;
    if (isNull(this.#table.name(this.#places.ct))) return true;
    draft.cachedTokens = fittingCached(
      this.#table.count(this.#places.ct, 0),
      draft.inputTokens,
      this.#context,
    );
    return draft.cachedTokens >= 0;
  }
}

/** What exporters write for a value that is not there. */
function isNull(value: string): boolean {
  return value === "" || value === "null" || value === "NULL" || value === "None" || value === "\\N";
}
