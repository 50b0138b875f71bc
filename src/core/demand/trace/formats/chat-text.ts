// Recorded conversations as text, in the forms of ShareGPT and LMSYS-Chat: lengths, but no times. As benchmarks use
// them, a conversation is one request, its first prompt and the answer to it, at a time that the reader chooses.

import { openStream } from "../../../random/stream.js";
import { shown } from "../../../text/shown.js";
import { defineFormat, type ReadContext, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { SESSION_STARTS, type SessionStarts, sessionStarts } from "../session-starts.js";
import { parseObject, tellUnread } from "./json-line.js";
import { isObject, JsonRecord } from "./json-record.js";

/** Assumption for text without token counts: English under usual tokenizers. */
const CHARACTERS_PER_TOKEN = 4;
const PEOPLE: readonly unknown[] = ["human", "user"];
const MODELS: readonly unknown[] = ["gpt", "assistant", "chatgpt", "bing", "bard"];

type Turn = Readonly<Record<string, unknown>>;

export const chatText = defineFormat({
  name: "chat-text",
  summary:
    "conversations as text (ShareGPT, LMSYS-Chat), for their lengths: the first prompt and answer of each, estimated " +
    "at 4 characters a token; times come from `sessionStarts: {rate: ...}`",
  recognisedBy:
    "JSON objects with `conversations` or `conversation`, a JSON array of them or one on each line",
  schema:
    "ShareGPT_V3_unfiltered_cleaned_split.json (`conversations` of `from`, `value`) and lmsys-chat-1m " +
    "(`conversation` of `role`, `content`)",
  firstLine:
    '[{"id": ID, "conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value": TEXT}]}',
  replay: "open-loop",
  ownClocks: true,
  options: SESSION_STARTS,
  inversions: "sort",
  zeroOutput: "drop",
  ignored: {
    id: "a name for the row itself",
    conversation_id: "a name for the row itself",
    conversation: "beside conversations, which are read",
    "conversations[].*": "beside from and value, which are read",
    "conversation[].*": "beside role and content, which are read",
    model: "the model that answered there: lengths are of use with any",
    language: "a kind of text",
    turn: "turns behind the first are left out",
    openai_moderation: "a judgement of the text",
    redacted: "a judgement of the text",
  },
  matches: ({ object }) =>
    object !== undefined && ["conversations", "conversation"].some((key) => hasTurns(object[key])),
  create({ sessionStarts: wanted }, context) {
    if ("concurrency" in wanted) {
      context.complain(
        1,
        "",
        "these are conversations as text, without times: say how many requests arrive in a second",
        "sessionStarts: { rate: 4/s }, on the command line --session-starts poisson:4",
      );
      return undefined;
    }
    context.warn(
      `lengths are estimated at ${CHARACTERS_PER_TOKEN} characters a token, and times are drawn: the file has neither`,
    );
    // Where nothing gives chance the times are those of seed 1, so that whoever only reads the file can.
    const stream = context.stream ?? openStream("1", "trace/session-starts");
    return new ChatReader(context, sessionStarts(wanted, stream));
  },
});

function hasTurns(value: unknown): boolean {
  return Array.isArray(value) && value.every((turn) => isObject(turn) && ("from" in turn || "role" in turn));
}

class ChatReader implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "";
  readonly #context: ReadContext;
  readonly #starts: SessionStarts;
  readonly #record: JsonRecord;

  constructor(context: ReadContext, starts: SessionStarts) {
    this.#context = context;
    this.#starts = starts;
    this.#record = new JsonRecord(context.complain);
  }

  read(text: string, draft: RowDraft): boolean {
    const object = parseObject(text);
    const record = this.#record;
    record.open(object ?? {}, text);
    const list = record.said("conversations", "conversation") ?? "conversations";
    const turns = record.value(list);
    if (object === undefined) record.reject("", `${shown(text)} is not a JSON object`);
    else if (!Array.isArray(turns) || !hasTurns(turns)) {
      record.reject("conversations", "must be a list of turns with from and value, or with role and content");
    }
    if (!record.good) return false;
    this.#fill(turns as readonly Turn[], list, draft);
    record.tellUnread(this.#context.ignored);
    return true;
  }

  timeColumn(): number {
    return 1;
  }

  #fill(turns: readonly Turn[], list: string, draft: RowDraft): void {
    const first = turns.findIndex((turn) => PEOPLE.includes(turn[whoOf(turn)]));
    const answer = turns[first + 1];
    const isPair = first >= 0 && answer !== undefined && MODELS.includes(answer[whoOf(answer)]);
    const prompt = isPair ? turns.slice(0, first + 1).reduce((sum, turn) => sum + lengthOf(turn), 0) : 0;
    draft.dropped = "";
    draft.clock = "seconds";
    draft.inputTokens = tokensOf(prompt);
    draft.outputTokens = isPair ? tokensOf(lengthOf(answer)) : 0;
    draft.cachedTokens = UNSAID;
    if (draft.inputTokens === 0 || draft.outputTokens === 0) {
      draft.dropped = "no prompt with an answer to it";
      return;
    }
    for (const turn of turns.slice(0, first + 2)) {
      tellUnread(turn, new Set([whoOf(turn), whatOf(turn)]), `${list}[].`, this.#context.ignored);
    }
    const rest = turns.length - first - 2;
    if (rest > 0) this.#context.note("turns behind the first of their conversation, left out", rest);
    draft.micros = this.#starts.next();
  }
}

function whoOf(turn: Turn): "from" | "role" {
  return (turn["from"] ?? null) === null ? "role" : "from";
}

function whatOf(turn: Turn): "value" | "content" {
  return (turn["value"] ?? null) === null ? "content" : "value";
}

function lengthOf(turn: Turn): number {
  const text = turn[whatOf(turn)];
  return typeof text === "string" ? text.length : 0;
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
