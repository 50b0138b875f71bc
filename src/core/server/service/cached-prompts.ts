// What of a prompt is cached: as the gateway estimates it when the call comes, and as it turns out when it starts.
// Limits and policies have looked at the estimate by then, so that they are told the difference, whichever way it goes.
import type { Instant } from "../../base/units.js";
import type { AttemptTable } from "../attempts/attempt-table.js";
import type { StatedFacts } from "../attempts/stated/facts.js";
import type { Gateway } from "../gateway/gateway.js";

export class CachedPrompts {
  readonly #attempts: AttemptTable;
  readonly #facts: StatedFacts;
  readonly #gateway: Gateway;
  readonly #isEstimated: boolean;

  constructor(attempts: AttemptTable, facts: StatedFacts, gateway: Gateway) {
    this.#attempts = attempts;
    this.#facts = facts;
    this.#gateway = gateway;
    this.#isEstimated = gateway.estimatesCached;
  }

  /** Of a prompt that is received, before anything is decided about it. */
  estimate(attempt: number): void {
    if (!this.#isEstimated) return;
    const { stated } = this.#attempts;
    const estimator = this.#gateway.cacheEstimatorOf(stated.pool(attempt));
    if (estimator === undefined) return;
    const certain = stated.certainTokens(attempt);
    stated.foundCached(
      attempt,
      estimator.estimate(stated.session(attempt), stated.inputTokens(attempt), certain),
    );
  }

  /** Of a prompt that starts: its replica has found so many tokens. What is certain counts whoever computes it. */
  found(attempt: number, tokens: number, now: Instant): void {
    const { stated, work } = this.#attempts;
    const cached = Math.max(tokens, stated.certainTokens(attempt));
    const more = cached - stated.cachedTokens(attempt);
    if (more !== 0) {
      stated.foundCached(attempt, cached);
      this.#gateway.foundCached(attempt, this.#facts.at(attempt), more, work.arrivedAt(attempt), now);
    }
    if (!this.#isEstimated) return;
    const estimator = this.#gateway.cacheEstimatorOf(stated.pool(attempt));
    estimator?.started(stated.session(attempt), stated.inputTokens(attempt));
  }
}
