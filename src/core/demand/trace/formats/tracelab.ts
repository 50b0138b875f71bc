// TraceLab: JSONL of the rounds of coding agents, with the events of each round as ISO dates. A round's request
// starts at its last input event and its response ends at its last output event. It has no block ids: blocks are
// made up so that rounds share what their cached prefixes say.

import { readDate, type Timestamp } from "../../../text/timestamp.js";
import { defineFormat, type RowDraft, UNSAID } from "../format.js";
import { IDLE_CAP, PauseClock, type PauseContext, withPauses } from "../pause-clock.js";
import { sessionKey } from "../row.js";
import { JsonRows } from "./json-rows.js";

/** Tokens of a made-up block: assumption, WEKA's block size. */
const BLOCK = 64;
const INPUT_EVENTS: readonly unknown[] = ["user_message", "tool_result"];

const COUNTED = "counts characters and events, of which the tokens are on record";
const TRACELAB_IGNORED = {
  claude_cache_creation_input_tokens: "part of newly_append_tokens",
  claude_cache_read_input_tokens: "the same as prefix_tokens",
  claude_uncached_input_tokens: "part of newly_append_tokens",
  current_input_chars: COUNTED,
  current_input_event_count: COUNTED,
  current_tool_result_chars: COUNTED,
  current_tool_result_count: COUNTED,
  current_user_message_chars: COUNTED,
  current_user_message_count: COUNTED,
  first_input_event_type: "timing_events tell it",
  input_tokens_total: "the sum of prefix_tokens and newly_append_tokens, which are read",
  project: "user names the account",
  provider: "the scenario says who serves",
  reasoning_output_tokens: "part of output_tokens",
  round_id: "a name for the row itself",
  round_index: "timing_events say which round comes after which",
  store: "where the row was found",
  tools: "the wait for tools lies between the events of timing_events",
  trace_key: "a name for the row itself",
  turn_id: "timing_events tell when a person wrote",
};

export const traceLab = defineFormat({
  name: "tracelab",
  summary: "rounds of coding agents, ISO dates in `timing_events`; account is `user`, else `project`",
  recognisedBy: "keys `round_index`, `newly_append_tokens`",
  schema: "TraceLab round traces, 2026: their sample",
  firstLine:
    '{"session_id": ID, "round_index": N, "prefix_tokens": N, "newly_append_tokens": N, "timing_events": [...]}',
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  zeroOutput: "error",
  ignored: TRACELAB_IGNORED,
  matches: ({ object }) => object !== undefined && "round_index" in object && "newly_append_tokens" in object,
  create: (options, context) => new TraceLabRows(withPauses(context, options)),
});

class TraceLabRows extends JsonRows<PauseContext> {
  readonly #pauses: PauseClock;
  /** Made-up blocks of each session's last prompt. */
  readonly #blocks = new Map<string, readonly number[]>();
  #freeBlock = 0;

  constructor(context: PauseContext) {
    super(context, "timing_events");
    this.#pauses = new PauseClock(context);
  }

  protected fill(draft: RowDraft): boolean {
    const { line } = this;
    const [prefix, added] = [line.count("prefix_tokens", 0), line.count("newly_append_tokens", 0)];
    draft.inputTokens = prefix + added;
    draft.cachedTokens = prefix;
    draft.outputTokens = line.outputCount("output_tokens", this.context.zeroOutput === "error" ? 1 : 0);
    if (prefix >= 0 && added >= 0 && draft.inputTokens < 1)
      line.reject("newly_append_tokens", "is 0 without a prefix");
    draft.session = line.id("session_id");
    draft.account = line.id("user");
    const project = line.id("project");
    if (draft.account === "") draft.account = project;
    else if (project !== "") this.context.ignored("project");
    draft.model = line.name("model");
    this.#times(draft);
    if (!line.good) return false;
    draft.blocks = this.#sharing(sessionKey(draft), prefix, draft.inputTokens);
    draft.blockTokens = BLOCK;
    return true;
  }

  #times(draft: RowDraft): void {
    const { line } = this;
    const events = line.value("timing_events");
    const at: Timestamp = { micros: 0, clock: "seconds" };
    let [start, end, first] = [UNSAID, UNSAID, UNSAID];
    draft.kind = "";
    for (const event of Array.isArray(events) ? (events as (Record<string, unknown> | null)[]) : []) {
      const time = event?.["timestamp"];
      if (typeof time !== "string" || !readDate(time, time.length, at)) {
        line.reject(this.timeField, "has an event without an ISO date");
        return;
      }
      if (first === UNSAID) first = at.micros;
      const isInput = INPUT_EVENTS.includes(event?.["event_type"]);
      if (isInput && end === UNSAID) {
        start = Math.max(start, at.micros);
        draft.kind = event?.["event_type"] === "tool_result" ? "tool" : "human";
      }
      if (!isInput) end = Math.max(end, at.micros);
    }
    if (first === UNSAID) {
      line.reject(this.timeField, "must hold the events of the round");
      return;
    }
    if (start === UNSAID)
      this.context.note("times of rounds without an input event, from their first event", 1, "estimated");
    draft.micros = start === UNSAID ? first : start;
    draft.clock = at.clock;
    draft.endedMicros = end >= draft.micros ? end : UNSAID;
    const session = sessionKey(draft);
    draft.thinkMicros = this.#pauses.pauseBefore(session, draft.micros);
    this.#pauses.ended(session, draft.endedMicros);
  }

  /** Blocks of a prompt whose first `prefix` tokens were there in the session's last prompt. */
  #sharing(session: string, prefix: number, tokens: number): readonly number[] {
    const before = this.#blocks.get(session) ?? [];
    const blocks = before.slice(0, Math.floor(prefix / BLOCK));
    while (blocks.length < Math.ceil(tokens / BLOCK)) blocks.push(this.#freeBlock++);
    this.#blocks.set(session, blocks);
    return blocks;
  }
}
