// RAGPulse: JSONL of a retrieval service, in seconds written as text. Its block ids come in groups by the part of
// the prompt they are in and are ids of passages, not of blocks of a fixed size, so they are not taken for blocks.
import type { FirstRecord, ReadContext, RecordReader, RowDraft, TraceFormat } from "../format.js";
import { JsonLine, keyColumn } from "./json-line.js";
import { readLengths } from "./mooncake.js";

export const ragPulse = {
  id: "ragpulse",
  firstLine: '{"timestamp": "S", "input_length": N, "output_length": N, "hash_ids": {...}, "session_id": ID}',
  inversions: "sort",
  zeroOutput: "error",
  matches({ object }: FirstRecord): boolean {
    const hashes = object?.["hash_ids"];
    return typeof hashes === "object" && hashes !== null && !Array.isArray(hashes);
  },
  open(_first: FirstRecord, context: ReadContext): RecordReader {
    context.warn("hash_ids name passages of any length, not blocks: they are not replayed");
    return new RagPulseRows(context);
  },
} as const satisfies TraceFormat;

class RagPulseRows implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "timestamp";
  readonly #line: JsonLine;
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#line = new JsonLine(context.complain);
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    line.seconds("timestamp", draft, true);
    readLengths(line, draft, this.#context);
    draft.session = line.id("session_id");
    draft.kind = "human";
    return line.good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, this.timeField);
  }
}
