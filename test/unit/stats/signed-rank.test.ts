import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { doubledRanks } from "../../../src/core/stats/ranks.js";
import { leastSignedRankP, signedRankP } from "../../../src/core/stats/signed-rank.js";

/** All ways to give signs to the sizes, counted one by one. */
function byHand(differences: readonly number[]): number {
  const ranks = doubledRanks(differences.map(Math.abs));
  const free = differences.flatMap((one, i) => (one === 0 ? [] : [ranks[i]!]));
  const sum = (isAbove: (place: number) => boolean) =>
    free.reduce((total, rank, place) => (isAbove(place) ? total + rank : total), 0);
  const signs = differences.filter((one) => one !== 0).map((one) => one > 0);
  const observed = sum((place) => signs[place]!);
  let hits = 0;
  for (let choice = 0; choice < 2 ** free.length; choice++) {
    if (sum((place) => (choice & (1 << place)) !== 0) >= observed) hits++;
  }
  return hits / 2 ** free.length;
}

describe("Wilcoxon's signed-rank test", () => {
  it("has the tails of the tables: 36 of 8 in 1 of 256, 33 in 5, 47 of 10 at .024", () => {
    const ofSize = (n: number, below: readonly number[]) =>
      Array.from({ length: n }, (_, i) => (below.includes(i + 1) ? -1 - i : 1 + i));
    expect(signedRankP(ofSize(8, [])) * 256).toBe(1);
    expect(signedRankP(ofSize(8, [3])) * 256).toBe(5);
    // Hollander and Wolfe, table A.4: n = 10, P(T+ >= 47) = .024, rounded.
    expect(signedRankP(ofSize(10, [8]))).toBeCloseTo(0.024, 3);
  });

  it("is what all signs counted one by one say, with zeros, ties and infinities", () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 10 }), (differences) => {
        expect(signedRankP(differences)).toBeCloseTo(byHand(differences), 12);
      }),
    );
  });

  it("rejects nothing where nothing differs, and no n gives less than half to the power of n", () => {
    expect([signedRankP([]), signedRankP([0, 0, 0])]).toEqual([1, 1]);
    expect(signedRankP([1, 1, 1, 1, 1, 1, 1, 1])).toBe(leastSignedRankP(8));
    // Zeros are no evidence: they only make the ranks of the others larger.
    expect(signedRankP([0, 0, 0, 0, 1, 2])).toBe(0.25);
  });

  it("beyond 50 pairs is taken for normal, with half a rank for continuity", () => {
    const all = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? -1 - i : 1 + i));
    // T+ = 1830 - 590 = 1240; mean 915, sd 135.84: 2.389 standard deviations above.
    expect(signedRankP(all)).toBeCloseTo(0.00845, 5);
    // At 50 both agree: T+ = 1275 - 425 = 850, mean 637.5, sd 103.59: .0204.
    expect(signedRankP(all.slice(0, 50))).toBeCloseTo(0.0204, 3);
  });

  it("has the level that it says", () => {
    const random = openStream("signed-rank", "level");
    const tries = 2000;
    const skewed = () => random.uniform() ** 4 - random.uniform() ** 4;
    let red = 0;
    for (let one = 0; one < tries; one++) if (signedRankP(Array.from({ length: 8 }, skewed)) <= 0.05) red++;
    // Attainable: 12 of 256 is 4.7 %. One in a thousand samples of 2,000 has more than 6.3 %.
    expect(red / tries).toBeLessThan(0.063);
    expect(red / tries).toBeGreaterThan(0.03);
  });
});
