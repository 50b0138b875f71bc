// One timed step of an engine, as the fit and its errors see it. It does not know which columns it came from.

/** Times in milliseconds, lengths in tokens. */
export interface StepPoint {
  /** Seconds on the log's own clock; undefined where steps were timed one by one and not in a run. */
  readonly start: number | undefined;
  /** Sequences that got one token each. */
  readonly decoding: number;
  /** Context summed over them, the token at hand included. */
  readonly context: number;
  readonly prefillTokens: number;
  /** Tokens cached before the chunks, summed over these. */
  readonly priorContext: number;
  /** Sum over the chunks of c * (x + (c + 1) / 2), for c tokens after x cached ones. */
  readonly area: number;
  /** Rows of the matrix products, padding included. */
  readonly rows: number;
  readonly gpu: number;
  /** The rest of the step's wall time; undefined where the log has only one time. */
  readonly host: number | undefined;
}

/** Tokens of a step, padding left out. */
export function tokensOf({ decoding, prefillTokens }: StepPoint): number {
  return decoding + prefillTokens;
}

/** A log as read. */
export interface StepLog {
  readonly file: string;
  /** At least one. */
  readonly points: readonly StepPoint[];
  /** What was assumed or left out, one sentence each. */
  readonly notes: readonly string[];
  /** Whether the log says how many rows a step had, rather than that being taken from its tokens. */
  readonly saysRows: boolean;
}
