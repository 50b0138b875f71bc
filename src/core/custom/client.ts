// A client of your own: what it does about a failure. It sees what an HTTP client sees.
import type { CustomOptions, ValuesOf } from "./options.js";

/** How a try ended. */
export interface ClientFailure {
  /** HTTP status; 0 for none, as after a timeout. */
  readonly status: number;
  /** What `retry-after` says, in microseconds; undefined without. */
  readonly retryAfter: number | undefined;
  /** The `x-should-retry` header; undefined without. */
  readonly shouldRetry: boolean | undefined;
  /** Failures of this request before this one. */
  readonly failures: number;
  /** Number of the caller's account, from 0. */
  readonly caller: number;
}

export interface CustomClient {
  /** Microseconds until the next try, from 0; undefined to give up. */
  retryIn(failure: ClientFailure, now: number, chance: () => number): number | undefined;
}

/** What `defineClient` is given. */
export interface ClientGiven<Options extends CustomOptions> {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly options?: Options;
  /** Makes the client of one source of traffic, for one run: it serves all its callers. */
  create(options: ValuesOf<Options>): CustomClient;
}

export interface ClientModule<Options extends CustomOptions> extends ClientGiven<Options> {
  readonly kind: "client";
}

/** A client of your own: the default export of its module. docs/own-policy.md */
export function defineClient<const Options extends CustomOptions = Record<never, never>>(
  given: ClientGiven<Options>,
): ClientModule<Options> {
  return { ...given, kind: "client" };
}
