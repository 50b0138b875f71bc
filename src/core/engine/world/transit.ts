// One call under way over the network, as a row that is used again: where it is, what its ways take, and what became of
// it. Knows no clock and nobody to tell.
import { type Call, emptyCall, type Handle, NO_HANDLE, type Refusal, type Usage } from "../../api/wire.js";
import { NONE } from "../../base/none.js";
import { type Reason, reasonCode } from "../../base/outcome.js";
import { type Duration, type Instant, NEVER, NO_TIME } from "../../base/units.js";
import { type EventHandle, NO_EVENT } from "../../kernel/event-queue.js";

export const Place = {
  /** Nowhere: no call has this reference. */
  none: 0,
  onWayIn: 1,
  inside: 2,
  onWayOut: 3,
} as const;

export const COMPLETED = reasonCode("none");

/** By the reference of the call. */
export interface Transit {
  place: (typeof Place)[keyof typeof Place];
  /** Which call it is of those that had this reference. */
  serial: number;
  /** Whose way out it takes. */
  pool: number;
  wayIn: Duration;
  wayOut: Duration;
  /** When the server had its first token and when it was done with it, whoever knows; NEVER until then. */
  firstTokenLeft: Instant;
  left: Instant;
  /** Whether its caller's clocks run from when it was sent, not from when it is let in: a refusal takes time, too. */
  isFar: boolean;
  /** What is sent, while it is on its way in. */
  readonly call: Call;
  /** Of the server. */
  handle: Handle;
  /** Of its way in, or of its end on the way out. */
  event: EventHandle;
  firstToken: EventHandle;
  hasFirstToken: boolean;
  /** What became of it: COMPLETED, or why not. */
  reason: Reason;
  /** Whether no token has come. */
  isRefused: boolean;
  readonly usage: Usage;
  readonly refusal: Refusal;
}

/** Of no call yet. */
export function newTransit(): Transit {
  return {
    place: Place.none,
    serial: 0,
    pool: NONE,
    wayIn: NO_TIME,
    wayOut: NO_TIME,
    firstTokenLeft: NEVER,
    left: NEVER,
    isFar: false,
    call: emptyCall(),
    handle: NO_HANDLE,
    event: NO_EVENT,
    firstToken: NO_EVENT,
    hasFirstToken: false,
    reason: COMPLETED,
    isRefused: false,
    usage: { computedTokens: 0, outputTokens: 0 },
    refusal: { reason: COMPLETED, status: 0, code: "", retryAfter: undefined, shouldRetry: undefined },
  };
}
