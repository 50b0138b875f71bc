// Mooncake: JSONL of requests in milliseconds, each with the whole length of its prompt and the ids of its blocks
// of 512 tokens. Published times are rounded to 3 s in places: spread them with the option `dequantize`.
import { defineFormat, type FirstRecord, type ReadContext, type RowDraft } from "../format.js";
import type { JsonLine } from "./json-line.js";
import { JsonRows } from "./json-rows.js";

export const MOONCAKE_BLOCK = 512;

export const mooncake = defineFormat({
  name: "mooncake",
  summary: "milliseconds, whole prompts, blocks of 512 tokens",
  recognisedBy: "keys `input_length`, `output_length`, `hash_ids`",
  firstLine: '{"timestamp": MS, "input_length": N, "output_length": N, "hash_ids": [...]}',
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  zeroOutput: "error",
  ignored: {
    delay: "of turns that say what they add: see mooncake-session",
    group_id: "sessions that share a beginning; block ids tell which one",
    is_restart: "of turns that say what they add: see mooncake-session",
  },
  matches: ({ object }) => looksMooncake(object) && !hasSession(object),
  create(_, context) {
    context.warn(
      "input_length is taken for the whole prompt; " +
        "where it is what a turn adds to its session, name the format mooncake-session",
    );
    return new MooncakeRows(context);
  },
});

type JsonObject = FirstRecord["object"];

export function looksMooncake(object: JsonObject): boolean {
  if (object === undefined || "chat_id" in object) return false;
  const hashes = object["hash_ids"];
  return (
    "input_length" in object &&
    "output_length" in object &&
    (hashes === undefined || hashes === null || Array.isArray(hashes))
  );
}

/** What only traces of sessions have. */
export function hasSession(object: JsonObject): boolean {
  return (
    object !== undefined && ["session_id", "delay", "group_id", "is_restart"].some((key) => key in object)
  );
}

class MooncakeRows extends JsonRows {
  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    line.millis("timestamp", draft);
    readLengths(line, draft, this.context);
    draft.session = line.id("session_id");
    draft.blocks = readBlocks(line, this.context);
    draft.blockTokens = MOONCAKE_BLOCK;
    return line.good;
  }
}

export function readLengths(line: JsonLine, draft: RowDraft, { zeroOutput }: ReadContext): void {
  draft.inputTokens = line.count("input_length", 1);
  draft.outputTokens = line.outputCount("output_length", zeroOutput === "error" ? 1 : 0);
}

/** The block ids of a row; undefined, and counted, where they are no list of whole numbers. */
export function readBlocks(line: JsonLine, { note }: ReadContext): readonly number[] | undefined {
  const blocks = line.blocks("hash_ids");
  if (blocks === undefined && !line.isUnsaid("hash_ids"))
    note("block ids that are no whole numbers, ignored");
  return blocks;
}
