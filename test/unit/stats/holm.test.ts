import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holm, simultaneousConfidence } from "../../../src/core/stats/holm.js";

describe("Holm's step-down", () => {
  it.each([
    // 0.005 <= 0.0125, 0.01 <= 0.0167, 0.03 > 0.025: the two smallest.
    [
      [0.01, 0.04, 0.03, 0.005],
      [true, false, false, true],
    ],
    // Nothing after the first that stays: 0.02 would have been small enough by itself.
    [
      [0.03, 0.02, 0.03],
      [false, false, false],
    ],
    // 0.01 <= 0.0167, 0.02 <= 0.025, 0.04 <= 0.05.
    [
      [0.04, 0.02, 0.01],
      [true, true, true],
    ],
    [[0.05], [true]],
    [[], []],
  ])("of %j rejects %j", (pValues, rejected) => {
    expect(holm(pValues, 0.05)).toEqual(rejected);
  });

  it("counts a test without an answer, and rejects nothing by it", () => {
    expect(holm([Number.NaN, 0.024], 0.05)).toEqual([false, true]);
    expect(holm([Number.NaN, 0.026], 0.05)).toEqual([false, false]);
  });

  it("rejects what Bonferroni rejects, and no more than each test alone would", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share ** 4);
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 12 }), (pValues) => {
        for (const [index, rejected] of holm(pValues, 0.05).entries()) {
          if (pValues[index]! <= 0.05 / pValues.length) expect(rejected).toBe(true);
          if (pValues[index]! > 0.05) expect(rejected).toBe(false);
        }
      }),
    );
  });
});

describe("intervals that hold at once", () => {
  it("share the error among them", () => {
    expect(simultaneousConfidence(1, 0.95)).toBeCloseTo(0.95, 12);
    expect(simultaneousConfidence(10, 0.95)).toBeCloseTo(0.995, 12);
    expect(() => simultaneousConfidence(0, 0.95)).toThrow(/at least one/);
    expect(() => simultaneousConfidence(2, 95)).toThrow(/confidence must be/);
  });
});
