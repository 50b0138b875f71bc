import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import {
  isGrowth,
  meanRise,
  meanStart,
  mostRise,
  riseOf,
  STRETCHES,
  startOf,
} from "../../../src/core/stats/trend.js";

const levels = (at: (edge: number) => number) => Array.from({ length: STRETCHES + 1 }, (_, edge) => at(edge));
const asRuns = (totals: readonly number[]) => totals.map((total) => ({ total, late: total, walk: 1 }));
const alike = (values: readonly number[]) => values.map(() => 1);
const QUEUE = { share: 0.25, isSure: false };
const grows = (at: (edge: number) => number) => isGrowth(riseOf(levels(at), STRETCHES), QUEUE);

describe("growth of a level", () => {
  it("is what rises in every stretch, and not what only fluctuates, stands still or jumps once", () => {
    expect(grows((edge) => 3 * edge)).toBe(true);
    expect(grows((edge) => 3 * edge + 4 * (edge % 2))).toBe(true);
    expect(grows((edge) => 10 * (edge % 2))).toBe(false);
    expect(grows(() => 7)).toBe(false);
    expect(grows((edge) => (edge > 8 ? 100 : 0))).toBe(false);
    expect(grows((edge) => -edge)).toBe(false);
  });

  it("has to go on at the end", () => {
    const filled = (edge: number) => Math.min(edge, 12);
    expect([grows(filled), isGrowth(riseOf(levels(filled), STRETCHES), { share: 0, isSure: false })]).toEqual(
      [false, true],
    );
  });

  it("is seen in at most a few of a hundred random walks, and in most that drift by a step a stretch", () => {
    const chance = openStream("trend", "walks");
    const share = (drift: number) => {
      let seen = 0;
      for (let walk = 0; walk < 400; walk++) {
        const path = [0];
        while (path.length <= STRETCHES) path.push(path.at(-1)! + drift + 3.46 * (chance.uniform() - 0.5));
        if (isGrowth(riseOf(path, STRETCHES), QUEUE)) seen++;
      }
      return seen / 400;
    };
    expect(share(0)).toBeLessThan(0.04);
    expect(share(1)).toBeGreaterThan(0.85);
  });

  it("is of runs together what Student's test says of their totals", () => {
    const over = (...totals: number[]) => meanRise(asRuns(totals), alike(totals));
    expect(isGrowth(over(1, 1.2, 0.9, 1.1), QUEUE)).toBe(true);
    expect(isGrowth(over(3, -1, 2, -2), QUEUE)).toBe(false);
    expect(isGrowth(over(5), QUEUE)).toBe(false);
    // As far as a queue gets from empty that has no drift.
    expect(isGrowth(over(0.7, 0.72, 0.69, 0.71), QUEUE)).toBe(false);
    expect(mostRise(over(0.1, 0.1, 0.1))).toBeCloseTo(0.1, 12);
  });

  it("of what fills up from empty has to go on for sure, at the end of all runs together", () => {
    const over = (...lates: number[]) =>
      meanRise(
        lates.map((late) => ({ total: 1, late, walk: 0.1 })),
        alike(lates),
      );
    const filling = { share: 0.6, isSure: true };
    expect(isGrowth(over(0.9, 1.1, 1, 0.8), filling)).toBe(true);
    const byChance = over(4, -2, 3, -1);
    expect([isGrowth(byChance, filling), isGrowth(byChance, QUEUE)]).toEqual([false, true]);
  });

  it("counts runs by how many each stands for, which leaves fewer that tell how far they differ", () => {
    const totals = [1, 1.2, 5, 5.1];
    const rise = meanRise(asRuns(totals), [1.5, 1.5, 0.5, 0.5]);
    expect(rise.total).toBeCloseTo((1.5 * 2.2 + 0.5 * 10.1) / 4, 12);
    expect(rise.late).toBe(rise.total);
    expect(rise.samples).toBeCloseTo(16 / 5, 12);
    expect(meanRise(asRuns(totals), alike(totals)).samples).toBe(4);
  });
});

describe("the start of a window", () => {
  const means = (first: number, swing = 0) =>
    Array.from({ length: STRETCHES }, (_, stretch) => (stretch === 0 ? first : 10 + swing * (stretch % 2)));

  it("is off where it lies beyond how far the second half swings", () => {
    expect(startOf(means(5))).toEqual({ off: -0.5, isBeyondChance: true });
    expect(startOf(means(8, 4)).isBeyondChance).toBe(false);
    expect(startOf(means(0).map(() => 0))).toEqual({ off: 0, isBeyondChance: false });
  });

  it("is not what changes later", () => {
    const changing = (from: number) =>
      startOf(Array.from({ length: STRETCHES }, (_, stretch) => (stretch < from ? 5 : 10)));
    expect(changing(5)).toEqual({ off: 0, isBeyondChance: false });
    expect(changing(2)).toEqual({ off: -0.5, isBeyondChance: true });
    // It wears off over half of the window.
    const slow = startOf(Array.from({ length: STRETCHES }, (_, stretch) => 10 - 5 * Math.exp(-stretch / 8)));
    expect(slow).toEqual({ off: expect.closeTo(-0.43, 1), isBeyondChance: true });
  });

  it("is judged over runs by how far these differ", () => {
    const over = (...offs: number[]) => meanStart(offs, alike(offs));
    expect(over(-0.2, -0.25, -0.22, -0.21).isBeyondChance).toBe(true);
    expect(over(-0.2, 0.3, -0.1, 0.1).isBeyondChance).toBe(false);
    expect(over(-0.2).isBeyondChance).toBe(false);
    expect(meanStart([-0.2, 0.2], [1.5, 0.5]).off).toBeCloseTo(-0.1, 12);
  });
});
