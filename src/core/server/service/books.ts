// What the server enters in the books of a run: what its attempts took, by the path that was asked for and by the
// reference of the call, which says to the caller who that is, and how its pools stand. How a call ended for its caller
// is entered by the callers.
import type { Instant } from "../../base/units.js";

export interface ServiceLedger {
  /** An attempt that arrived at one instant has left the queue at another. */
  attemptStarted(path: number, arrivedAt: Instant, now: Instant, reference: number): void;
  /** An attempt is served as another path than its caller asked for, or in another pool than that path's own. */
  demoted(path: number, arrivedAt: Instant, reference: number): void;
  spilled(path: number, arrivedAt: Instant, reference: number): void;
  /** Tokens of an attempt that has stopped generating. */
  tokensGenerated(path: number, tokens: number, reference: number): void;
  /** Work for an attempt whose answer did not come whole. */
  wasted(path: number, promptTokens: number, outputTokens: number, reference: number): void;
}

export interface PoolHistory {
  /** The queue or the sequences inside may be others than before. */
  poolChanged(pool: number, now: Instant): void;
  outage(pool: number, begins: boolean): void;
}
