// The traces of Azure's LLM inference service: CSV, one request a line, open loop, without accounts or
// sessions. The 2023 files have dates without offset and 7 fraction digits, the 2024 files 6 digits and an
// offset. The multimodal files of 2025 have one more column, the number of images, which is not replayed.

import { shown } from "../../../text/shown.js";
import { readDate } from "../../../text/timestamp.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft } from "../format.js";
import { readCount } from "./counts.js";
import { CsvLine } from "./csv-line.js";

const FIELDS = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"] as const;
const IMAGE_FIELDS = ["TIMESTAMP", "NumImages", "ContextTokens", "GeneratedTokens"] as const;

export const azureLlm = defineFormat({
  name: "azure-llm",
  summary: "Azure 2023 and 2024: dates with up to 9 fraction digits, with or without an offset",
  recognisedBy: "header `TIMESTAMP,ContextTokens,GeneratedTokens`",
  firstLine: FIELDS.join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "error",
  ignored: {},
  matches: ({ columns }) => columns?.join(",") === FIELDS.join(","),
  create(_, context) {
    if (azureLlm.matches(context.first)) return new AzureRows(context);
    context.complain(1, "", `the header must be ${FIELDS.join(",")}`);
    return undefined;
  },
});

export const azureLmm = defineFormat({
  name: "azure-lmm",
  summary: "Azure 2025; images are ignored and counted",
  recognisedBy: "header `TIMESTAMP,NumImages,ContextTokens,GeneratedTokens`",
  firstLine: IMAGE_FIELDS.join(","),
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "error",
  ignored: { NumImages: "images have no tokens on record: only the text of a request is replayed" },
  matches: ({ columns }) => columns?.join(",") === IMAGE_FIELDS.join(","),
  create(_, context) {
    if (azureLmm.matches(context.first)) return new AzureImageRows(context);
    context.complain(1, "", `the header must be ${IMAGE_FIELDS.join(",")}`);
    return undefined;
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
    const dated = line.timestamp(0, draft, false);
    draft.inputTokens = line.count(1, 1);
    draft.outputTokens = line.outputCount(2, this.#leastOutput);
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= this.#leastOutput;
  }
}

class AzureImageRows implements RecordReader {
  readonly firstLineIsRow = false;
  readonly timeField = IMAGE_FIELDS[0];
  readonly #line: CsvLine;
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#line = new CsvLine(IMAGE_FIELDS, context.complain);
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    const least = this.#context.zeroOutput === "error" ? 1 : 0;
    const dated = line.timestamp(0, draft, false);
    const images = Number(line.name(1));
    draft.inputTokens = line.count(2, 1);
    draft.outputTokens = line.outputCount(3, least);
    if (!Number.isInteger(images) || images < 0 || line.name(1).trim() === "") {
      line.reject(1, `is ${shown(line.name(1))}, but must be a whole number of images`);
      return false;
    }
    if (images > 0) {
      this.#context.warn("images are ignored: only the text tokens of a request are replayed");
      this.#context.note("requests with images, which are ignored");
    }
    return dated && draft.inputTokens >= 1 && draft.outputTokens >= least;
  }

  timeColumn(): number {
    return 1;
  }
}
