// Mooncake: JSONL of requests in milliseconds, each with the whole length of its prompt and the ids of its blocks
// of 512 tokens. Published times are rounded to 3 s in places: spread them with the option `dequantize`.
import { defineFormat, type FirstRecord, type ReadContext, type RowDraft, UNSAID } from "../format.js";
import { fittingBlocks } from "../row-checks.js";
import { unitWord } from "../time-unit.js";
import { type JsonLine, parseObject } from "./json-line.js";
import { JsonRows } from "./json-rows.js";

export const MOONCAKE_BLOCK = 512;

export const mooncake = defineFormat({
  name: "mooncake",
  summary: "milliseconds, whole prompts, blocks of 512 tokens",
  recognisedBy: "keys `input_length`, `output_length`, `hash_ids`",
  schema: "Mooncake's traces as published with its paper of FAST 2025",
  firstLine: '{"timestamp": MS, "input_length": N, "output_length": N, "hash_ids": [...]}',
  replay: "open-loop",
  ownClocks: false,
  options: {},
  inversions: "error",
  unit: "ms",
  zeroOutput: "error",
  ignored: {
    group_id: "sessions that share a beginning; block ids tell which one",
    is_restart: "of turns that say what they add: see mooncake-session",
  },
  matches: ({ object }) => looksMooncake(object) && !hasSession(object),
  create(_, given) {
    const context = withUnit(given);
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

/** Requests a second of the beginning of a file above which its milliseconds are seconds. */
const FASTEST_BEGINNING = 1000;

/**
 * vLLM and guidellm write the same keys without block ids, in seconds. Fractions are seconds there, and whole numbers
 * so close together that no fleet would serve them; all else is what Mooncake has, milliseconds.
 */
function withUnit(context: ReadContext): ReadContext {
  if (context.unit !== undefined) return context;
  const objects = context.ahead().map((text) => parseObject(text) ?? {});
  if (objects.some((object) => Array.isArray(object["hash_ids"]))) return context;
  const times = objects.map((object) => object["timestamp"]).filter((time) => typeof time === "number");
  const fractions = times.some((time) => !Number.isInteger(time));
  const span = times.length < 2 ? Number.NaN : Math.max(...times) - Math.min(...times);
  const unit = fractions || (times.length - 1) / (span / 1000) > FASTEST_BEGINNING ? "s" : "ms";
  const why = fractions
    ? "have fractions"
    : unit === "s"
      ? "lie too close for milliseconds"
      : "are whole numbers";
  context.warn(
    `without hash_ids the file may be in seconds, as vLLM and guidellm write it, or in milliseconds, as Mooncake's: ` +
      `its times ${why}, so that they are taken for ${unitWord(unit)}`,
  );
  context.takenFor(unit);
  return { ...context, unit };
}

class MooncakeRows extends JsonRows {
  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    line.millis("timestamp", draft);
    readLengths(line, draft, this.context);
    draft.session = line.id("session_id");
    const delay = line.micros("delay", "ms");
    draft.thinkMicros = delay < 0 ? UNSAID : delay;
    draft.blocks = readBlocks(line, this.context, draft.inputTokens);
    draft.blockTokens = MOONCAKE_BLOCK;
    return line.good;
  }
}

export function readLengths(line: JsonLine, draft: RowDraft, { zeroOutput }: ReadContext): void {
  draft.inputTokens = line.count("input_length", 1);
  draft.outputTokens = line.outputCount("output_length", zeroOutput === "error" ? 1 : 0);
}

/** The block ids of so many tokens; undefined, and counted, where they are no list of ids. */
export function readBlocks(
  line: JsonLine,
  context: ReadContext,
  tokens: number,
  blockTokens = MOONCAKE_BLOCK,
): readonly number[] | undefined {
  const blocks = line.blocks("hash_ids");
  if (blocks === undefined && !line.isUnsaid("hash_ids"))
    context.note("hash_ids that are neither numbers nor text", 1, "ignored");
  return fittingBlocks(blocks, tokens, blockTokens, context);
}
