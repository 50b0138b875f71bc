// What of a prompt will turn out to be in the prefix cache, as the gateway takes it to be until it starts: callers do
// not say it, and the fleet is not asked (LAW-6, LAW-11). Limits and policies look at it; the start trues it up. One
// file per estimator here holds its definition, and one line in registry.ts lists it.
import type { DatedSource } from "../../../document/definition.js";

export interface CacheEstimator {
  /**
   * Tokens of a prompt that are taken to be cached, less than `inputTokens` unless stated. `session` is NONE for a
   * prompt that goes on with none; `statedTokens` are cached for certain, as the description of the work says.
   */
  estimate(session: number, inputTokens: number, statedTokens: number): number;
  /** The prompt has started, so that it is computed and kept. */
  started(session: number, inputTokens: number): void;
}

export interface CacheEstimatorDefinition<Name extends string> {
  readonly name: Name;
  readonly summary: string;
  readonly sources: readonly DatedSource[];
  create(): CacheEstimator;
}

/** An estimator with its name. */
export function defineCacheEstimator<const Name extends string>(
  definition: CacheEstimatorDefinition<Name>,
): CacheEstimatorDefinition<Name> {
  return definition;
}
