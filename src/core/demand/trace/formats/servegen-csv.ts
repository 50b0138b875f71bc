// Workloads that ServeGen generated and wrote as CSV: times in seconds and lengths of language, multimodal or reasoning
// requests. Lists of the tokens of images, audio and video stand there as Python writes them.

import { shown } from "../../../text/shown.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft } from "../format.js";
import { CsvTable, findColumns } from "./csv-table.js";

const REQUIRED = ["timestamp", "output_tokens"] as const;
const TEXT = ["input_tokens", "text_tokens"] as const;
const MEDIA = ["image_tokens", "audio_tokens", "video_tokens"] as const;
type Column = (typeof REQUIRED)[number] | (typeof TEXT)[number] | (typeof MEDIA)[number];
/** An entry of a list as Python writes it. */
const ENTRY = /^ *(\d{1,9})(?:\.0)? *$/;

export const servegenCsv = defineFormat({
  name: "servegen-csv",
  summary: "workloads that ServeGen generated; tokens of images, audio and video are a part of the prompt",
  recognisedBy: "columns `request_id`, `timestamp`, `output_tokens` and `input_tokens` or `text_tokens`",
  schema:
    "ServeGen main (3913a887): `save_requests_to_csv`, and the request data of examples/generate_advanced.py",
  firstLine: "request_id,timestamp,input_tokens,output_tokens",
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    text_tokens: "beside input_tokens, which are read",
    request_id: "a name for the row itself",
    reason_ratio: "the share of the output that is thought: it is generated like the rest",
  },
  matches: ({ columns }) =>
    columns !== undefined &&
    ["request_id", ...REQUIRED].every((name) => columns.includes(name)) &&
    TEXT.some((name) => columns.includes(name)),
  create(_, context) {
    const words = context.first.columns?.includes("input_tokens") ? "input_tokens" : "text_tokens";
    const found = findColumns<Column>(context.first.text, [...REQUIRED, words], MEDIA, context);
    return found && new ServegenRows(found.columns, { ...found.places, words: found.places[words] }, context);
  },
});

type Places = Readonly<Record<(typeof REQUIRED)[number] | (typeof MEDIA)[number] | "words", number>>;

class ServegenRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = "timestamp";
  readonly #table: CsvTable;
  readonly #places: Places;

  constructor(columns: readonly string[], places: Places, context: ReadContext) {
    this.#table = new CsvTable(columns, context);
    this.#places = places;
  }

  read(text: string, draft: RowDraft): boolean {
    const [table, places] = [this.#table, this.#places];
    if (!table.open(text)) return false;
    const dated = table.timestamp(places.timestamp, draft);
    draft.inputTokens = table.wholeCount(places.words, 0);
    draft.outputTokens = table.wholeOutput(places.output_tokens);
    if (!dated || draft.inputTokens < 0 || draft.outputTokens < 0) return false;
    for (const name of MEDIA) draft.inputTokens += this.#media(places[name]);
    if (draft.inputTokens >= 1) return true;
    if (draft.inputTokens === 0) table.reject(places.words, "is 0, but a request has at least 1 token");
    return false;
  }

  timeColumn(): number {
    return this.#table.column(this.#places.timestamp);
  }

  /** Sum of a list such as [576, 1024]; below any sum of tokens, after a complaint, for what is none. */
  #media(place: number): number {
    const value = this.#table.name(place).trim();
    if (value === "" || value === "[]") return 0;
    const inner = value.startsWith("[") && value.endsWith("]") ? value.slice(1, -1) : value;
    let sum = 0;
    for (const entry of inner.split(",")) {
      const tokens = ENTRY.exec(entry)?.[1];
      if (tokens === undefined) {
        this.#table.reject(
          place,
          `is ${shown(value)}, but must be a list of token counts such as [576, 1024]`,
        );
        return Number.NEGATIVE_INFINITY;
      }
      sum += Number(tokens);
    }
    return sum;
  }
}
