// What Vidur's simulation made of each request, `request_metrics.csv`: gaps between arrivals in place of times, and how
// long the prompt and the whole request took.

import { MICROS_PER_SECOND } from "../../../base/units.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { forOneReason } from "./bench-lists.js";
import { CsvTable, findColumns } from "./csv-table.js";

const GAP = "request_inter_arrival_delay";
const REQUIRED = ["Request Id", GAP, "request_num_prefill_tokens", "request_num_decode_tokens"] as const;
const OPTIONAL = ["request_e2e_time", "prefill_e2e_time"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export const vidurMetrics = defineFormat({
  name: "vidur-metrics",
  summary: "requests as the simulator Vidur served them: its times are simulated, not measured",
  recognisedBy: "columns `Request Id`, `request_inter_arrival_delay`, `request_num_prefill_tokens`",
  schema: "Vidur main (158eee64): the names of vidur/metrics/constants.py",
  firstLine: [...REQUIRED, ...OPTIONAL].join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "drop",
  ignored: {
    ...forOneReason(
      "follows from the times and lengths that are read",
      "request_e2e_time_normalized request_num_tokens request_pd_ratio",
    ),
    ...forOneReason(
      "a part of its simulation, of which the rows say the end",
      "request_execution_time request_execution_time_normalized request_model_execution_time " +
        "request_model_execution_time_normalized request_preemption_time request_scheduling_delay " +
        "request_execution_plus_preemption_time request_execution_plus_preemption_time_normalized " +
        "prefill_time_execution_plus_preemption prefill_time_execution_plus_preemption_normalized " +
        "decode_time_execution_plus_preemption_normalized request_num_restarts",
    ),
  },
  matches: ({ columns }) => columns !== undefined && REQUIRED.every((name) => columns.includes(name)),
  create(_, context) {
    const found = findColumns<Column>(context.first.text, REQUIRED, OPTIONAL, context);
    if (found === undefined) return undefined;
    context.warn("first tokens and ends are those of Vidur's simulation, not of a measurement");
    return new VidurMetricsRows(found.columns, found.places, context);
  },
});

class VidurMetricsRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = GAP;
  readonly #table: CsvTable;
  readonly #places: Readonly<Record<Column, number>>;
  readonly #context: ReadContext;
  #isFirst = true;
  #seconds = 0;
  #last = -1;

  constructor(columns: readonly string[], places: Readonly<Record<Column, number>>, context: ReadContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    const id = table.wholeCount(places["Request Id"], 0);
    if (id >= 0 && id <= this.#last) {
      const message = `is ${id}, behind ${this.#last}: gaps add up to times only in the order of arrival`;
      table.reject(places["Request Id"], message);
      return false;
    }
    this.#last = id;
    const gap = table.amount(places[GAP]);
    // The first request has no gap before it.
    if (gap < 0 && !this.#isFirst)
      this.#context.note("gaps that are left empty, taken for none", 1, "assumed");
    this.#isFirst = false;
    const [first, whole] = [table.amount(places.prefill_e2e_time), table.amount(places.request_e2e_time)];
    draft.inputTokens = table.wholeCount(places.request_num_prefill_tokens, 1);
    draft.outputTokens = table.wholeOutput(places.request_num_decode_tokens);
    if (id < 0 || [gap, first, whole].some(Number.isNaN)) return false;
    if (draft.inputTokens < 1 || draft.outputTokens < 0) return false;
    this.#seconds += Math.max(0, gap);
    draft.clock = "seconds";
    draft.micros = Math.round(this.#seconds * MICROS_PER_SECOND);
    draft.firstTokenMicros = this.#after(first);
    draft.endedMicros = this.#after(whole);
    draft.outcome = whole < 0 ? "" : "completed";
    return true;
  }

  timeColumn(): number {
    return this.#table.column(this.#places[GAP]);
  }

  #after(seconds: number): number {
    return seconds < 0 ? UNSAID : Math.round((this.#seconds + seconds) * MICROS_PER_SECOND);
  }
}
