// The plan of a session's thread, an agent's, a sub-agent's or a chat's: its next request, once that is planned. A
// thread has one request in flight at most; its plan knows neither time nor how requests end, so that no answer changes
// its draws.
import type { Cuts } from "../lengths.js";

/** Bounds that the path sets, and the offsets of the logarithm of lengths that the account has. */
export interface PlanLimits {
  readonly maxInput: number;
  readonly maxOutput: number;
  readonly inputOffset: number;
  readonly outputOffset: number;
  readonly prefixTokens: number;
}

export interface ThreadPlan {
  /** The planned request: its whole prompt and its answer. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens from the start of the prompt that the thread has had before. */
  readonly sharedTokens: number;
  readonly prefixTokens: number;
  /** Seconds from the end of the answer before, or of the last sub-agent; 0 for the first. */
  readonly gap: number;
  /** Whether it has thrown its context away: the request opens a new session in the sense of a prefix cache. */
  readonly restarts: boolean;
  /** Whether a person, and not a tool, makes the request. */
  readonly byHuman: boolean;
  /** Sub-agents that its answer starts. */
  readonly children: number;
  /** What it cut to its bounds in the requests that it planned, until whoever sends them takes it. */
  readonly cuts: Cuts;
  /** Plans the next request; false when there is none. */
  next(): boolean;
}
