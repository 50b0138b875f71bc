// Sessions of a trace, as they come: requests, turns, pauses, growth of the context, sub-agents. Memory grows with the
// number of sessions, by a few numbers each. Knows rows, not their format.
import { MICROS_PER_SECOND } from "../../base/units.js";
import { sessionKey, type TraceRow } from "../../demand/trace/row.js";
import { BetweenSessions, LogSums, Measure } from "./measure.js";

/** A thread of a session: its main thread, or a sub-agent. */
interface ThreadState {
  input: number;
  output: number;
  endedAt: number | undefined;
  requests: number;
}

interface SessionState {
  requests: number;
  turns: number;
  /** Requests of the turn at hand. */
  ofTurn: number;
  /** Turns of one request so far, the one at hand left out. */
  ones: number;
  longestInput: number;
  /** Sub-agents begun since the main thread's last request. */
  group: number;
  readonly threads: Map<string, ThreadState>;
  readonly output: LogSums;
  readonly growth: LogSums;
  readonly toolGap: LogSums;
}

const SECOND = 1 / MICROS_PER_SECOND;
/** A prompt that is shorter than this share of the one before was compacted, not edited. */
const COMPACTED = 0.6;
/** Nor is one of a short context. */
const LEAST_COMPACTED = 8000;

export class SessionProfile {
  readonly requests = new Measure(1, 2);
  readonly turns = new Measure(1, 2);
  readonly requestsPerTurn = new Measure(1, 2);
  readonly firstInput = new Measure(1, 64);
  /** Tokens of a prompt beyond the one before and its answer; 0 included. */
  readonly growth = new Measure(1, 1);
  readonly toolGap = new Measure(SECOND, 1 / 64);
  readonly humanGap = new Measure(SECOND, 1 / 64);
  /** Pauses before requests of which the trace does not say whether a person or a tool made them. */
  readonly otherGap = new Measure(SECOND, 1 / 64);
  readonly compactedFrom = new Measure(1, 64);
  readonly compactedTo = new Measure(1, 64);
  readonly agentRequests = new Measure(1, 2);
  readonly agentFirst = new Measure(1, 64);
  readonly agentGrowth = new Measure(1, 1);
  readonly agentGap = new Measure(SECOND, 1 / 64);
  /** Sub-agents that a main thread waits for at once. */
  readonly agentGroups = new Measure(1, 2);
  /** The longest prompt of each session. */
  readonly longest = new Measure(1, 64);
  /** Turns of sessions of several turns, and those of them of one request. */
  turnsOfSeveral = 0;
  onesOfSeveral = 0;
  readonly between = {
    output: new BetweenSessions(),
    growth: new BetweenSessions(),
    toolGap: new BetweenSessions(),
  };
  agents = 0;
  /** Requests with a session, and those of them whose kind the trace tells. */
  rows = 0;
  rowsOfKind = 0;
  /** Prompts shorter than the one before them that were not compacted. */
  cuts = 0;
  longestInput = 0;
  readonly #open = new Map<string, SessionState>();

  get count(): number {
    return this.#open.size;
  }

  /** Takes a row of a session. Returns how much of its prompt its thread had before, in tokens. */
  add(row: TraceRow): number {
    const session = this.#sessionOf(row);
    this.rows++;
    if (row.kind !== "") this.rowsOfKind++;
    this.longestInput = Math.max(this.longestInput, row.inputTokens);
    session.requests++;
    session.longestInput = Math.max(session.longestInput, row.inputTokens);
    if (row.agent === "") {
      this.#turn(session, row);
      if (session.group > 0) this.agentGroups.add(session.group);
      session.group = 0;
    }
    this.between.output.value(row.outputTokens);
    session.output.add(row.outputTokens);
    let thread = session.threads.get(row.agent);
    if (thread === undefined) {
      thread = { input: 0, output: 0, endedAt: undefined, requests: 0 };
      session.threads.set(row.agent, thread);
      if (row.agent === "") this.firstInput.add(row.inputTokens);
      else {
        this.agents++;
        session.group++;
        this.agentFirst.add(row.inputTokens);
      }
    } else {
      this.#gap(session, row, thread);
      if (row.agent === "") this.#grow(session, row, thread);
      else this.agentGrowth.add(Math.max(0, row.inputTokens - thread.input - thread.output));
    }
    thread.requests++;
    const shared =
      row.inputTokens < thread.input ? 0 : Math.min(row.inputTokens, thread.input + thread.output);
    thread.input = row.inputTokens;
    thread.output = row.outputTokens;
    thread.endedAt = row.endedAt;
    return shared;
  }

  /** To be called once, behind the last row. */
  close(): void {
    for (const session of this.#open.values()) {
      this.requests.add(session.requests);
      this.longest.add(session.longestInput);
      for (const [agent, { requests }] of session.threads) if (agent !== "") this.agentRequests.add(requests);
      this.between.output.session(session.output);
      this.between.growth.session(session.growth);
      this.between.toolGap.session(session.toolGap);
      if (session.turns === 0) continue;
      this.turns.add(session.turns);
      this.requestsPerTurn.add(session.ofTurn);
      if (session.turns === 1) continue;
      this.turnsOfSeveral += session.turns;
      this.onesOfSeveral += session.ones + (session.ofTurn === 1 ? 1 : 0);
    }
  }

  #sessionOf(row: TraceRow): SessionState {
    const name = sessionKey(row);
    let session = this.#open.get(name);
    if (session === undefined) {
      const sums = { output: new LogSums(), growth: new LogSums(), toolGap: new LogSums() };
      const counts = { requests: 0, turns: 0, ofTurn: 0, ones: 0, longestInput: 0, group: 0 };
      session = { ...counts, threads: new Map(), ...sums };
      this.#open.set(name, session);
    }
    return session;
  }

  /** A turn begins with a person's message; the first request begins one, of whatever kind. */
  #turn(session: SessionState, { kind }: TraceRow): void {
    if (kind === "tool" && session.turns > 0) {
      session.ofTurn++;
      return;
    }
    if (session.turns > 0) this.requestsPerTurn.add(session.ofTurn);
    if (session.turns > 0 && session.ofTurn === 1) session.ones++;
    session.turns++;
    session.ofTurn = 1;
  }

  #gap(session: SessionState, row: TraceRow, thread: ThreadState): void {
    const sinceEnd = thread.endedAt === undefined ? undefined : Math.max(0, row.at - thread.endedAt);
    const micros = row.thinkTime ?? sinceEnd;
    if (micros === undefined) return;
    const gap = micros * SECOND;
    if (row.agent !== "") this.agentGap.add(gap);
    else if (row.kind === "human") this.humanGap.add(gap);
    else if (row.kind === "") this.otherGap.add(gap);
    else {
      this.toolGap.add(gap);
      this.between.toolGap.value(gap);
      session.toolGap.add(gap);
    }
  }

  #grow(session: SessionState, row: TraceRow, thread: ThreadState): void {
    if (row.inputTokens >= thread.input) {
      const grown = Math.max(0, row.inputTokens - thread.input - thread.output);
      this.growth.add(grown);
      this.between.growth.value(grown);
      session.growth.add(grown);
    } else if (thread.input >= LEAST_COMPACTED && row.inputTokens < COMPACTED * thread.input) {
      this.compactedFrom.add(thread.input);
      this.compactedTo.add(row.inputTokens);
    } else this.cuts++;
  }
}
