// What the description of the work says is cached, as a trace that counts cached tokens does, and nothing beside it.
import { type CacheEstimator, defineCacheEstimator } from "./estimator.js";

class Stated implements CacheEstimator {
  estimate(_session: number, _inputTokens: number, statedTokens: number): number {
    return statedTokens;
  }

  started(): void {
    // Remembers nothing.
  }
}

export const stated = defineCacheEstimator({
  name: "stated",
  summary: "What is cached for certain, as traces and sources state it; the whole prompt counts otherwise.",
  sources: [{ text: "ours", date: "2026-12" }],
  create: () => new Stated(),
});
