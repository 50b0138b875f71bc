// Sessions in Mooncake's format, as AIPerf writes them for agents: after the first turn `input_length` and
// `hash_ids` are what a turn adds, and `delay` is the pause since the response before it. How long responses took
// is not recorded.
import { defineFormat, type RowDraft, UNSAID } from "../format.js";
import { capped, IDLE_CAP, type PauseContext, withPauses } from "../pause-clock.js";
import { unitProblem } from "../time-unit.js";
import { JsonRows } from "./json-rows.js";
import { hasSession, looksMooncake, MOONCAKE_BLOCK, readBlocks, readLengths } from "./mooncake.js";
import { mooncakeSessionWriter } from "./mooncake-session-write.js";

export const mooncakeSession = defineFormat({
  name: "mooncake-session",
  summary:
    "AIPerf's agents: after the first turn lengths and blocks are what a turn adds; " +
    "`delay` is the pause since the response before",
  recognisedBy: "the keys of `mooncake` with `session_id`, `delay`, `group_id` or `is_restart`",
  schema: "AIPerf 0.2 and later, dataset type mooncake_trace: docs of ai-dynamo/aiperf",
  firstLine:
    '{"session_id": ID, "input_length": ADDED, "output_length": N, "hash_ids": [...], "timestamp"|"delay": MS}',
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  unit: "ms",
  zeroOutput: "error",
  ignored: { group_id: "sessions that share a beginning; block ids tell which one" },
  matches: ({ object }) => looksMooncake(object) && hasSession(object),
  create(options, context) {
    context.warn(
      "input_length is taken for what a turn adds to its session; " +
        "where it is the whole prompt, name the format mooncake",
    );
    return new MooncakeSessionRows(withPauses(context, options));
  },
  writer: mooncakeSessionWriter,
});

/** What of a session its next turn needs. */
interface Turn {
  readonly micros: number;
  /** Prompt and response of the turn in tokens: what the next one begins with. */
  readonly context: number;
  /** Undefined once a turn had no ids: those behind it would not fit. */
  readonly blocks: readonly number[] | undefined;
}

class MooncakeSessionRows extends JsonRows<PauseContext> {
  /** The last turn of each session: a trace does not say which of them are over. */
  readonly #turns = new Map<string, Turn>();
  /** For files without session ids: a row with a timestamp begins a session, one with a delay goes on with it. */
  #unnamed = 0;

  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    readLengths(line, draft, this.context);
    draft.session = this.#session();
    const before = line.value("is_restart") === true ? undefined : this.#turns.get(draft.session);
    this.#time(draft);
    if (!line.good) return false;
    const added = readBlocks(line, this.context, draft.inputTokens);
    draft.blocks = before === undefined ? added : before.blocks && added && [...before.blocks, ...added];
    if (added !== undefined && draft.blocks === undefined)
      this.context.note("hash_ids behind a turn of their session that has none", 1, "ignored");
    draft.blockTokens = MOONCAKE_BLOCK;
    draft.inputTokens += before?.context ?? 0;
    const context = draft.inputTokens + draft.outputTokens;
    this.#turns.set(draft.session, { micros: draft.micros, context, blocks: draft.blocks });
    return true;
  }

  #session(): string {
    const { line } = this;
    if (!line.isUnsaid("session_id")) return line.id("session_id");
    if (!line.isUnsaid("timestamp")) this.#unnamed++;
    return `session-${this.#unnamed}`;
  }

  #time(draft: RowDraft): void {
    const { line } = this;
    const before = this.#turns.get(draft.session);
    const delay = line.micros("delay", "ms");
    if (!line.good) return;
    if (Number.isNaN(delay)) line.reject("delay", unitProblem("ms"));
    const isPause = delay >= 0 && before !== undefined;
    const pause = isPause ? capped(delay, this.context) : UNSAID;
    draft.thinkMicros = pause;
    if (!line.isUnsaid("timestamp") || !isPause) line.millis("timestamp", draft);
    else {
      draft.micros = before.micros + pause;
      draft.clock = "seconds";
      this.context.note(
        "times of turns, from their delays alone: as if responses had taken none",
        1,
        "estimated",
      );
    }
  }
}
