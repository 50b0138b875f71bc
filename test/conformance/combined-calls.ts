// What comes to the pool of a combination, and how large the pool is.
import type { RequestFacts } from "../../src/core/server/gateway/request-facts.js";

/** Path p of the pool has rank p. */
export const RANKS = 3;

/** One call of a log: times are whole microseconds. */
export interface Call {
  /** Since the call before. */
  readonly gap: number;
  readonly rank: number;
  readonly account: number;
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** What it would generate: known to the pool alone. */
  readonly outputTokens: number;
  /** From its start to its first token, and from each token to the next. */
  readonly prefill: number;
  readonly perToken: number;
  /** How long the caller waits for the answer; left out: as long as it takes. */
  readonly patience?: number | undefined;
}

export interface Place {
  readonly slots: number;
  /** How many may be before their first token at once. */
  readonly prefills: number;
  /** Memory for prompts and what was generated; Infinity for a pool that has no end of it. */
  readonly kvTokens: number;
  /** How often the copy that the policy sees is renewed; 0: it is made when it is asked for. */
  readonly staleness: number;
}

/** All that a caller states, and no more. */
export const factsOf = ({ account, rank, inputTokens, maxTokens }: Call): RequestFacts =>
  Object.freeze({ account, path: rank, model: 0, pool: 0, rank, inputTokens, cachedTokens: 0, maxTokens });
