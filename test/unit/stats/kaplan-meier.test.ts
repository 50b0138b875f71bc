import { describe, expect, it } from "vitest";
import { kaplanMeier, type SeenAtAge } from "../../../src/core/stats/kaplan-meier.js";

const ages = (...all: [entered: number, ended: number, left: number][]): SeenAtAge[] =>
  all.map(([entered, ended, left]) => ({ entered, ended, left }));

/** What is left after each age. */
const survival = (seen: readonly SeenAtAge[]) => {
  const { weights } = kaplanMeier(seen);
  let alive = 1;
  return seen.map(({ ended }, age) => (alive -= ended * weights[age]!));
};

describe("Kaplan and Meier's estimate", () => {
  it("is that of their own example: deaths at 0.8, 3.1, 5.4 and 9.2, losses at 1.0, 2.7, 7.0 and 12.1", () => {
    const seen = ages(
      [8, 0, 0],
      ...([1, 0, 0, 1, 1, 0, 1, 0] as const).map((dies): [number, number, number] => [0, dies, 1 - dies]),
    );
    const left = survival(seen);
    [1, 0.875, 0.875, 0.875, 0.7, 0.525, 0.525, 0.2625, 0.2625].forEach((share, age) => {
      expect(left[age]).toBeCloseTo(share, 12);
    });
    expect(kaplanMeier(seen).open).toBeCloseTo(0.2625, 12);
  });

  it("is the share of those that ended where all are seen to their end", () => {
    const { weights, open } = kaplanMeier(ages([4, 1, 0], [0, 2, 0], [0, 1, 0]));
    expect([...weights]).toEqual([0.25, 0.25, 0.25]);
    expect(open).toBe(0);
  });

  it("counts one that comes under observation later among those that might end from then on only", () => {
    // Of two at age 0 one ends; of the other and two more, which have come that far already, all but one.
    const { weights, open } = kaplanMeier(ages([2, 1, 0], [2, 2, 0], [0, 0, 1]));
    expect([...weights]).toEqual([0.5, 0.5 / 3, 0.5 / 3]);
    expect(open).toBeCloseTo(0.5 / 3, 12);
  });

  it("says nothing from an age on at which none is seen, whoever comes later", () => {
    const { weights, open } = kaplanMeier(ages([0, 0, 0], [2, 1, 1], [0, 0, 0], [5, 5, 0]));
    expect([...weights]).toEqual([0, 0.5, 0, 0]);
    expect(open).toBe(0.5);
    // Of 0.1 + 0.2 less both of them rounding leaves something, of which five more would make everything.
    const { weights: rounded, open: all } = kaplanMeier(ages([0.1, 0, 0], [0.2, 0.1, 0.2], [5, 5, 0]));
    expect([...rounded].map((weight) => weight > 0)).toEqual([true, true, false]);
    expect(all).toBeCloseTo(2 / 3, 12);
    expect(kaplanMeier(ages([0.1, 0, 0], [0.2, 0.1, 0], [0, 0.2, 0])).open).toBe(0);
    expect(kaplanMeier([])).toEqual({ weights: new Float64Array(0), open: 1 });
  });
});
