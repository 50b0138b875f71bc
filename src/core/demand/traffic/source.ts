// Where requests come from: a sorted stream of arrivals that the engine merges with its event queue, one arrival
// at a time. A source knows nothing of the fleet, so that changing a policy never changes the demand; where callers go
// on from answers, it is told of each request's end, and of nothing else.
import type { Wanted } from "../../api/wire.js";
import { NONE } from "../../base/none.js";
import type { Instant } from "../../base/units.js";
import type { SessionTotals } from "../../stats/session-lives.js";
import type { TraceReport } from "../trace/report.js";

/** One arrival, filled in by the source and reused: copy what you keep. */
export interface Arrival extends Wanted {
  /** What the caller names and asks for; the catalogue says which path that is. */
  model: string;
  serviceTier: string | undefined;
  /** The source's own number for the request, handed back when it is over; NONE where it does not ask. */
  ticket: number;
}

/** An arrival for a source to fill in. */
export function emptyArrival(): Arrival {
  return {
    account: 0,
    model: "",
    serviceTier: undefined,
    inputTokens: 0,
    cachedTokens: 0,
    prefix: NONE,
    prefixTokens: 0,
    session: NONE,
    sharedTokens: 0,
    outputTokens: 0,
    maxTokens: 0,
    ticket: NONE,
  };
}

/** How a request ended, as its caller sees it. One object, reused: copy what you keep. */
export interface RequestEnd {
  ticket: number;
  /** Answered in full; otherwise its client has given up. */
  completed: boolean;
  outputTokens: number;
  /** US dollars; 0 where nothing is charged. */
  cost: number;
}

/** How many were to be longer. */
export interface SourceCuts {
  readonly prompts: number;
  readonly outputs: number;
  readonly thinkTimes: number;
}

export interface SourceReading {
  /** As the scenario names the file. */
  readonly file: string;
  readonly report: TraceReport;
}

export interface Source {
  readonly name: string;
  /**
   * When the next request arrives; NEVER when there is none, or none before an answer comes. Only an answer brings it
   * forward, and never before the time of that answer.
   */
  readonly nextAt: Instant;
  /** Describes the arrival at `nextAt` and moves on to the next. */
  take(arrival: Arrival): void;
  /** Told once of every request with a ticket, when it is over. Only of sources whose callers continue from answers. */
  ended?(end: RequestEnd, now: Instant): void;
  /** How the trace that it replays is read, filled as it is; only of those that replay one. */
  readonly reading?: SourceReading | undefined;
  /** What it cut to its bounds so far; only of sources that do. */
  readonly cuts?: SourceCuts | undefined;
  /** How its sessions went so far; only of sources that have some. */
  sessionTotals?(now: Instant): SessionTotals;
}
