// One request of a run, recorded or simulated alike: what everything that is compared is computed from.

/** Times in seconds on the run's own clock. */
export interface RunRequest {
  readonly arrival: number;
  readonly promptTokens: number;
  /** At least 1. */
  readonly outputTokens: number;
  /** When it was given its memory and could prefill; its arrival where the log does not say. */
  readonly scheduled: number;
  readonly firstToken: number;
  readonly finish: number;
  /** Longest time between two of its tokens; undefined where the log does not say, or there is one token only. */
  readonly longestGap: number | undefined;
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
