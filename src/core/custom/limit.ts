// The concurrency limit of one pool as users write it: how many of its attempts may be inside its replicas at once. It
// learns from how long they are inside, if it asks to be told, and may weigh each before it starts.
import type { CustomOptions, ValuesOf } from "./options.js";
import type { PolicyRequest, PolicySettlement } from "./policy.js";

/** How an attempt fared inside. Times are whole microseconds from the start of the run. */
export interface LimitStay {
  readonly startedAt: number;
  /** undefined for one that left before. */
  readonly firstTokenAt: number | undefined;
  readonly leftAt: number;
  readonly outputTokens: number;
  readonly settlement: PolicySettlement;
}

/** `inside` counts the attempts inside. An attempt has a number from when it starts until it has left. */
export interface CustomLimit {
  /** Attempts that may be inside at once: a whole number from 1 up, or Infinity. Set it anew in the methods below. */
  most: number;
  /** An attempt has its first token; `inside` counts it. */
  firstToken?(startedAt: number, inside: number, now: number, attempt: number): void;
  /** An attempt that had started has left; `inside` are the others. */
  left?(stay: LimitStay, inside: number, attempt: number): void;
  /** Whether an attempt may be inside, beside those that are. Where none is inside every attempt may. */
  mayEnter?(request: PolicyRequest, inside: number, now: number): boolean;
  /** An attempt starts; `inside` counts it. */
  entered?(request: PolicyRequest, inside: number, now: number, attempt: number): void;
}

/** What `defineLimit` is given. */
export interface LimitGiven<Options extends CustomOptions> {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly options?: Options;
  /** Makes the limit of one pool, for one run. */
  create(options: ValuesOf<Options>): CustomLimit;
}

export interface LimitModule<Options extends CustomOptions> extends LimitGiven<Options> {
  readonly kind: "limit";
}

/** A concurrency limit of your own: the default export of its module. docs/own-policy.md */
export function defineLimit<const Options extends CustomOptions = Record<never, never>>(
  given: LimitGiven<Options>,
): LimitModule<Options> {
  return { ...given, kind: "limit" };
}
