import { expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import { searchCheapest } from "../../../../src/core/tools/planning/staircase.js";

it("finds the cheapest of a grid along its edge", async () => {
  for (let wanted = 0; wanted < 30; wanted++) {
    const passes = ([a, b]: readonly [number, number]) => 2 * a + 3 * b >= wanted;
    const cost = ([a, b]: readonly [number, number]) => 5 * a + 7 * b;
    const found = await searchCheapest(
      async (pair) => ({
        verdict: passes(pair) ? "pass" : "fail",
        seemsEnough: passes(pair),
        result: {} as RunResult,
        clusters: {},
        requests: 1,
      }),
      { counts: [8, 6], cost },
    );
    const all = Array.from({ length: 48 }, (_, place) => [place % 8, Math.floor(place / 8)] as const);
    const costs = all.filter(passes).map(cost);
    expect(found.answer === null ? Number.POSITIVE_INFINITY : cost(found.answer)).toBe(Math.min(...costs));
    expect(found.points.length).toBeLessThanOrEqual(13);
    expect(found.contradictions).toEqual([]);
  }
});
