// OpenTelemetry traces of generative AI: a JSON object with `spans`, those that ask a model being requests.
// Requests of one session that overlap become sub-agents beside its main thread, as do those under a parent span of
// their own.

import { shown } from "../../../text/shown.js";
import { readDate, type Timestamp } from "../../../text/timestamp.js";
import { defineFormat, type RecordReader, type RowDraft, UNSAID } from "../format.js";
import { capped, IDLE_CAP, type PauseContext, withPauses } from "../pause-clock.js";
import type { RowOutcome } from "../row.js";
import { fittingCached } from "../row-checks.js";
import { parseObject, tellUnread } from "./json-line.js";
import { isObject } from "./json-record.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Assumption for spans that hold text and no token counts: English text under usual tokenizers. */
const CHARACTERS_PER_TOKEN = 4;

const MODEL = "gen_ai.request.model";
const CACHED = "gen_ai.usage.cache_read.input_tokens";
const INPUT_TEXTS = ["gen_ai.input.messages", "gen_ai.prompt"];
const OUTPUT_TEXTS = ["gen_ai.output.messages", "gen_ai.output.text"];
/** The first of them that a span has names its session. */
const SESSION_NAMES = ["gen_ai.conversation.id", "session.id", "exgentic.session.id"];
const KNOWN_TRACE: ReadonlySet<string> = new Set(["trace_id", "spans"]);
const KNOWN_SPAN: ReadonlySet<string> = new Set(["parent_span_id", "start_time", "end_time", "attributes"]);

/** Of the semantic conventions, and of what their exporters write beside them. */
const OTEL_IGNORED = {
  collected_at: "when the file was written",
  span_count: "the spans are counted",
  "spans[].attributes.gen_ai.operation.name": "a span that names a model is a request",
  "spans[].attributes.gen_ai.provider.name": "the scenario says who serves",
  "spans[].attributes.gen_ai.request.max_tokens": "the answer's length is on record",
  "spans[].attributes.gen_ai.request.temperature": "no length depends on it",
  ...Object.fromEntries(
    [...INPUT_TEXTS, ...OUTPUT_TEXTS].map((key) => [
      `spans[].attributes.${key}`,
      "counted only where the span has no count of its tokens",
    ]),
  ),
  "spans[].attributes.session.id": "beside gen_ai.conversation.id, which names the session",
  "spans[].attributes.exgentic.session.id": "beside another attribute that names the session",
  "spans[].kind": "a span that names a model is a request",
  "spans[].name": "a text for people",
  "spans[].resource_attributes": "where the recorded client ran",
  "spans[].span_id": "a name for the span itself; threads are told by parent_span_id and by time",
  "spans[].status": "an answer on record is replayed as one",
  trace_id: "beside an attribute of the spans that names the session",
  "spans[].trace_id": "the file's trace_id names the session",
};

export const otelGenai = defineFormat({
  name: "otel-genai",
  summary: "OpenTelemetry spans with `gen_ai.request.model`; requests that overlap are sub-agents",
  recognisedBy: "a JSON object with `spans`",
  schema: "OpenTelemetry `gen_ai` attributes, in the span form of inference-perf's test traces of 2026-02",
  firstLine:
    '{"spans": [{"start_time": ISO, "end_time": ISO, "attributes": {"gen_ai.request.model": M, ...}}]}',
  replay: "think-time",
  ownClocks: false,
  options: IDLE_CAP,
  inversions: "sort",
  zeroOutput: "error",
  ignored: OTEL_IGNORED,
  matches: ({ object }) => object !== undefined && Array.isArray(object["spans"]),
  create: (options, context) => new OtelReader(withPauses(context, options)),
});

interface Span {
  readonly path: string;
  readonly attributes: JsonObject;
  readonly parent: string;
  readonly session: string;
  readonly start: number;
  readonly end: number;
  readonly clock: Timestamp["clock"];
  readonly outcome: RowOutcome;
  /** Attributes that something was made of. */
  readonly asked: Set<string>;
}

/** The threads of a session: its main thread and its sub-agents, by name, with the end of the last response of each. */
interface Lanes {
  readonly mainParent: string;
  readonly ends: Map<string, number>;
  /** Ends of all responses of the main thread, in order. */
  readonly mainEnds: number[];
}

class OtelReader implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "start_time";
  readonly #context: PauseContext;
  #trace = 0;
  #spans: readonly Span[] = [];
  #next = 0;
  #lanes = new Map<string, Lanes>();
  #good = true;

  constructor(context: PauseContext) {
    this.#context = context;
  }

  read(text: string, draft: RowDraft): boolean {
    const trace = parseObject(text);
    this.#good = true;
    const spans = trace?.["spans"];
    if (trace === undefined) return this.#reject("", `${shown(text)} is not a JSON object`);
    if (!Array.isArray(spans)) return this.#reject("spans", "must be a list");
    const name = this.#name(trace["trace_id"], "trace_id") || `trace-${++this.#trace}`;
    tellUnread(trace, KNOWN_TRACE, "", this.#context.ignored);
    const read = spans.map((span, index) => this.#span(span as JsonObject, `spans[${index}]`, name));
    const isNamed = read.every((span) => span === undefined || span.session !== name);
    if (isNamed && trace["trace_id"] !== undefined) this.#context.ignored("trace_id");
    this.#spans = read.filter((span) => span !== undefined).sort((a, b) => a.start - b.start);
    this.#next = 0;
    this.#lanes = new Map();
    return this.#good && this.more(draft);
  }

  more(draft: RowDraft): boolean {
    const span = this.#spans[this.#next++];
    if (span === undefined) return false;
    const { attributes, session, start, end } = span;
    draft.inputTokens = this.#tokens(span, "input_tokens", INPUT_TEXTS, 1);
    const leastOutput = this.#context.zeroOutput === "error" ? 1 : 0;
    draft.outputTokens = this.#tokens(span, "output_tokens", OUTPUT_TEXTS, leastOutput);
    draft.cachedTokens = this.#cached(span, draft.inputTokens);
    draft.micros = start;
    draft.clock = span.clock;
    draft.endedMicros = end;
    draft.outcome = span.outcome;
    draft.session = session;
    draft.model = this.#name(attributes[MODEL], `${span.path}.attributes.${MODEL}`);
    tellUnread(attributes, span.asked, "spans[].attributes.", this.#context.ignored);
    this.#line(span, draft);
    return this.#good;
  }

  timeColumn(): number {
    return 1;
  }

  #span(span: JsonObject, path: string, trace: string): Span | undefined {
    if (typeof span !== "object" || span === null) {
      this.#reject(path, "must be an object");
      return undefined;
    }
    const attributes = span["attributes"] ?? {};
    if (!isObject(attributes)) {
      this.#reject(`${path}.attributes`, "must be an object");
      return undefined;
    }
    if (!(MODEL in attributes)) {
      this.#context.note("spans that ask no model", 1, "ignored");
      return undefined;
    }
    const at: Timestamp = { micros: 0, clock: "seconds" };
    const start = this.#time(span, "start_time", path, at);
    const end = this.#time(span, "end_time", path, at);
    if (end < start) this.#reject(`${path}.end_time`, "lies before start_time");
    const parent = this.#name(span["parent_span_id"], `${path}.parent_span_id`);
    tellUnread(span, KNOWN_SPAN, "spans[].", this.#context.ignored);
    const named = SESSION_NAMES.find((key) => (attributes[key] ?? "") !== "");
    const session =
      named === undefined ? trace : this.#name(attributes[named], `${path}.attributes.${named}`);
    const asked = new Set([MODEL, CACHED, ...(named === undefined ? [] : [named])]);
    const outcome = outcomeOf(span["status"]);
    return { path, attributes, parent, session, start, end, clock: at.clock, asked, outcome };
  }

  #time(span: JsonObject, key: string, path: string, at: Timestamp): number {
    const value = span[key];
    if (typeof value === "string" && readDate(value, value.length, at)) return at.micros;
    this.#reject(`${path}.${key}`, "must be an ISO date such as 2026-02-25T12:00:00.000000");
    return 0;
  }

  /** A count as the span gives it, or estimated from its text. */
  #tokens({ attributes, path, asked }: Span, usage: string, texts: readonly string[], least: 0 | 1): number {
    const key = `gen_ai.usage.${usage}`;
    const count = attributes[key] ?? undefined;
    asked.add(key);
    if (typeof count === "number" && Number.isInteger(count) && count >= least) return count;
    if (count !== undefined)
      this.#reject(`${path}.attributes.${key}`, `must be a whole number from ${least} up`);
    const name = texts.find((one) => typeof attributes[one] === "string");
    const text = name === undefined ? undefined : attributes[name];
    if (name !== undefined) asked.add(name);
    if (typeof text !== "string") {
      if (count === undefined)
        this.#reject(`${path}.attributes.${key}`, "is missing, and there is no text to count");
      return 1;
    }
    this.#context.warn(
      `token counts are estimated where spans have none, at ${CHARACTERS_PER_TOKEN} characters a token`,
    );
    this.#context.note("token counts, from their text", 1, "estimated");
    const tokens = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
    if (tokens < least) this.#reject(`${path}.attributes.${name}`, "is empty, and there is no token count");
    return tokens;
  }

  #cached({ attributes, path }: Span, inputTokens: number): number {
    const cached = attributes[CACHED] ?? undefined;
    if (cached === undefined) return UNSAID;
    if (typeof cached !== "number" || !Number.isInteger(cached) || cached < 0) {
      this.#reject(`${path}.attributes.${CACHED}`, "must be a whole number from 0 up");
      return UNSAID;
    }
    return fittingCached(cached, inputTokens, this.#context);
  }

  /** Text or a whole number; "" where it is absent or null. */
  #name(value: unknown, path: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string" || Number.isSafeInteger(value)) return String(value);
    this.#reject(path, "must be text");
    return "";
  }

  /** Finds the thread of the session that sends the span: the first of its agent whose response is over. */
  #line({ session, parent, start, end }: Span, draft: RowDraft): void {
    let lanes = this.#lanes.get(session);
    if (lanes === undefined) {
      lanes = { mainParent: parent, ends: new Map(), mainEnds: [] };
      this.#lanes.set(session, lanes);
    }
    const base = parent === lanes.mainParent ? "" : parent;
    let agent = base;
    for (let lane = 2; (lanes.ends.get(agent) ?? 0) > start; lane++) agent = `${base}~${lane}`;
    const before = lanes.ends.get(agent) ?? lastUpTo(lanes.mainEnds, start);
    draft.agent = agent;
    draft.thinkMicros = before === undefined ? UNSAID : capped(start - before, this.#context);
    lanes.ends.set(agent, end);
    if (agent === "") lanes.mainEnds.push(end);
  }

  #reject(path: string, message: string): false {
    this.#good = false;
    this.#context.complain(1, path, message);
    return false;
  }
}

/** Exporters write the code of a status as a number or as its name; unset says nothing. */
function outcomeOf(status: unknown): RowOutcome {
  const code = (status as JsonObject | null | undefined)?.["code"];
  if (code === 1 || code === "OK" || code === "STATUS_CODE_OK") return "completed";
  return code === 2 || code === "ERROR" || code === "STATUS_CODE_ERROR" ? "failed" : "";
}

/** The largest of ascending numbers that is at most `most`. */
function lastUpTo(ascending: readonly number[], most: number): number | undefined {
  let found: number | undefined;
  for (const value of ascending) {
    if (value > most) break;
    found = value;
  }
  return found;
}
