// RAGPulse: JSONL of a retrieval service, in seconds written as text. Its block ids come in groups by the part of
// the prompt they are in and are ids of passages, not of blocks of a fixed size, so they are not taken for blocks.
import { defineFormat, type RowDraft } from "../format.js";
import { JsonRows } from "./json-rows.js";
import { readLengths } from "./mooncake.js";

export const ragPulse = defineFormat({
  name: "ragpulse",
  summary: "seconds written as text; its ids name passages, not blocks, and are not used",
  recognisedBy: "`hash_ids` is an object",
  schema: "RAGPulse, 2025: the README of its trace",
  firstLine: '{"timestamp": "S", "input_length": N, "output_length": N, "hash_ids": {...}, "session_id": ID}',
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "sort",
  unit: "s",
  zeroOutput: "error",
  ignored: {
    hash_ids:
      "they name passages, not blocks, and their lengths stand in other files: no common beginning follows from them",
  },
  matches({ object }) {
    const hashes = object?.["hash_ids"];
    return typeof hashes === "object" && hashes !== null && !Array.isArray(hashes);
  },
  create(_, context) {
    context.warn("hash_ids name passages of any length, not blocks: they are not replayed");
    return new RagPulseRows(context);
  },
});

class RagPulseRows extends JsonRows {
  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    line.seconds("timestamp", draft, true);
    readLengths(line, draft, this.context);
    draft.session = line.id("session_id");
    draft.kind = "human";
    return line.good;
  }
}
