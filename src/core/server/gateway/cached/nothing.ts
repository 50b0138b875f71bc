// Nothing is taken to be cached before it is found: every prompt counts whole until it starts.
import { type CacheEstimator, defineCacheEstimator } from "./estimator.js";

class Nothing implements CacheEstimator {
  estimate(): number {
    return 0;
  }

  started(): void {
    // Remembers nothing.
  }
}

export const nothing = defineCacheEstimator({
  name: "none",
  summary: "Nothing: every prompt counts whole until it starts.",
  sources: [{ text: "ours", date: "2026-12" }],
  create: () => new Nothing(),
});
