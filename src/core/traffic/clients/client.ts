// What a caller's client does when an attempt fails: try again after a delay, or give up. It sees what an HTTP client
// sees - status and headers - and draws its jitter from a stream it is handed. One file per client, one line in
// registry.ts, and the contract suite test/conformance/client.ts runs over all of them.
import type { Duration } from "../../base/units.js";
import type { Stream } from "../../random/stream.js";

/** The end of an attempt as its client sees it. */
export interface Refusal {
  /** HTTP status; 0 when the client's own timeout ended the attempt. */
  readonly status: number;
  readonly retryAfter: Duration | undefined;
  /** The `x-should-retry` header, where the server sends it. */
  readonly shouldRetry: boolean | undefined;
}

export interface ClientOptions {
  /** Retries after the first attempt; undefined takes the client's default. */
  readonly maxRetries: number | undefined;
  /** How long an attempt may wait for its response to begin; undefined takes the client's default. */
  readonly timeout: Duration | undefined;
}

export interface Client {
  readonly name: string;
  /** An attempt without a first token after this long is given up and cancelled; undefined waits forever. */
  readonly timeout: Duration | undefined;
  /** Delay before the next attempt when `attempts` have been made, or undefined to give up. */
  retryDelay(refusal: Refusal, attempts: number, chance: Stream): Duration | undefined;
}
