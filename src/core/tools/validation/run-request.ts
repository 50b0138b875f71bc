// One request of a run, recorded or simulated alike: what everything that is compared is computed from. And a run:
// those that were served to their end, and those that were not.

/** A request that was served to its end. Times in seconds on the run's own clock. */
export interface RunRequest {
  readonly arrival: number;
  readonly promptTokens: number;
  /** Part of the prompt that was found in the cache; undefined where the log does not say. */
  readonly cachedTokens: number | undefined;
  /** At least 1. */
  readonly outputTokens: number;
  /** When it was given its memory and could prefill; its arrival where the log does not say. */
  readonly scheduled: number;
  readonly firstToken: number;
  readonly finish: number;
  /** The same two as the engine itself had them, before its caller was told; left out where only callers tell. */
  readonly inEngine?: { readonly firstToken: number; readonly finish: number };
  /** Longest time between two of its tokens; undefined where the log does not say, or there is one token only. */
  readonly longestGap: number | undefined;
}

/** A request that got no whole answer: its caller gave up, or the engine or what is around it failed. */
export interface LostRequest {
  readonly arrival: number;
  readonly promptTokens: number;
  readonly cachedTokens: number | undefined;
  /** Tokens it asked for; undefined where the log says at most what it had got by then. */
  readonly outputTokens: number | undefined;
  readonly outcome: "failed" | "timed_out";
  /** Undefined where it never began, or the log does not say. */
  readonly scheduled: number | undefined;
  readonly firstToken: number | undefined;
  /** When it was given up; undefined where the log does not say. */
  readonly ended: number | undefined;
  /** The same two on the engine's side; left out where only callers tell. */
  readonly inEngine?: { readonly firstToken: number | undefined; readonly finish: number };
}

export interface Run {
  readonly served: readonly RunRequest[];
  readonly lost: readonly LostRequest[];
}

/** A run as it was recorded, by arrival. */
export interface Recording extends Run {
  /** What was assumed, left out or worth knowing in reading it, a sentence each. */
  readonly notes: readonly string[];
}

export function timeToFirstToken({ arrival, firstToken }: RunRequest): number {
  return firstToken - arrival;
}

export function endToEnd({ arrival, finish }: RunRequest): number {
  return finish - arrival;
}

/** Mean time per token after the first; undefined for a single token. */
export function timePerToken({ firstToken, finish, outputTokens }: RunRequest): number | undefined {
  return outputTokens > 1 ? (finish - firstToken) / (outputTokens - 1) : undefined;
}

/**
 * Everything that was inside for some time, lost requests too, by the engine's own times where they are known; without
 * a first token it never decoded.
 */
export function occupants({ served, lost }: Run): RunRequest[] {
  const whole = served.map((one): RunRequest => ({ ...one, ...one.inEngine }));
  const broken = lost.flatMap(({ ended, inEngine, ...one }): RunRequest[] => {
    const { scheduled, outputTokens = 1 } = one;
    const { firstToken, finish } = inEngine ?? { firstToken: one.firstToken, finish: ended };
    if (scheduled === undefined || finish === undefined) return [];
    const times = { scheduled, firstToken: firstToken ?? finish, finish };
    return [{ ...one, ...times, outputTokens, longestGap: undefined }];
  });
  return [...whole, ...broken];
}
