// Replays the sessions of a trace, closed loop: the next request of a session arrives its think time after the end of
// the simulated response, so that a slow fleet is asked later and a fast one sooner. session-threads.ts says when.
// Knows nothing of the fleet beyond answers.
//
// Rows are read as far as recorded time has come: to the next arrival, and beyond it as far as the sessions are
// ahead of their recording. What is read and must wait for an answer is held; where that is more than MOST_CELLS,
// reading waits too, and requests behind may come late. A session that the trace has been silent about for
// `forgetAfter` of recorded time is over and forgotten: a later row of its name begins a new one.

import { NONE } from "../../../base/none.js";
import { type Duration, duration, type Instant, instant, NEVER } from "../../../base/units.js";
import { EventQueue } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import { openStream, type Seed, type Stream } from "../../../random/stream.js";
import type { SessionTotals } from "../../../stats/session-lives.js";
import { sessionKey, type TraceRow } from "../../trace/row.js";
import { limited } from "../../trace/transform.js";
import type { AccountNames } from "../accounts.js";
import type { Contexts } from "../contexts.js";
import { Cuts } from "../lengths.js";
import type { OpenSession, SessionBook } from "../session-book.js";
import type { Arrival, RequestEnd, Source, SourceReading } from "../source.js";
import { RowContexts } from "./row-contexts.js";
import { cellsOf, ReplayedSession, ReplayedThread } from "./session-threads.js";
import { TraceCallers } from "./trace-callers.js";
import { describeRow, type TraceReplayOptions } from "./trace-replay.js";

/** Assumption: callers that are away for longer come back as others, and no KV cache remembers them. */
const FORGET_AFTER: Duration = duration(3600e6);
/** Assumption. */
export const ABANDON = 0.5;
/** How much of what waits is held: a row counts 16 and one for each of its blocks, so about 250 MB. */
const MOST_CELLS = 32 * 1024 * 1024;
/** A caller that comes back after a refusal waits as long as before the request, but not less than this. */
const LEAST_RESUME: Duration = duration(1e6);
/** And this before the first request of a session: the median gap of people in WEKA. */
const FIRST_RESUME: Duration = duration(105e6);

export interface SessionReplayOptions extends TraceReplayOptions {
  /** Probability that a session ends when its client has given up; else it tries the same request again. */
  readonly abandon: number;
  /** How many times as many sessions start in a second as were recorded; their pauses stay. 1 where left out. */
  readonly rateScale?: number | undefined;
  readonly forgetAfter?: Duration | undefined;
  readonly book: SessionBook;
}

export class SessionReplay implements Source {
  readonly name: string;
  readonly reading: SourceReading | undefined;
  readonly cuts: Cuts = new Cuts();
  /** Of requests that are tried again, which were counted. */
  readonly #again = new Cuts();
  readonly sessions: SessionBook;
  readonly #options: SessionReplayOptions;
  readonly #scale: number;
  readonly #forgetAfter: Duration;
  readonly #rows: Iterator<TraceRow>;
  readonly #callers: TraceCallers;
  readonly #contexts: RowContexts;
  readonly #abandonStream: Stream;
  readonly #calendar = new EventQueue(64);
  /** By name, those longest silent first. */
  readonly #live = new Map<string, ReplayedSession>();
  readonly #slots: (ReplayedThread | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #row: TraceRow | undefined;
  #readAt = 0;
  #now = 0;
  #heldCells = 0;
  #inFlight = 0;
  /** How far the session that is furthest ahead of its recording is ahead, at least. */
  #lead = 0;
  #answers = 0;

  /** Throws INVALID_TRACE when the first rows are bad; later ones throw from `take` and `ended`. */
  constructor(
    options: SessionReplayOptions,
    rows: Iterable<TraceRow>,
    seed: Seed,
    names: AccountNames,
    contexts: Contexts,
  ) {
    this.name = options.name;
    this.reading = options.reading;
    this.sessions = options.book;
    this.#options = options;
    this.#scale = options.rateScale ?? 1;
    this.#forgetAfter = options.forgetAfter ?? FORGET_AFTER;
    this.#rows = (options.limit === undefined ? rows : limited(rows, options.limit))[Symbol.iterator]();
    this.#callers = new TraceCallers(options, seed, names);
    this.#contexts = new RowContexts(contexts);
    this.#abandonStream = openStream(seed, `traffic/${options.name}/abandon`);
    this.#nextRow();
    this.#readOn();
  }

  get nextAt(): Instant {
    return this.#calendar.nextAt;
  }

  /** Sessions that are not forgotten, and rows that wait; for tests of memory. */
  get held(): { readonly sessions: number; readonly cells: number } {
    return { sessions: this.#live.size, cells: this.#heldCells };
  }

  take(arrival: Arrival): void {
    const calendar = this.#calendar;
    calendar.pop();
    this.#now = calendar.time;
    const slot = calendar.subject;
    const thread = this.#slots[slot]!;
    this.#describe(thread, arrival);
    const session = thread.owner;
    if (session === undefined) {
      arrival.ticket = NONE;
      this.#release(slot);
    } else {
      arrival.ticket = slot;
      thread.state = "in flight";
      this.#inFlight++;
      if (session.startedAt < 0) {
        session.startedAt = this.#now;
        this.sessions.started(this.#now);
      }
    }
    this.#readOn();
  }

  ended({ ticket, completed, cost }: RequestEnd, now: Instant): void {
    const thread = this.#slots[ticket]!;
    const session = thread.owner!;
    this.#now = now;
    this.#inFlight--;
    session.requests++;
    if (!session.isGone) this.sessions.charged(session.startedAt, now, cost);
    if (session.isGone) this.#release(ticket);
    else if (completed) this.#answered(ticket, thread, session, now);
    else if (this.#abandonStream.uniform() < this.#options.abandon) this.#abandon(ticket, session, now);
    else {
      const pause = thread.pause < 0 ? FIRST_RESUME : Math.max(thread.pause, LEAST_RESUME);
      this.#schedule(ticket, thread, now + pause);
    }
    this.#readOn();
  }

  sessionTotals(now: Instant): SessionTotals {
    return this.sessions.totals(this.#underWay(), now);
  }

  /** Of one that waits for nothing it is not known whether the trace has more. */
  *#underWay(): Generator<OpenSession, void, undefined> {
    for (const { isGone, startedAt, outstanding, lastEnd } of this.#live.values()) {
      if (!isGone && startedAt >= 0) yield { startedAt, knownUntil: outstanding > 0 ? NEVER : lastEnd };
    }
  }

  #describe(thread: ReplayedThread, arrival: Arrival): void {
    const { row } = thread.current!;
    describeRow(row, thread.entry, this.#options, arrival, thread.isPlaced ? this.#again : this.cuts);
    this.#callers.moves?.readdress(arrival, thread.moved);
    arrival.account = thread.account;
    // Once for a request that is tried again: its context has not grown since.
    if (!thread.isPlaced) this.#contexts.place(row, thread);
    thread.isPlaced = true;
    arrival.prefix = thread.prefix;
    arrival.prefixTokens = thread.prefixTokens;
    arrival.session = thread.session;
    arrival.sharedTokens = thread.sharedTokens;
  }

  #answered(slot: number, thread: ReplayedThread, session: ReplayedSession, now: Instant): void {
    this.#release(slot);
    thread.answered(now);
    session.lastEnd = now;
    session.outstanding--;
    this.#touch(session);
    this.#lead = Math.max(this.#lead, thread.lead);
    for (const waiting of session.afterAnswer(thread)) this.#start(waiting);
    if (++this.#answers > Math.max(64, this.#live.size)) this.#measureLead();
    if (this.#row === undefined && session.outstanding === 0) this.#finish(session);
  }

  /** Its rows that still wait are dropped; what is in flight ends when it ends. */
  #abandon(slot: number, session: ReplayedSession, now: Instant): void {
    this.#release(slot);
    this.sessions.abandoned(session.startedAt, now);
    session.isGone = true;
    for (const thread of session.threads()) {
      for (const { row } of thread.drop()) this.#heldCells -= cellsOf(row);
      if (thread.state !== "scheduled") continue;
      this.#calendar.cancel(thread.handle);
      this.#release(thread.slot);
    }
    session.outstanding = 0;
    this.#touch(session);
    if (this.#row === undefined) this.#finish(session);
  }

  /** Reads rows until none that is unread can arrive before the next arrival. */
  #readOn(): void {
    while (this.#row !== undefined) {
      const next = this.#calendar.nextAt;
      if (next < NEVER && this.#row.at > Math.max(next * this.#scale, next + this.#lead)) return;
      if (this.#heldCells > MOST_CELLS && this.#inFlight > 0) return;
      this.#accept(this.#row);
      this.#nextRow();
    }
  }

  #nextRow(): void {
    const next = this.#rows.next();
    this.#row = next.done === true ? undefined : next.value;
    if (this.#row !== undefined) return;
    for (const session of [...this.#live.values()]) if (session.outstanding === 0) this.#finish(session);
  }

  #accept(row: TraceRow): void {
    this.#readAt = row.at;
    this.#forget();
    if (row.session === "") {
      const callers = this.#callers;
      const account = callers.accountOf(row);
      const at = Math.round(row.at / this.#scale);
      const thread = new ReplayedThread(
        undefined,
        "",
        account,
        callers.drawEntry(),
        this.#moved(account, at),
      );
      thread.push(row, 0);
      thread.advance();
      this.#schedule(this.#enter(thread), thread, at);
      return;
    }
    const session = this.#live.get(sessionKey(row)) ?? this.#open(row);
    this.#touch(session);
    if (session.isGone) return;
    session.outstanding++;
    this.#heldCells += cellsOf(row);
    this.#start(session.push(row));
  }

  /** Account and path of a session are drawn once, whether needed or not, so that nothing shifts another's draw. */
  #open(row: TraceRow): ReplayedSession {
    const account = this.#callers.accountOf(row);
    const entry = this.#callers.drawEntry();
    const at = Math.round(row.at / this.#scale);
    const session = new ReplayedSession(
      sessionKey(row),
      account,
      entry,
      at - row.at,
      this.#moved(account, at),
    );
    this.#live.set(session.name, session);
    return session;
  }

  /** What begins at a time, and stays with the models that it begins with. */
  #moved(account: number, at: number): number {
    return this.#callers.moves?.madeBy(account, at as Instant, 0) ?? 0;
  }

  /** Gives the next request of a thread its time, if nothing it waits for is missing. */
  #start(thread: ReplayedThread): void {
    const at = thread.startOfNext();
    if (at === undefined) return;
    this.#heldCells -= cellsOf(thread.current!.row);
    this.#schedule(this.#enter(thread), thread, at);
  }

  #schedule(slot: number, thread: ReplayedThread, at: number): void {
    thread.state = "scheduled";
    // What was read late comes late.
    const when = instant(Math.max(at, this.#now));
    thread.handle = this.#calendar.schedule(when, Phase.arrival, 0, slot);
  }

  #enter(thread: ReplayedThread): number {
    const slot = this.#freeSlots.pop() ?? this.#slots.length;
    this.#slots[slot] = thread;
    thread.slot = slot;
    return slot;
  }

  #release(slot: number): void {
    const thread = this.#slots[slot]!;
    thread.state = "idle";
    thread.slot = NONE;
    this.#slots[slot] = undefined;
    this.#freeSlots.push(slot);
  }

  #touch(session: ReplayedSession): void {
    session.touchedAt = this.#readAt;
    this.#live.delete(session.name);
    this.#live.set(session.name, session);
  }

  #forget(): void {
    for (const session of this.#live.values()) {
      if (this.#readAt - session.touchedAt <= this.#forgetAfter) return;
      if (session.outstanding > 0) this.#touch(session);
      else this.#finish(session);
    }
  }

  #finish(session: ReplayedSession): void {
    this.#live.delete(session.name);
    for (const { agent } of session.threads()) this.#contexts.forget(session.name, agent);
    if (session.isGone) return;
    this.sessions.finished(session.startedAt, session.lastEnd, session.requests);
  }

  #measureLead(): void {
    this.#answers = 0;
    this.#lead = 0;
    for (const session of this.#live.values()) {
      for (const thread of session.threads()) this.#lead = Math.max(this.#lead, thread.lead);
    }
  }
}
