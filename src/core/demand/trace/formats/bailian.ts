// Bailian (Qwen): JSONL of chats in seconds, with whole prompts, blocks of 16 tokens, and for each request the chat
// it follows, -1 for none. The session is the first chat of the line of descent.
import { defineFormat, type RowDraft } from "../format.js";
import { JsonRows } from "./json-rows.js";
import { readBlocks, readLengths } from "./mooncake.js";

const BLOCK = 16;

export const bailian = defineFormat({
  name: "bailian",
  summary: "seconds, whole prompts, blocks of 16 tokens; a session is a line of descent",
  recognisedBy: "keys `chat_id`, `parent_chat_id`",
  schema: "qwen-bailian-usagetraces-anon, 2025: its README",
  firstLine:
    '{"chat_id": N, "parent_chat_id": N, "timestamp": S, "input_length": N, "output_length": N, "hash_ids": [...]}',
  replay: "think-time",
  ownClocks: false,
  options: {},
  inversions: "sort",
  unit: "s",
  zeroOutput: "error",
  ignored: {
    turn: "the chats that one follows tell it",
    type: "a kind of request (text, search, image, file) that no length depends on",
  },
  matches: ({ object }) => object !== undefined && "chat_id" in object && "parent_chat_id" in object,
  create: (_, context) => new BailianRows(context),
});

class BailianRows extends JsonRows {
  /** The root of every chat so far: any of them may be followed. */
  readonly #roots = new Map<string, string>();

  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    line.seconds("timestamp", draft, false);
    readLengths(line, draft, this.context);
    draft.session = this.#root();
    draft.blocks = readBlocks(line, this.context, draft.inputTokens, BLOCK);
    draft.blockTokens = BLOCK;
    return line.good;
  }

  #root(): string {
    const { line } = this;
    const [chat, parent] = [line.id("chat_id"), line.idOf("parent_chat_id", "chat_id")];
    if (chat === "") line.reject("chat_id", "is missing");
    const isFirst = parent === "" || String(line.value("parent_chat_id")) === "-1";
    const known = isFirst ? undefined : this.#roots.get(parent);
    if (known === undefined && !isFirst) {
      this.context.note("chats that follow one that is not in the file, taken for first ones", 1, "assumed");
    }
    const root = known ?? chat;
    this.#roots.set(chat, root);
    return root;
  }
}
