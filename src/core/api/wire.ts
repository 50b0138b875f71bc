// The wire between callers and the server that answers them: what a call says, what can be asked about it, and what
// comes back. Either side knows the other by these types alone. Callers number their calls (`reference`), the server
// numbers what it works on (`Handle`), and neither looks into the other's numbers.
//
// Answers are plain calls, never events of the clock. Within `receive` they come in this order: queued, started.
// While an answer is being told no call is made or cancelled. What completes at an instant has completed before a call
// is cancelled at it: a server that is driven by hand is handed the events of that instant first. A handle that has
// ended is stale: asking after it does nothing.
import { NONE } from "../base/none.js";
import type { Reason } from "../base/outcome.js";
import type { Duration, Instant } from "../base/units.js";

/** A prompt. Lengths are in tokens. */
export interface Prompt {
  inputTokens: number;
  /**
   * Part of it that is cached for certain, wherever it goes, because the description of the work says so. What a prefix
   * cache finds comes on top of nothing: it counts only where this is 0.
   */
  cachedTokens: number;
  /** The application whose prompts all begin alike, and how much of this prompt that is. NONE and 0 for none. */
  prefix: number;
  prefixTokens: number;
  /** The session that the prompt goes on with, and how much of it the session has had before. NONE and 0. */
  session: number;
  sharedTokens: number;
}

/** What a caller wants, whatever it calls. */
export interface Wanted extends Prompt {
  /** Index into the run's account names. */
  account: number;
  /** The `max_tokens` that the caller states. */
  maxTokens: number;
  /** What it will generate. Physics: what decides about it may not see it (LAW-6). */
  outputTokens: number;
}

/** One HTTP call, filled in by the caller and reused: copy what you keep. */
export interface Call extends Wanted {
  /** The caller's own number for it, which comes back with every answer. */
  reference: number;
  /** Path that its model id and service tier name in the catalogue, or why they name none: see Catalogue. */
  route: number;
}

/** A call to fill in. */
export function emptyCall(): Call {
  return {
    reference: 0,
    account: 0,
    route: 0,
    inputTokens: 0,
    cachedTokens: 0,
    prefix: NONE,
    prefixTokens: 0,
    session: NONE,
    sharedTokens: 0,
    maxTokens: 0,
    outputTokens: 0,
  };
}

/** What the server calls an attempt: valid until that ends, and never given twice. */
export type Handle = number;
export const NO_HANDLE: Handle = -1;

/** What callers may do. */
export interface Calls {
  /** Makes a call. It may be refused, or have started, by the time this returns. */
  receive(call: Call, now: Instant): Handle;
  /** The caller has closed the connection: the work ends. Told as `cancelled`; nothing where it has ended already. */
  cancel(handle: Handle, now: Instant): void;
  /** Tokens that have come so far; 0 where it has ended. */
  progress(handle: Handle, now: Instant): number;
}

/** A refusal as it goes over the wire: complete, so that callers ask for nothing more. One object, reused. */
export interface Refusal {
  reason: Reason;
  /** HTTP status. */
  status: number;
  /** The code of the body's error, or its type where the provider has no codes. */
  code: string;
  /** What the headers `retry-after-ms` and `retry-after` say, the finer one first. */
  retryAfter: Duration | undefined;
  /** The `x-should-retry` header, where it is sent. */
  shouldRetry: boolean | undefined;
}

/** What a call has taken, in tokens. One object, reused. */
export interface Usage {
  /** Of the prompt: computed, not found in a cache. */
  computedTokens: number;
  outputTokens: number;
}

/** What serves a call, by index: as headers and body of an answer say. One object, reused. */
export interface Served {
  /** The path of the catalogue. */
  path: number;
  pool: number;
}

/** What callers are told of a call, by its reference. */
export interface Answers {
  /** It has got past the gateway: the caller's clocks run from here. */
  queued(reference: number, now: Instant): void;
  /**
   * It has left the queue, to be served as that path of the catalogue, which may be another than it named, and in that
   * pool; so much of its prompt was cached.
   */
  started(reference: number, served: Served, cachedTokens: number, now: Instant): void;
  /** Status 200, and the first token with it. */
  firstToken(reference: number, now: Instant): void;
  /** The last token has come. */
  completed(reference: number, usage: Usage, now: Instant): void;
  /** No token has come, and none will. */
  refused(reference: number, refusal: Refusal, now: Instant): void;
  /** The stream has broken off after its first token. */
  broken(reference: number, reason: Reason, usage: Usage, now: Instant): void;
  /** It is gone as its caller wished. */
  cancelled(reference: number, usage: Usage, now: Instant): void;
}
