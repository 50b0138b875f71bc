import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { gatekept, holmAdjusted, simultaneousConfidence } from "../../../src/core/stats/holm.js";

const holm = (pValues: readonly number[], level: number) => holmAdjusted(pValues).map((p) => p <= level);

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

describe("two families", () => {
  it("have their own parts, and all of the level once the other is rejected", () => {
    // 0.009 <= 0.9 * 0.05 / 2, then 0.04 <= 0.045: all of the first, so that the second has all of 0.05.
    const { first, second } = gatekept({ first: [0.009, 0.04], second: [0.02, 0.03] }, 0.9);
    expect(first.map((p) => p <= 0.05)).toEqual([true, true]);
    expect(second.map((p) => p <= 0.05)).toEqual([true, true]);
    // One of the first stays: the second has 0.005 for both.
    const held = gatekept({ first: [0.009, 0.06], second: [0.002, 0.02] }, 0.9);
    expect(held.first.map((p) => p <= 0.05)).toEqual([true, false]);
    expect(held.second.map((p) => p <= 0.05)).toEqual([true, false]);
    // All of the second is rejected by its own part: the first has all.
    const handed = gatekept({ first: [0.047], second: [0.001] }, 0.9);
    expect(handed.first[0]).toBeCloseTo(0.047, 12);
  });

  it("leave one that is alone all of the level", () => {
    expect(gatekept({ first: [], second: [0.02, 0.03] }, 0.9).second).toEqual([0.04, 0.04]);
    expect(gatekept({ first: [0.02, 0.03], second: [] }, 0.9).first).toEqual([0.04, 0.04]);
    expect(gatekept({ first: [], second: [] }, 0.9)).toEqual({ first: [], second: [] });
  });

  it("err together no more often than they say, whatever part of the hypotheses is true", () => {
    const random = openStream("holm", "families");
    const tries = 4000;
    // False ones are rejected for certain, so that parts are handed on; true ones have uniform p values.
    for (const [trueFirst, trueSecond] of [
      [3, 5],
      [1, 5],
      [0, 5],
      [3, 0],
      [1, 1],
    ] as const) {
      const p = (many: number, trueOnes: number) =>
        Array.from({ length: many }, (_, i) => (i < trueOnes ? random.uniform() : 0));
      let wrong = 0;
      for (let one = 0; one < tries; one++) {
        const { first, second } = gatekept({ first: p(3, trueFirst), second: p(5, trueSecond) }, 0.9);
        const isWrong = [...first.slice(0, trueFirst), ...second.slice(0, trueSecond)].some((q) => q <= 0.05);
        if (isWrong) wrong++;
      }
      // One in a thousand samples of 4,000 has more than 6.1 % where the truth is 5 %.
      expect(wrong / tries).toBeLessThan(0.061);
    }
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
