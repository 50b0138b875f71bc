// A session of a trace that is being replayed: its main thread and its sub-agents, what of them waits, and when a
// request may be sent. Knows rows and the times of answers, neither where rows come from nor who takes the requests.
//
// The next request of a thread comes
// - the recorded think time after the end of its response before it, which for the first of a sub-agent is the main
//   thread's;
// - without a think time, where the trace tells when responses ended, the recorded pause after all it waits for;
// - else at its recorded time, or with the last answer it waits for if that is later.
// A thread waits for its own answers, the first of a sub-agent for the main thread's before it, and the main thread for
// all of its sub-agents that stand before the request in the trace (JOIN).

import { NONE } from "../../../base/none.js";
import type { Instant } from "../../../base/units.js";
import { type EventHandle, NO_EVENT } from "../../../kernel/event-queue.js";
import type { TraceRow } from "../../trace/row.js";
import type { MixEntry } from "../mix.js";
import type { Placed } from "./row-contexts.js";

const UNKNOWN = -1;

interface Item {
  readonly row: TraceRow;
  /** Place among the rows of its session. */
  readonly order: number;
}

/** What a row takes of the memory set aside for rows that wait. */
export function cellsOf(row: TraceRow): number {
  return 16 + (row.blocks?.length ?? 0);
}

/** The main thread of a session, a sub-agent of one, or a request without a session. */
export class ReplayedThread implements Placed {
  state: "idle" | "scheduled" | "in flight" = "idle";
  slot: number = NONE;
  handle: EventHandle = NO_EVENT;
  /** The request that is scheduled or in flight. */
  current: Item | undefined;
  /** Microseconds between the last answer it waited for and its arrival, UNKNOWN for the first of a session. */
  pause = UNKNOWN;
  /** Whether the current request has its place in a context. */
  isPlaced = false;
  prefix: number = NONE;
  prefixTokens = 0;
  session: number = NONE;
  sharedTokens = 0;
  /** End of the last answer as simulated and, where the trace tells it, as recorded. */
  endedAt = UNKNOWN;
  recordedEnd = UNKNOWN;
  /** How far it is ahead of its recording, in microseconds; below 0 where it is behind. */
  lead = Number.NEGATIVE_INFINITY;
  /** Undefined for a request without a session. */
  readonly owner: ReplayedSession | undefined;
  readonly agent: string;
  readonly account: number;
  readonly entry: MixEntry;
  /** Moves that its session made before it began, or it itself without one. */
  readonly moved: number;
  #waiting: Item[] = [];
  #first = 0;

  constructor(
    owner: ReplayedSession | undefined,
    agent: string,
    account: number,
    entry: MixEntry,
    moved: number,
  ) {
    this.owner = owner;
    this.agent = agent;
    this.account = account;
    this.entry = entry;
    this.moved = moved;
  }

  push(row: TraceRow, order: number): void {
    this.#waiting.push({ row, order });
  }

  /** Makes the next row that waits the current one. There must be one. */
  advance(): void {
    this.current = this.#waiting[this.#first++];
    this.isPlaced = false;
    if (this.#first < 64 || 2 * this.#first < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }

  /** The first row that is not answered yet. */
  get outstanding(): Item | undefined {
    return this.current ?? this.#waiting[this.#first];
  }

  /** Forgets and returns the rows that wait. */
  drop(): readonly Item[] {
    const dropped = this.#waiting.slice(this.#first);
    this.#waiting = [];
    this.#first = 0;
    return dropped;
  }

  answered(now: Instant): void {
    const { at, endedAt } = this.current!.row;
    this.current = undefined;
    this.endedAt = now;
    this.recordedEnd = endedAt ?? UNKNOWN;
    this.lead = (endedAt ?? at) - now;
  }

  /** Advances and returns when the request arrives, in microseconds; undefined where it cannot be said yet. */
  startOfNext(): number | undefined {
    const item = this.#waiting[this.#first];
    const session = this.owner!;
    if (this.state !== "idle" || item === undefined || session.isBlocked(this, item)) return undefined;
    this.advance();
    const { row } = item;
    const before = this.endedAt < 0 ? session.main : this;
    if (before.endedAt < 0) {
      this.pause = UNKNOWN;
      return row.at + session.shift;
    }
    const ready = session.readyAt(this, before);
    const at = arrivalOf(row, before, ready, session, this);
    this.pause = at - ready;
    return at;
  }
}

function arrivalOf(
  row: TraceRow,
  before: ReplayedThread,
  ready: number,
  session: ReplayedSession,
  thread: ReplayedThread,
): number {
  if (row.thinkTime !== undefined) return Math.max(ready, before.endedAt + row.thinkTime);
  const recorded = session.recordedReady(thread, before);
  if (recorded >= 0) return ready + Math.max(0, row.at - recorded);
  return Math.max(ready, row.at + session.shift);
}

export class ReplayedSession {
  readonly name: string;
  readonly main: ReplayedThread;
  /** From recorded to simulated time, for its first request. */
  readonly shift: number;
  isGone = false;
  startedAt = UNKNOWN;
  lastEnd = 0;
  requests = 0;
  /** Rows read and not answered. */
  outstanding = 0;
  /** Recorded time up to which the trace was read at its last row or end of a request. */
  touchedAt = 0;
  readonly #agents = new Map<string, ReplayedThread>();
  #pushed = 0;

  constructor(name: string, account: number, entry: MixEntry, shift: number, moved: number) {
    this.name = name;
    this.shift = shift;
    this.main = new ReplayedThread(this, "", account, entry, moved);
  }

  /** Queues a row; returns its thread. */
  push(row: TraceRow): ReplayedThread {
    const thread = this.#threadOf(row.agent);
    thread.push(row, this.#pushed++);
    return thread;
  }

  *threads(): Generator<ReplayedThread, void, undefined> {
    yield this.main;
    yield* this.#agents.values();
  }

  /** The threads that may have waited for an answer of this one, itself included. */
  *afterAnswer(thread: ReplayedThread): Generator<ReplayedThread, void, undefined> {
    yield thread;
    if (thread !== this.main) yield this.main;
    else for (const agent of this.#agents.values()) if (agent.endedAt < 0) yield agent;
  }

  isBlocked(thread: ReplayedThread, item: Item): boolean {
    if (thread !== this.main) return thread.endedAt < 0 && isBefore(this.main, item);
    for (const agent of this.#agents.values()) if (isBefore(agent, item)) return true;
    return false;
  }

  /** When the last answer that a thread waits for came, given that all have. */
  readyAt(thread: ReplayedThread, before: ReplayedThread): number {
    let ready = before.endedAt;
    if (thread === this.main)
      for (const agent of this.#agents.values()) ready = Math.max(ready, agent.endedAt);
    return ready;
  }

  /** The same in recorded time, UNKNOWN where the trace does not tell all of it. */
  recordedReady(thread: ReplayedThread, before: ReplayedThread): number {
    let ready = before.recordedEnd;
    if (thread !== this.main || ready < 0) return ready;
    for (const agent of this.#agents.values()) {
      if (agent.endedAt < 0) continue;
      if (agent.recordedEnd < 0) return UNKNOWN;
      ready = Math.max(ready, agent.recordedEnd);
    }
    return ready;
  }

  #threadOf(agent: string): ReplayedThread {
    if (agent === "") return this.main;
    let thread = this.#agents.get(agent);
    if (thread === undefined) {
      const { account, entry, moved } = this.main;
      thread = new ReplayedThread(this, agent, account, entry, moved);
      this.#agents.set(agent, thread);
    }
    return thread;
  }
}

function isBefore(thread: ReplayedThread, { order }: Item): boolean {
  const { outstanding } = thread;
  return outstanding !== undefined && outstanding.order < order;
}
