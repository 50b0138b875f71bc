// What a caller's client does between its request and the server: whether a try may leave, how long it waits for an
// answer, and when it tries again or gives up. It sees what an HTTP client sees - status and headers - and draws its
// jitter from a stream it is handed. What it remembers it remembers per caller, never per request: the progress of a
// request is a number that the engine keeps for it. Presets are in registry.ts, and the contract suite
// test/conformance/client.ts runs over all of them.
import type { Duration, Instant } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";

/** Status of a try that the client itself refused to send. */
export const LOCAL_REJECTION = -1;
/** Status of a try that ended without one: the client's own timeout, or a broken connection. */
export const NO_ANSWER = 0;

/** The end of a try as its client sees it. */
export interface Refusal {
  /** HTTP status, `NO_ANSWER` or `LOCAL_REJECTION`. */
  readonly status: number;
  /** What the headers `retry-after-ms` and `retry-after` say, the finer one first. */
  readonly retryAfter: Duration | undefined;
  /** The `x-should-retry` header, where the server sends it. */
  readonly shouldRetry: boolean | undefined;
}

/** What the server does when the client stops waiting: "cancel" ends the work, "abandon" lets it run on unseen. */
export type OnTimeout = "cancel" | "abandon";

/**
 * One client serves all callers of a source. `caller` is the account's index. `tries` is how far a request has come
 * through the client's layers: 0 before its first failure, then what `nextTries` said; whole numbers below
 * `triesBound`, which is at most 2^53: a double holds them.
 */
export interface Client {
  readonly name: string;
  /** A try without a first token after this long is given up; undefined waits forever. */
  readonly timeout: Duration | undefined;
  /**
   * A try without its last token after this long is given up. To its client that is a try without an answer like any
   * other, whatever has come of it: who sets such a bound waits for whole answers.
   */
  readonly attemptTimeout: Duration | undefined;
  /** A request without its last token after this long, over all its tries, is given up for good. */
  readonly requestTimeout: Duration | undefined;
  readonly onTimeout: OnTimeout;
  /** A second try leaves if there is no first token by then, and the first answer wins; undefined sends none. */
  readonly hedgeAfter: Duration | undefined;
  /** `tries` is below this. */
  readonly triesBound: number;
  /** Whether `observe` makes any difference: one that remembers nothing is not told. */
  readonly learns: boolean;
  /**
   * Whether a try may leave; false where the client itself refuses it (open breaker, throttle, cooldown, rate limit).
   * That is a local rejection and no HTTP call: `observe` is not called, and `retryDelay` is asked at once, before any
   * other call, with the status `LOCAL_REJECTION` and the same `tries`.
   */
  allows(caller: number, now: Instant, chance: Stream, tries: number): boolean;
  /**
   * Told, where it learns, how every try that left ended, once, before `retryDelay` is asked: answered, or with this
   * refusal. `tries` is what the try left with. A method, never a field: `learns` is found by whether it is overridden.
   */
  observe(caller: number, answered: boolean, refusal: Refusal | undefined, now: Instant, tries: number): void;
  /** Delay before the next try, leaving its progress in `nextTries`, or undefined to give up. */
  retryDelay(
    refusal: Refusal,
    tries: number,
    caller: number,
    now: Instant,
    chance: Stream,
  ): Duration | undefined;
  readonly nextTries: number;
}
