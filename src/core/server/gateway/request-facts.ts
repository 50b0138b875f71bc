// What the gateway may know of a request when it decides. The true output length is not among it, and must never
// be (LAW-6, the oracle boundary): a real gateway knows only the limit that the caller states.

export interface RequestFacts {
  /** Index of the caller's account. */
  readonly account: number;
  /** Index of the path in the scenario's order. */
  readonly path: number;
  /** Index of the model id that the caller named: limits are per (account, model id). */
  readonly model: number;
  readonly pool: number;
  /** Shed order inside the pool: 0 is shed last. */
  readonly rank: number;
  readonly inputTokens: number;
  /** Part of the input that is known to be in the prefix cache: from the source, or once it was found there. */
  readonly cachedTokens: number;
  /** The caller's `max_tokens`. */
  readonly maxTokens: number;
}
