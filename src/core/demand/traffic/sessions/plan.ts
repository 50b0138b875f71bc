// What every line of requests has, whoever makes it: the next request, once it is planned. A line has one request in
// flight at most; it knows neither time nor what becomes of its requests, so that no answer changes its draws.

/** Bounds that the path sets, and the offsets of the logarithm of lengths that the account has. */
export interface PlanLimits {
  readonly maxInput: number;
  readonly maxOutput: number;
  readonly inputOffset: number;
  readonly outputOffset: number;
  readonly prefixTokens: number;
}

export interface LinePlan {
  /** The planned request: its whole prompt and its answer. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens from the start of the prompt that the line has had before. */
  readonly sharedTokens: number;
  readonly prefixTokens: number;
  /** Seconds from the end of the answer before, or of the last sub-agent; 0 for the first. */
  readonly gap: number;
  /** Whether it has thrown its context away: the request opens a new session in the sense of a prefix cache. */
  readonly restarts: boolean;
  /** Whether a person, and not a tool, makes the request. */
  readonly byHuman: boolean;
  /** Sub-agents that its answer starts. */
  readonly children: number;
  /** Plans the next request; false when there is none. */
  next(): boolean;
}
