// Rounds of agent sessions as CSV, as TraceLab exports them and simulators write them: a session's arrival and its
// rounds, with the tokens each adds to the context and the wait for tools behind it. It does not tell how long
// responses took. Some writers give the session's arrival with every round, others each round's own.

import { defineFormat, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { capped, IDLE_CAP, type PauseContext, withPauses } from "../pause-clock.js";
import { CsvTable, findColumns, NO_COLUMN } from "./csv-table.js";

const REQUIRED = ["arrival_time", "round_idx", "input_len", "output_len"] as const;
const OPTIONAL = ["id", "session_id", "prefix_len", "tool_wait_after_ms"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export const multiRound = defineFormat({
  name: "multi-round",
  summary: "rounds of sessions in milliseconds; prompts are `prefix_len` + `input_len`",
  recognisedBy: "columns `arrival_time`, `round_idx`, `input_len`, `output_len`",
  schema: "TraceLab exporter, 2026: the header of its multi-session CSV",
  firstLine: "session_id,arrival_time,round_idx,prefix_len,input_len,output_len,tool_wait_after_ms",
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  unit: "ms",
  zeroOutput: "error",
  ignored: { id: "beside session_id, which names the session" },
  matches: ({ columns }) => columns !== undefined && REQUIRED.every((name) => columns.includes(name)),
  create(options, context) {
    const found = findColumns<Column>(context.first.text, REQUIRED, OPTIONAL, context);
    if (found === undefined) return undefined;
    if (found.places.session_id !== NO_COLUMN || found.places.id !== NO_COLUMN) {
      if (found.places.session_id !== NO_COLUMN && found.places.id !== NO_COLUMN) context.ignored("id");
      return new MultiRoundRows(found.columns, found.places, withPauses(context, options));
    }
    context.complain(1, "", 'column "session_id" (or "id") is missing');
    return undefined;
  },
});

/** What of a session its next round needs. */
interface Round {
  /** Recorded arrival of the session's first round, microseconds on the trace's clock. */
  readonly sessionMicros: number;
  readonly index: number;
  /** Start of the round, likewise. */
  readonly micros: number;
  /** Wait behind it, microseconds; UNSAID without the column. */
  readonly waitMicros: number;
  readonly context: number;
}

class MultiRoundRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = "arrival_time";
  readonly #table: CsvTable;
  readonly #places: Readonly<Record<Column, number>>;
  readonly #context: PauseContext;
  /** The last round of each session: a trace does not say which of them are over. */
  readonly #rounds = new Map<string, Round>();

  constructor(columns: readonly string[], places: Readonly<Record<Column, number>>, context: PauseContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    const dated = table.millis(places.arrival_time, draft);
    const added = table.count(places.input_len, 0);
    draft.outputTokens = table.outputCount(places.output_len);
    const wait = table.amount(places.tool_wait_after_ms);
    const round = table.count(places.round_idx, 0);
    draft.session = table.name(places.session_id !== NO_COLUMN ? places.session_id : places.id);
    const before = this.#before(draft.session, round);
    const prefix =
      places.prefix_len === NO_COLUMN ? (before?.context ?? 0) : table.count(places.prefix_len, 0);
    if (!dated || added < 0 || draft.outputTokens < 0 || round < 0 || prefix < 0 || Number.isNaN(wait))
      return false;
    draft.inputTokens = prefix + added;
    if (draft.inputTokens === 0) {
      table.reject(places.input_len, "is 0, but a request has at least 1 token");
      return false;
    }
    draft.cachedTokens = prefix;
    draft.kind = before === undefined ? "human" : "tool";
    draft.thinkMicros = before === undefined ? UNSAID : before.waitMicros;
    const sessionMicros = before?.sessionMicros ?? draft.micros;
    if (before !== undefined && draft.micros === sessionMicros) {
      draft.micros = before.micros + Math.max(0, before.waitMicros);
      this.#context.note(
        "times of later rounds, from the waits before them alone: as if responses had taken none",
        1,
        "estimated",
      );
    }
    const waitMicros = wait < 0 ? UNSAID : capped(Math.round(wait * 1000), this.#context);
    const context = draft.inputTokens + draft.outputTokens;
    this.#rounds.set(draft.session, {
      sessionMicros,
      index: round,
      micros: draft.micros,
      waitMicros,
      context,
    });
    return true;
  }

  /** What the session has had before a round; nothing before its round 0, with which it begins anew. */
  #before(session: string, index: number): Round | undefined {
    const before = index === 0 ? undefined : this.#rounds.get(session);
    if (index !== (before?.index ?? -1) + 1) {
      this.#context.note(
        "rounds that their session has not one after another, taken in the file's order",
        1,
        "assumed",
      );
    }
    return before;
  }

  timeColumn(): number {
    return this.#table.column(this.#places.arrival_time);
  }
}
