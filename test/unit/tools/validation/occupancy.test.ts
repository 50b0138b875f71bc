import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binMeans, levelsAt, pageIntervals } from "../../../../src/core/tools/validation/occupancy.js";
import { request } from "./requests.js";

describe("occupancy", () => {
  it("reserves whole pages for prompt and output", () => {
    const [interval] = pageIntervals([request({ promptTokens: 100, outputTokens: 29 })], 64);
    expect(interval).toEqual({ from: 0, to: 11, weight: 3 });
  });

  it("knows the level at a time: in from the start, out at the end", () => {
    const intervals = [
      { from: 0, to: 2, weight: 3 },
      { from: 1, to: 4, weight: 5 },
    ];
    expect(levelsAt(intervals, [0, 1, 2, 3, 4])).toEqual([3, 8, 5, 5, 0]);
  });

  it("spreads an interval over bins without losing any of it", () => {
    const span = fc.tuple(
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 10, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(span, { minLength: 1 }), fc.integer({ min: 1, max: 30 }), (spans, count) => {
        const intervals = spans.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), weight: 2 }));
        const area = intervals.reduce((sum, { from, to }) => sum + 2 * (to - from), 0);
        const bins = binMeans(intervals, 0, 10, count);
        expect(bins.reduce((sum, level) => sum + (level * 10) / count, 0)).toBeCloseTo(area, 6);
      }),
    );
  });
});
