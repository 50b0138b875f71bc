// Every estimator that a scenario may name: what it says of one session.
import { expect, test } from "vitest";
import {
  CACHE_ESTIMATORS,
  createCacheEstimator,
} from "../../../../../src/core/server/gateway/cached/registry.js";

test.each([
  ["session-last", [0, 800, 880, 700]],
  ["stated", [0, 0, 0, 700]],
  ["none", [0, 0, 0, 0]],
] as const)("%s", (name, wanted) => {
  const estimator = createCacheEstimator(name);
  const estimates = [800, 880, 960].map((tokens) => {
    const estimate = estimator.estimate(5, tokens, 0);
    estimator.started(5, tokens);
    return estimate;
  });
  expect([...estimates, estimator.estimate(6, 900, 700)]).toEqual(wanted);
});

test("each of them is tested here, and takes no more for cached than there is", () => {
  expect(CACHE_ESTIMATORS.map(({ name }) => name)).toEqual(["session-last", "stated", "none"]);
  for (const { create } of CACHE_ESTIMATORS) {
    const estimator = create();
    estimator.started(1, 500);
    for (const tokens of [1, 2, 499, 500, 501]) {
      const estimate = estimator.estimate(1, tokens, 0);
      expect(estimate).toBeGreaterThanOrEqual(0);
      expect(estimate).toBeLessThan(tokens);
    }
  }
});
