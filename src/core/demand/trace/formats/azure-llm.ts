// The traces of Azure's LLM inference service: CSV, one request a line, open loop, without accounts or
// sessions. The 2023 files have dates without offset and 7 fraction digits, the 2024 files 6 digits and an
// offset. The multimodal files of 2025 have one more column, the number of images, which is not replayed.

import { shown } from "../../../text/shown.js";
import { readDate } from "../../../text/timestamp.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft } from "../format.js";
import { readCount } from "./counts.js";
import { CsvLine } from "./csv-line.js";
import { CsvTable, findColumns, NO_COLUMN } from "./csv-table.js";

const FIELDS = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"] as const;
const IMAGES = "NumImages";
const IMAGE_FIELDS = ["TIMESTAMP", IMAGES, "ContextTokens", "GeneratedTokens"] as const;
type Column = (typeof IMAGE_FIELDS)[number];

export const azureLlm = defineFormat({
  name: "azure-llm",
  summary: "Azure 2023 and 2024: dates with up to 9 fraction digits, with or without an offset",
  recognisedBy: "header `TIMESTAMP,ContextTokens,GeneratedTokens`",
  schema: "Azure Public Dataset, AzureLLMInferenceTrace 2023 and 2024: its README",
  firstLine: FIELDS.join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "error",
  ignored: {},
  matches: ({ columns = [] }) => FIELDS.every((name) => columns.includes(name)) && !columns.includes(IMAGES),
  create(_, context) {
    if (context.first.columns?.join(",") === FIELDS.join(",")) return new AzureRows(context);
    const found = findColumns<Column>(context.first.text, FIELDS, [], context);
    return found && new AzureTableRows(found.columns, found.places, context);
  },
});

export const azureLmm = defineFormat({
  name: "azure-lmm",
  summary: "Azure 2025; images are ignored and counted",
  recognisedBy: "header `TIMESTAMP,NumImages,ContextTokens,GeneratedTokens`",
  schema: "Azure Public Dataset, AzureLMMInferenceTrace 2025: its README",
  firstLine: IMAGE_FIELDS.join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "error",
  ignored: { NumImages: "images have no tokens on record: only the text of a request is replayed" },
  matches: ({ columns = [] }) => IMAGE_FIELDS.every((name) => columns.includes(name)),
  create(_, context) {
    const found = findColumns<Column>(context.first.text, IMAGE_FIELDS, [], context);
    return found && new AzureTableRows(found.columns, found.places, context);
  },
});

class AzureRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = FIELDS[0];
  readonly #line: CsvLine;
  readonly #leastOutput: 0 | 1;

  constructor({ complain, zeroOutput }: ReadContext) {
    this.#line = new CsvLine(FIELDS, complain);
    this.#leastOutput = zeroOutput === "error" ? 1 : 0;
  }

  /**
   * Reads the usual line without splitting it; whatever is unusual, quotes or mistakes, goes the long way.
   */
  read(text: string, draft: RowDraft): boolean {
    const first = text.indexOf(",");
    const second = text.indexOf(",", first + 1);
    if (first < 0 || second < 0) return this.#readSplit(text, draft);
    const inputTokens = readCount(text, first + 1, second);
    const outputTokens = readCount(text, second + 1, text.length);
    if (inputTokens < 1 || outputTokens < this.#leastOutput || !readDate(text, first, draft)) {
      return this.#readSplit(text, draft);
    }
    draft.inputTokens = inputTokens;
    draft.outputTokens = outputTokens;
    return true;
  }

  timeColumn(): number {
    return 1;
  }

  #readSplit(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    const dated = line.timestamp(0, draft, undefined);
    draft.inputTokens = line.count(1, 1);
    draft.outputTokens = line.outputCount(2, this.#leastOutput);
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= this.#leastOutput;
  }
}

/** Columns in any order, and more of them than are read. */
class AzureTableRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = FIELDS[0];
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
    const dated = table.date(places.TIMESTAMP, draft);
    draft.inputTokens = table.count(places.ContextTokens, 1);
    draft.outputTokens = table.outputCount(places.GeneratedTokens);
    if (!this.#imagesAreGood(places.NumImages ?? NO_COLUMN)) return false;
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= 0;
  }

  timeColumn(): number {
    return this.#table.column(this.#places.TIMESTAMP);
  }

  #imagesAreGood(place: number): boolean {
    if (place === NO_COLUMN) return true;
    const text = this.#table.name(place);
    const images = Number(text);
    if (Number.isInteger(images) && images >= 0 && text.trim() !== "") {
      if (images > 0) this.#context.ignored(IMAGES);
      return true;
    }
    this.#table.reject(place, `is ${shown(text)}, but must be a whole number of images`);
    return false;
  }
}
