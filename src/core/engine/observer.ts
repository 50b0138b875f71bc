// What an engine tells its observer: the life of every attempt, in order. Observers may read the engine and must not
// change it. Checkers of laws, the list of requests and the event log of the determinism tests are all observers.
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
] as const;
/**
 * "abandoned": its caller stops waiting while the fleet works on; the slot is told of until it has "left" the
 * fleet, and the attempt as its caller knows it "ended" in a slot of its own.
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
  /** `request` is a slot of the engine's request table, valid during the call. `end` comes with "ended" alone. */
  attempt?(event: AttemptEvent, request: number, now: Instant, end?: AttemptEnd): void;
  /** After an event and everything that followed from it at once. */
  settled?(now: Instant): void;
}
