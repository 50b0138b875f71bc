import { describe, expect, it } from "vitest";
import { dispersionOf, rateDistance } from "../../../src/core/stats/counts.js";

describe("counts beside each other", () => {
  it("are apart by the logarithm of their rates over its error", () => {
    const [one, other] = [
      { count: 400, seconds: 100 },
      { count: 1000, seconds: 200 },
    ];
    const distance = Math.log((2 * 400.5) / 1000.5) / Math.sqrt(1 / 400.5 + 1 / 1000.5);
    expect(rateDistance(one, other, 1, 1)).toBeCloseTo(distance, 12);
    expect(rateDistance(one, other, 1, 4)).toBeCloseTo(distance / 2, 12);
    expect(rateDistance(other, other, 1, 1)).toBe(0);
    expect(rateDistance(other, other, 0.9, 1)).toBeGreaterThan(0);
    expect(rateDistance({ count: 0, seconds: 100 }, other, 0.9, 1)).toBeLessThan(-3);
  });

  it("are dispersed as they differ, and never less than by chance", () => {
    expect(dispersionOf([0, 20, 0, 20])).toBeCloseTo(400 / 3 / 10, 12);
    expect([dispersionOf([5, 5, 5]), dispersionOf([0, 0, 0])]).toEqual([1, 1]);
  });
});
