// What an engine tells its observer: the life of every attempt, in order, as its caller and as the server know it.
// Observers may read the engine and must not change it. Checkers of laws, the list of requests and the event log of
// the determinism tests are all observers.
import type { Instant } from "../base/units.js";

export const ATTEMPT_EVENTS = [
  "arrived",
  "queued",
  "started",
  "first_token",
  "preempted",
  "ended",
  "abandoned",
  "left",
  "gave_up",
  "rejected",
] as const;
/**
 * "abandoned": its caller stops waiting while the server works on; the request's slot is told of until the attempt
 * has "left" the server, and the attempt as its caller knows it "ended" in a slot of its own. "rejected": its own
 * client lets no attempt leave.
 */
export type AttemptEvent = (typeof ATTEMPT_EVENTS)[number];

/** How an attempt ended; one object, reused. */
export interface AttemptEnd {
  /** Index into REASONS; 0 for a completion. */
  reason: number;
  /** HTTP status that the caller saw: 200 once a first token has come; 0 for no response at all. */
  status: number;
  /** Tokens it had generated. */
  generated: number;
  /** Microseconds until the client's next attempt; undefined when it makes none. */
  retryIn: number | undefined;
}

export interface EngineObserver {
  /**
   * `request` is a slot of the callers' table of requests, `attempt` one of the server's table of attempts, NONE
   * where the server has none for it (any more); both are valid during the call. `end` comes with "ended" and
   * "rejected" alone.
   */
  attempt?(event: AttemptEvent, request: number, attempt: number, now: Instant, end?: AttemptEnd): void;
  /** After an event and everything that followed from it at once. */
  settled?(now: Instant): void;
}

/** What the server tells of its attempts, by their slot, with the caller's reference. */
export interface ServiceObserver {
  attempt(event: "queued" | "started" | "preempted", reference: number, attempt: number, now: Instant): void;
}

/** What callers tell of their requests, by their slot, with the handle of the attempt under way. */
export interface CallersObserver {
  request(
    event: "arrived" | "first_token" | "ended" | "abandoned" | "left" | "gave_up" | "rejected",
    request: number,
    now: Instant,
    end?: AttemptEnd,
  ): void;
}
