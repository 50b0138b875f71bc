// Makes rows of one session of a coding agent: its start, the sub-agents beside its main thread, and the pauses. It
// does not know how the session was written.
import { type RowDraft, UNSAID } from "../format.js";
import { capped, type PauseContext } from "../pause-clock.js";
import type { RowKind } from "../row.js";
import type { SessionStarts } from "../session-starts.js";

/** Which pauses of a session are replayed. */
export const THINK_TIMES = ["think-only", "original", "api-scaled"] as const;

export interface WekaContext extends PauseContext {
  readonly starts: SessionStarts;
  readonly thinkTimes: (typeof THINK_TIMES)[number];
  /** Factor on recorded response times under "api-scaled". */
  readonly apiScale: number;
}

/** A time that the trace does not tell. */
export const UNKNOWN_SECONDS = -1;
const MICROS = 1_000_000;
/** Where the ids of sessions with ids of their own begin, above those that all sessions share. */
const FIRST_LOCAL_BLOCK = 2 ** 40;

/** Times in seconds, UNKNOWN_SECONDS where the trace does not tell. */
export interface WekaRequest {
  /** Since the start of the session, or of the sub-agent. */
  readonly t: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number | undefined;
  readonly kind: RowKind;
  readonly model: string;
  /** How long the response took. */
  readonly api: number;
  /** Pause since the response before. */
  readonly think: number;
  readonly blocks: readonly number[] | undefined;
}

/** How long the parts are with which prompts begin. */
export interface StartTokens {
  readonly tools: number;
  readonly system: number;
}

export interface WekaSubAgent {
  readonly agent: string;
  /** When the marker was written, since the start of the session. */
  readonly t: number;
  /** How long the sub-agent worked. */
  readonly seconds: number;
  readonly start: StartTokens;
  readonly requests: readonly WekaRequest[];
}

interface Placed {
  readonly request: WekaRequest;
  readonly agent: string;
  /** Since the start of the session, pauses cut. */
  readonly micros: number;
  readonly thinkMicros: number;
}

/** The main thread of a session or one of its sub-agents, as far as it was placed. */
interface Thread {
  readonly agent: string;
  before: WekaRequest | undefined;
  /** Recorded time of the request before, in microseconds of the session. */
  beforeMicros: number;
  /** What cut pauses have moved this thread forward so far. */
  cutMicros: number;
}

export class WekaSessions {
  readonly #context: WekaContext;
  #name = "";
  #blockTokens = 0;
  #start = 0;
  #rows: readonly Placed[] = [];
  #next = 0;
  #blockBase = 0;
  #shared: ReadonlyMap<number, number> = new Map();
  #freeBlock = FIRST_LOCAL_BLOCK;

  constructor(context: WekaContext) {
    this.#context = context;
  }

  /** Places a session in time; `next` hands out its rows. `shared` are ids of blocks that it has with others. */
  open(
    name: string,
    events: readonly (WekaRequest | WekaSubAgent)[],
    blockTokens: number,
    globalBlocks: boolean,
    shared: ReadonlyMap<number, number>,
  ): void {
    this.#shared = shared;
    this.#name = name;
    this.#blockTokens = blockTokens;
    this.#start = this.#context.starts.next();
    this.#rows = placed(events, this.#context);
    this.#next = 0;
    let end = 0;
    let lastBlock = -1;
    for (const { request, micros } of this.#rows) {
      end = Math.max(end, micros + toMicros(Math.max(0, request.api)));
      for (const block of request.blocks ?? []) lastBlock = Math.max(lastBlock, block);
    }
    this.#context.starts.endsAt(this.#start + end);
    this.#blockBase = globalBlocks ? 0 : this.#freeBlock;
    if (!globalBlocks) this.#freeBlock += lastBlock + 1;
  }

  next(draft: RowDraft): boolean {
    const row = this.#rows[this.#next++];
    if (row === undefined) return false;
    const { request } = row;
    const [base, shared] = [this.#blockBase, this.#shared];
    draft.micros = this.#start + row.micros;
    draft.clock = "seconds";
    draft.inputTokens = request.input;
    draft.outputTokens = request.output;
    draft.cachedTokens = request.cached ?? UNSAID;
    draft.session = this.#name;
    draft.model = request.model;
    draft.agent = row.agent;
    draft.thinkMicros = row.thinkMicros;
    draft.endedMicros = request.api < 0 ? UNSAID : draft.micros + toMicros(request.api);
    draft.blocks =
      base === 0 ? request.blocks : request.blocks?.map((block) => shared.get(block) ?? base + block);
    draft.blockTokens = this.#blockTokens;
    draft.kind = request.kind;
    return true;
  }
}

/** All requests of a session with their times and pauses, the main thread waiting for its sub-agents. */
function placed(events: readonly (WekaRequest | WekaSubAgent)[], context: WekaContext): Placed[] {
  const rows: Placed[] = [];
  const main: Thread = { agent: "", before: undefined, beforeMicros: 0, cutMicros: 0 };
  let joinMicros = 0;
  for (const event of events) {
    if ("input" in event) {
      const row = place(event, toMicros(event.t), main, context);
      const micros = Math.max(row.micros, joinMicros);
      main.cutMicros -= micros - row.micros;
      rows.push({ ...row, micros });
      joinMicros = 0;
    } else {
      joinMicros = Math.max(joinMicros, placeAgent(event, main, rows, context));
    }
  }
  return rows;
}

/** Returns when the sub-agent's last response ends. */
function placeAgent(event: WekaSubAgent, main: Thread, rows: Placed[], context: WekaContext): number {
  const mainEnd = main.before === undefined ? 0 : endOf(main);
  const thread: Thread = { ...main, agent: event.agent };
  const start = agentStart(event, mainEnd);
  let end = 0;
  for (const [index, request] of event.requests.entries()) {
    const micros = start + toMicros(request.t);
    // The first comes a pause after the main thread's response, which its own think time does not tell.
    if (index === 0 && request.think > 0)
      context.note(
        "think times of first requests of sub-agents, which begin when they are called",
        1,
        "ignored",
      );
    const own = index === 0 ? { ...request, think: (micros - mainEnd) / MICROS } : request;
    const row = place(own, micros, thread, context);
    rows.push({ ...row, request });
    end = row.micros + toMicros(Math.max(0, request.api));
  }
  return end;
}

/**
 * A marker is written when the sub-agent reports: in all sessions of the published data that tell how long it
 * worked, the marker less that time lies 0.1 to 1.1 s behind the response that spawned it, and the main thread
 * goes on behind the marker. Where that would let it begin before that response, the marker is its start.
 */
function agentStart({ t, seconds, requests }: WekaSubAgent, mainEnd: number): number {
  const last = requests.at(-1);
  const worked = seconds >= 0 ? seconds : (last?.t ?? 0) + Math.max(0, last?.api ?? 0);
  const start = toMicros(t - worked);
  return start >= mainEnd && start >= 0 ? start : toMicros(t);
}

function place(request: WekaRequest, micros: number, thread: Thread, context: WekaContext): Placed {
  const { before, agent } = thread;
  let thinkMicros = UNSAID;
  if (before !== undefined) {
    const pause = pauseOf(request, micros, thread, before, context);
    thinkMicros = capped(pause, context);
    thread.cutMicros += pause - thinkMicros;
  }
  thread.before = request;
  thread.beforeMicros = micros;
  const moved = micros - thread.cutMicros;
  if (moved < 0) context.note("requests that cut pauses move before their session's start, moved to it");
  return { request, agent, micros: Math.max(0, moved), thinkMicros };
}

/** The pause to be replayed, in microseconds; where the trace tells none, what its times leave between two requests. */
function pauseOf(
  { think }: WekaRequest,
  micros: number,
  thread: Thread,
  before: WekaRequest,
  { thinkTimes, apiScale, note }: WekaContext,
): number {
  const sinceNone = (before: number) => {
    if (micros < before) note("requests that their session sent before the response to the one before ended");
    return Math.max(0, micros - before);
  };
  if (thinkTimes === "original") return sinceNone(thread.beforeMicros);
  const thought = think >= 0 ? toMicros(think) : sinceNone(endOf(thread));
  if (thinkTimes === "think-only") return thought;
  return thought + toMicros(Math.max(0, before.api) * apiScale);
}

/** Recorded end of the thread's last response, or its start where the trace does not tell. */
function endOf({ before, beforeMicros }: Thread): number {
  return beforeMicros + toMicros(Math.max(0, before?.api ?? 0));
}

function toMicros(seconds: number): number {
  return Math.round(seconds * MICROS);
}
