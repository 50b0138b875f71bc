// WEKA's traces of coding agents: a JSON object for each session, on a clock of its own, as published (`requests`,
// with block ids) or in brief (`rows`, with cached tokens instead). Here the two are read into one form;
// weka-session.ts makes rows of it.

import * as z from "zod";
import { MICROS_PER_SECOND } from "../../../base/units.js";
import { real } from "../../../document/units.js";
import { membersOf, valueIn } from "../../../text/json-members.js";
import { shown } from "../../../text/shown.js";
import { ExactIds } from "../exact-ids.js";
import { defineFormat, type RecordReader, type RowDraft } from "../format.js";
import { IDLE_CAP, withPauses } from "../pause-clock.js";
import { fittingBlocks } from "../row-checks.js";
import { SESSION_STARTS, sessionStarts } from "../session-starts.js";
import { microsOf, type TimeUnit, unitProblem } from "../time-unit.js";
import { MOST_TOKENS } from "./counts.js";
import { isBlockList, parseObject, tellUnread } from "./json-line.js";
import {
  THINK_TIMES,
  UNKNOWN_SECONDS,
  type WekaContext,
  type WekaRequest,
  WekaSessions,
  type WekaSubAgent,
} from "./weka-session.js";
import { wekaWriter } from "./weka-write.js";

type JsonObject = Readonly<Record<string, unknown>>;

const OPTIONS = {
  ...SESSION_STARTS,
  thinkTimes: z
    .enum(THINK_TIMES)
    .prefault("think-only")
    .describe(
      "Which pauses sessions make: without response times (think-only), with them (original), or with scaled ones " +
        "(api-scaled).",
    ),
  apiScale: real({ from: 0, to: 1000 })
    .prefault(1)
    .describe("Factor on recorded response times, for thinkTimes: api-scaled."),
  ...IDLE_CAP,
};

const REQUEST = ["t", "type", "model", "in", "out", "hash_ids", "input_types", "api_time", "think_time"];
/** What is read of each part; of lists by their places. */
const KNOWN = {
  session: new Set(["id", "block_size", "hash_id_scope", "requests", "rows"]),
  subAgent: new Set(["t", "type", "agent_id", "duration_ms", "requests"]),
  request: new Set(REQUEST),
  row: new Set(["0", "1", "2", "3", "4", "5", "7", "8"]),
  marker: new Set(["0", "1", "2", "4"]),
} as const;

const SHARED_START = "which sessions begin alike is not told: block ids of a session are its own, or global";
/** Of published sessions, and of brief ones by their places. */
const WEKA_IGNORED = {
  models: "requests name theirs",
  "requests[].models": "requests name theirs",
  "requests[].output_types": "what the answer was; its tokens are on record",
  "requests[].status": "how the sub-agent ended",
  "requests[].stop": "why the answer ended; its tokens are on record",
  "requests[].subagent_type": "a text for people",
  "requests[].system_tokens": SHARED_START,
  "requests[].tool_tokens": SHARED_START,
  "requests[].tool_use_count": "requests are counted",
  "requests[].total_tokens": "the sum of its requests",
  "requests[].ttft": "a time measured on the recorded system",
  "rows[][3]": "of a sub-agent: a text for people",
  "rows[][5]": "of a sub-agent: its requests are counted",
  "rows[][6]": "why the answer ended; its tokens are on record",
  sys: SHARED_START,
  system_tokens: SHARED_START,
  tool: SHARED_START,
  tool_tokens: SHARED_START,
  totals: "sums of the requests",
  ty: "who sent the first request",
};

export const weka = defineFormat({
  name: "weka",
  summary: "agent sessions with sub-agents, one object each, each on a clock of its own",
  recognisedBy: "a JSON object with `requests`, or with `ty` and `rows`",
  schema: "WEKA coding-agent traces, 2026: the sessions as published",
  firstLine:
    '{"id": ID, "block_size": 64, "requests": [...]} or {"id": ID, "ty": "n", "rows": [...]}, one session each',
  replay: "think-time",
  ownClocks: true,
  options: OPTIONS,
  inversions: "sort",
  unit: "s",
  zeroOutput: "keep",
  ignored: WEKA_IGNORED,
  matches({ object }) {
    if (object === undefined) return false;
    return Array.isArray(object["requests"]) || (Array.isArray(object["rows"]) && "ty" in object);
  },
  create(options, context) {
    const { sessionStarts: wanted, thinkTimes, apiScale } = options;
    const starts = sessionStarts(wanted, context.stream);
    return new WekaReader({ ...withPauses(context, options), starts, thinkTimes, apiScale });
  },
  writer: wekaWriter,
});

class WekaReader implements RecordReader {
  readonly firstLineIsRow = true;
  readonly timeField = "t";
  readonly #context: WekaContext;
  readonly #sessions: WekaSessions;
  readonly #ids = new ExactIds();
  /** How often a name was there. */
  readonly #names = new Map<string, number>();
  #unnamed = 0;
  #good = true;

  constructor(context: WekaContext) {
    this.#context = context;
    this.#sessions = new WekaSessions(context);
  }

  get settledUntil(): number {
    return this.#context.starts.earliestNext;
  }

  read(text: string, draft: RowDraft): boolean {
    const session = parseObject(text);
    this.#good = true;
    if (session === undefined) return this.#reject("", `${shown(text)} is not a JSON object`);
    const name = this.#nameOf(session["id"], text);
    const [requests, rows] = [session["requests"], session["rows"]];
    let events: readonly (WekaRequest | WekaSubAgent)[];
    if (Array.isArray(requests)) events = this.#published(requests, "requests");
    else if (Array.isArray(rows)) events = this.#brief(rows);
    else return this.#reject("", 'has neither "requests" nor "rows"');
    if (!this.#good) return false;
    if (events.length === 0) return this.#reject("", "the session has no requests");
    const blockTokens = this.#count(session["block_size"] ?? 64, "block_size", 1);
    if (!this.#good) return false;
    tellUnread(session, KNOWN.session, "", this.#context.ignored);
    this.#sessions.open(
      name,
      this.#allFitted(events, blockTokens),
      blockTokens,
      session["hash_id_scope"] === "global",
    );
    return this.#sessions.next(draft);
  }

  more(draft: RowDraft): boolean {
    return this.#sessions.next(draft);
  }

  timeColumn(): number {
    return 1;
  }

  #published(list: readonly unknown[], path: string): (WekaRequest | WekaSubAgent)[] {
    return list.map((value, index) => {
      const at = `${path}[${index}]`;
      if (!isObject(value)) this.#reject(at, "must be an object");
      const entry = isObject(value) ? value : {};
      const t = this.#number(entry["t"], `${at}.t`);
      if (entry["type"] !== "subagent") return this.#request(entry, at, t);
      tellUnread(entry, KNOWN.subAgent, "requests[].", this.#context.ignored);
      const nested = entry["requests"];
      if (!Array.isArray(nested))
        this.#reject(`${at}.requests`, "must be a list of the sub-agent's requests");
      const requests = this.#published(Array.isArray(nested) ? nested : [], `${at}.requests`);
      const agent = this.#text(entry["agent_id"], `${at}.agent_id`) || `agent-${index}`;
      const inner = requests.filter((request) => "input" in request);
      if (inner.length < requests.length)
        this.#reject(`${at}.requests`, "sub-agents of sub-agents are not read");
      return {
        agent,
        t,
        seconds: this.#optional(entry["duration_ms"], `${at}.duration_ms`, 1000),
        requests: inner,
      };
    });
  }

  #request(entry: JsonObject, at: string, t: number): WekaRequest {
    const types = entry["input_types"] ?? [];
    const blocks = entry["hash_ids"] ?? undefined;
    if (blocks !== undefined && !isBlockList(blocks))
      this.#reject(`${at}.hash_ids`, "must be a list of whole numbers");
    if (!Array.isArray(types)) this.#reject(`${at}.input_types`, "must be a list");
    tellUnread(entry, KNOWN.request, "requests[].", this.#context.ignored);
    return {
      t,
      input: this.#count(entry["in"], `${at}.in`, 1),
      output: this.#count(entry["out"], `${at}.out`, this.#leastOutput),
      cached: undefined,
      kind: Array.isArray(types) && types.includes("tool_result") ? "tool" : "human",
      model: this.#text(entry["model"], `${at}.model`),
      api: this.#optional(entry["api_time"], `${at}.api_time`, 1),
      think: this.#optional(entry["think_time"], `${at}.think_time`, 1),
      blocks: isBlockList(blocks) ? blocks : undefined,
    };
  }

  /**
   * Rows are [t, 0 or agent, in, out, cached, "T" or "H", stop, api_time, think_time], or
   * ["sa", t, agent, type, ms, requests] for the marker of a sub-agent, whose rows come behind it.
   */
  #brief(rows: readonly unknown[]): (WekaRequest | WekaSubAgent)[] {
    const events: (WekaRequest | WekaSubAgent)[] = [];
    const agents = new Map<unknown, { t: number; requests: WekaRequest[] }>();
    for (const [index, row] of rows.entries()) {
      const at = `rows[${index}]`;
      if (!Array.isArray(row)) {
        this.#reject(at, "must be a list");
      } else if (row[0] === "sa") {
        const t = this.#number(row[1], `${at}[1]`);
        tellUnread({ ...row }, KNOWN.marker, "rows[][", this.#context.ignored);
        const agent = {
          agent: this.#text(row[2], `${at}[2]`),
          t,
          seconds: this.#optional(row[4], `${at}[4]`, 1000),
          requests: [],
        };
        agents.set(row[2], agent);
        events.push(agent);
      } else {
        const request = this.#briefRequest(row, at);
        const agent = row[1] === 0 ? undefined : agents.get(row[1]);
        if (row[1] === 0) events.push(request);
        else if (agent === undefined)
          this.#reject(`${at}[1]`, `${shown(String(row[1]))} is no agent announced before`);
        else agent.requests.push({ ...request, t: request.t - agent.t });
      }
    }
    return events;
  }

  #briefRequest(row: readonly unknown[], at: string): WekaRequest {
    tellUnread({ ...row }, KNOWN.row, "rows[][", this.#context.ignored);
    const input = this.#count(row[2], `${at}[2]`, 1);
    const cached = this.#count(row[4], `${at}[4]`, 0);
    if (cached > input) this.#reject(`${at}[4]`, `is ${cached}, more than the ${input} input tokens`);
    return {
      t: this.#number(row[0], `${at}[0]`),
      input,
      output: this.#count(row[3], `${at}[3]`, this.#leastOutput),
      cached,
      kind: row[5] === "T" ? "tool" : "human",
      model: "",
      api: this.#optional(row[7], `${at}[7]`, 1),
      think: this.#optional(row[8], `${at}[8]`, 1),
      blocks: undefined,
    };
  }

  get #leastOutput(): 0 | 1 {
    return this.#context.zeroOutput === "error" ? 1 : 0;
  }

  #count(value: unknown, path: string, least: number): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= MOST_TOKENS)
      return value;
    this.#reject(path, `${told(value)}, but must be a whole number from ${least} up`);
    return least;
  }

  /** A time in seconds. */
  #number(value: unknown, path: string, unit: TimeUnit = this.#context.unit ?? "s"): number {
    const micros = typeof value === "number" ? microsOf(value, unit) : Number.NaN;
    if (!Number.isNaN(micros)) return unit === "s" ? (value as number) : micros / MICROS_PER_SECOND;
    this.#reject(path, `${told(value)}, but ${unitProblem(unit)}`);
    return 0;
  }

  /** Text or a whole number; "" where it is absent or null. */
  #text(value: unknown, path: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string" || Number.isSafeInteger(value)) return String(value);
    this.#reject(path, `${told(value)}, but must be text`);
    return "";
  }

  /** Names of sessions are their own: one that comes again, as in files put together, is another session. */
  #nameOf(id: unknown, text: string): string {
    const isUnsaid = id === undefined || id === null || id === "";
    const literal = () => valueIn(membersOf(text), "id");
    const name = isUnsaid ? `session-${++this.#unnamed}` : this.#ids.nameOf(id, literal);
    if (name === undefined) {
      this.#reject("id", "must be text or a number");
      return "";
    }
    const times = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, times);
    if (times === 1) return name;
    this.#context.note(
      "sessions of an id that was there before, each taken for one of its own",
      1,
      "assumed",
    );
    return `${name}#${times}`;
  }

  /** In seconds; UNKNOWN_SECONDS where it is absent or null. */
  #optional(value: unknown, path: string, perSecond: number): number {
    if (value === undefined || value === null) return UNKNOWN_SECONDS;
    return perSecond === 1 ? this.#number(value, path) : this.#number(value, path, "ms");
  }

  #allFitted(
    events: readonly (WekaRequest | WekaSubAgent)[],
    blockTokens: number,
  ): (WekaRequest | WekaSubAgent)[] {
    return events.map((event) =>
      "input" in event
        ? this.#fitted(event, blockTokens)
        : { ...event, requests: event.requests.map((one) => this.#fitted(one, blockTokens)) },
    );
  }

  #fitted(request: WekaRequest, blockTokens: number): WekaRequest {
    return { ...request, blocks: fittingBlocks(request.blocks, request.input, blockTokens, this.#context) };
  }

  #reject(path: string, message: string): false {
    this.#good = false;
    this.#context.complain(1, path, message);
    return false;
  }
}

function told(value: unknown): string {
  return value === undefined ? "is missing" : `is ${shown(JSON.stringify(value))}`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
