// One ended attempt, as `requests.csv` lists it. Times are seconds since the start of the run; null where the
// attempt never got that far.
import type { OutcomeName, ReasonName } from "../../base/outcome.js";

export interface AttemptRow {
  /** Number of the logical request, from 1 in order of first arrival. */
  readonly request: number;
  /** 1 for the first attempt, 2 for its first retry, and so on. */
  readonly attempt: number;
  /** Traffic source of the scenario. */
  readonly source: string;
  readonly account: string;
  /** Path name, or `unrouted`. */
  readonly tier: string;
  readonly outcome: OutcomeName;
  readonly reason: ReasonName;
  /** HTTP status the caller saw; 0 where there was no response. */
  readonly status: number;
  readonly arrived: number;
  readonly started: number | null;
  readonly firstToken: number | null;
  /** Null for an attempt still in flight when the run stopped. */
  readonly ended: number | null;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Tokens generated, whether or not the attempt completed. */
  readonly outputTokens: number;
  /** Path as which it was served, and the pool: null for one that never started. */
  readonly servedTier: string | null;
  readonly servedPool: string | null;
  /** Seconds the client waits before its next attempt; null when it makes none. */
  readonly retryIn: number | null;
}
