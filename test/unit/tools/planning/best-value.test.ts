import { expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { searchBest } from "../../../../src/core/tools/planning/best-value.js";

const resultOf = (value: number) =>
  ({
    thresholds: [],
    estimates: [{ metric: "m", aggregation: "rate", better: "lower", value }],
    replications: [0, 1, 2, 3].map((seed) => ({ values: [value + seed], weights: [1] })),
  }) as unknown as RunResult;

it("finds the only optimum, among those that pass", async () => {
  for (let best = 0; best <= 20; best++) {
    const found = await searchBest(
      async (index) => ({
        verdict: index >= 5 ? "pass" : "fail",
        seemsEnough: index >= 5,
        result: resultOf(Math.abs(index - best)),
        clusters: {},
        requests: 1,
      }),
      { count: 21, objective: { metric: "m", aggregation: "rate" }, confidence: 0.95 },
    );
    expect(Math.abs(found.answer! - Math.max(5, best))).toBeLessThanOrEqual(best < 5 ? 1 : 0);
    expect(found.points.length).toBeLessThan(16);
  }
});
