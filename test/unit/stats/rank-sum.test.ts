import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastRankSumP, rankSumP } from "../../../src/core/stats/rank-sum.js";
import { doubledRanks } from "../../../src/core/stats/ranks.js";

/** All choices of which values are the second sample's, counted one by one. */
function byHand(first: readonly number[], second: readonly number[]): number {
  const ranks = doubledRanks([...second, ...first]);
  const observed = ranks.slice(0, second.length).reduce((sum, rank) => sum + rank, 0);
  let [hits, choices] = [0, 0];
  for (let choice = 0; choice < 2 ** ranks.length; choice++) {
    const chosen = ranks.filter((_, place) => (choice & (1 << place)) !== 0);
    if (chosen.length !== second.length) continue;
    choices++;
    if (chosen.reduce((sum, rank) => sum + rank, 0) >= observed) hits++;
  }
  return hits / choices;
}

describe("the rank-sum test", () => {
  it("is what all choices counted one by one say, with ties and infinities", () => {
    const value = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(Number.NEGATIVE_INFINITY, 0.5));
    const sample = fc.array(value, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        expect(rankSumP(first, second)).toBeCloseTo(byHand(first, second), 12);
      }),
    );
  });

  it("gives at least 1 over the number of choices: 12,870 of 8 and 8", () => {
    const eight = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(leastRankSumP(8, 8)).toBeCloseTo(1 / 12_870, 15);
    expect(
      rankSumP(
        eight,
        eight.map((one) => one + 10),
      ) / leastRankSumP(8, 8),
    ).toBeCloseTo(1, 12);
    expect(rankSumP([], eight)).toBe(1);
    expect(rankSumP([1, 1], [1, 1])).toBe(1);
  });

  it("beyond 60 values is taken for normal", () => {
    const second = Array.from({ length: 31 }, (_, i) => 2 * i + 1);
    const first = second.map((one) => one - 1);
    // W = 992, mean 976.5, sd 71.03: 0.2112 standard deviations above, less half a rank.
    expect(rankSumP(first, second)).toBeCloseTo(0.4164, 4);
    expect(rankSumP(first.slice(1), second.slice(1))).toBeCloseTo(0.4158, 3);
    expect(rankSumP(Array(40).fill(1), Array(40).fill(1))).toBe(1);
  });
});
