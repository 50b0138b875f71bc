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
import { isObject, type JsonObject, told } from "./json-record.js";
import { KNOWN, type Known, WEKA_IGNORED, withStarts } from "./weka-fields.js";
import {
  type StartTokens,
  THINK_TIMES,
  UNKNOWN_SECONDS,
  type WekaContext,
  type WekaRequest,
  WekaSessions,
  type WekaSubAgent,
} from "./weka-session.js";
import { SHARED_STARTS, SharedStarts, START_FIELDS } from "./weka-start.js";
import { wekaWriter } from "./weka-write.js";

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
  sharedStart: z
    .enum(SHARED_STARTS)
    .prefault("none")
    .describe(
      "Which beginnings sessions with blocks of their own share where they are as long: of tools, or of the system " +
        "prompt behind them, too.",
    ),
  ...IDLE_CAP,
};

const NO_START: StartTokens = { tools: 0, system: 0 };
const NOTHING: ReadonlyMap<number, number> = new Map();

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
    const { sessionStarts: wanted, thinkTimes, apiScale, sharedStart } = options;
    const starts = sessionStarts(wanted, context.stream);
    return new WekaReader({ ...withPauses(context, options), starts, thinkTimes, apiScale }, sharedStart);
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
  readonly #shared: SharedStarts;
  /** Fields that say how long beginnings are, where they are read; of the session at hand. */
  readonly #startFields: readonly string[];
  #known: Known = KNOWN;

  constructor(context: WekaContext, sharedStart: (typeof SHARED_STARTS)[number]) {
    this.#context = context;
    this.#shared = new SharedStarts(sharedStart);
    this.#startFields = START_FIELDS[sharedStart];
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
    const isGlobal = session["hash_id_scope"] === "global";
    this.#known = isGlobal || !Array.isArray(requests) ? KNOWN : withStarts(this.#startFields);
    const start = this.#start(session, "");
    let events: readonly (WekaRequest | WekaSubAgent)[];
    if (Array.isArray(requests)) events = this.#published(requests, "requests");
    else if (Array.isArray(rows)) events = this.#brief(rows);
    else return this.#reject("", 'has neither "requests" nor "rows"');
    if (!this.#good) return false;
    if (events.length === 0) return this.#reject("", "the session has no requests");
    const blockTokens = this.#count(session["block_size"] ?? 64, "block_size", 1);
    if (!this.#good) return false;
    tellUnread(session, this.#known.session, "", this.#context.ignored);
    const fitted = this.#allFitted(events, blockTokens);
    const shared = isGlobal ? NOTHING : this.#shared.of(fitted, start, blockTokens);
    this.#sessions.open(name, fitted, blockTokens, isGlobal, shared);
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
      tellUnread(entry, this.#known.subAgent, "requests[].", this.#context.ignored);
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
        start: this.#start(entry, `${at}.`),
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
          start: NO_START,
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

  /** How long the beginnings of prompts are, where that is asked for. */
  #start(of: JsonObject, at: string): StartTokens {
    const count = (field: string) =>
      this.#known.session.has(field) ? this.#count(of[field] ?? 0, `${at}${field}`, 0) : 0;
    return { tools: count("tool_tokens"), system: count("system_tokens") };
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
