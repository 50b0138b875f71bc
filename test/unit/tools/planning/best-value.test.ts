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

it("tells what it cannot tell from the best by what each seed stands for", async () => {
  // Of four seeds the last two stand for nearly all. There the second value is no better than the first.
  const values = [
    [9, 9, 5, 4],
    [1, 1, 4, 5],
  ];
  const found = (isByStrata: boolean) =>
    searchBest(
      async (index) => {
        const replications = values[index]!.map((value, seed) => ({
          seed: `s/${seed}`,
          values: [value],
          weights: [1],
        }));
        const strata = [
          { share: 0.001, seeds: ["s/0", "s/1"] },
          { share: 0.999, seeds: ["s/2", "s/3"] },
        ];
        const result = {
          ...resultOf(values[index]![3]!),
          replications,
          strata: isByStrata ? { blocks: [{ candidates: 96, strata }] } : null,
        };
        return { verdict: "pass", seemsEnough: true, result, clusters: {}, requests: 1 };
      },
      { count: 2, objective: { metric: "m", aggregation: "rate" }, confidence: 0.8 },
    );
  expect(await found(true)).toMatchObject({ answer: 0, ties: [1] });
  expect(await found(false)).toMatchObject({ answer: 0, ties: [] });
});
