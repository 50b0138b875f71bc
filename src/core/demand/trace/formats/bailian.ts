// Bailian (Qwen): JSONL of chats in seconds, with whole prompts, blocks of 16 tokens, and for each request the chat
// it follows, -1 for none. The session is the first chat of the line of descent.
import type { FirstRecord, ReadContext, RecordReader, RowDraft, TraceFormat } from "../format.js";
import { JsonLine, keyColumn } from "./json-line.js";
import { readBlocks, readLengths } from "./mooncake.js";

const BLOCK = 16;

export const bailian = {
  id: "bailian",
  firstLine:
    '{"chat_id": N, "parent_chat_id": N, "timestamp": S, "input_length": N, "output_length": N, "hash_ids": [...]}',
  inversions: "sort",
  zeroOutput: "error",
  matches: ({ object }) => object !== undefined && "chat_id" in object && "parent_chat_id" in object,
  open: (_first: FirstRecord, context: ReadContext): RecordReader => new BailianRows(context),
} as const satisfies TraceFormat;

class BailianRows implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "timestamp";
  readonly #line: JsonLine;
  readonly #context: ReadContext;
  /** The root of every chat so far: any of them may be followed. */
  readonly #roots = new Map<string, string>();

  constructor(context: ReadContext) {
    this.#line = new JsonLine(context.complain);
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const line = this.#line;
    if (!line.open(text)) return false;
    line.seconds("timestamp", draft, false);
    readLengths(line, draft, this.#context);
    draft.session = this.#root(line);
    draft.blocks = readBlocks(line, this.#context);
    draft.blockTokens = BLOCK;
    return line.good;
  }

  timeColumn(text: string): number {
    return keyColumn(text, this.timeField);
  }

  #root(line: JsonLine): string {
    const [chat, parent] = [line.id("chat_id"), line.id("parent_chat_id")];
    if (chat === "") line.reject("chat_id", "is missing");
    const known = this.#roots.get(parent);
    if (known === undefined && parent !== "-1" && parent !== "") {
      this.#context.note("chats that follow one that is not in the file, taken for first ones");
    }
    const root = known ?? chat;
    this.#roots.set(chat, root);
    return root;
  }
}
