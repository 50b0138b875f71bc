import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jainIndex } from "../../../src/core/stats/jain.js";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc
  .array(share, { minLength: 1, maxLength: 40 })
  .filter((all) => all.some((one) => one > 1e-3));

describe("Jain's index", () => {
  it.each([
    ["one alone", [0.3], 1],
    ["equal shares", [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 1],
    ["one of five", [0, 0, 0.7, 0, 0], 1 / 5],
    ["three of four", [2, 2, 0, 2], 3 / 4],
    ["one twice as much as the other", [1, 2], 9 / 10],
    ["shares of 1 to 4", [1, 2, 3, 4], 100 / 120],
  ])("of %s is as the definition says", (_, all, index) => {
    expect(jainIndex(all)).toBeCloseTo(index, 12);
  });

  it("is none where nothing was shared out", () => {
    expect([jainIndex([]), jainIndex([0, 0])]).toEqual([null, null]);
  });

  it("lies between 1 / n and 1, which it reaches exactly where shares are equal", () => {
    fc.assert(
      fc.property(shares, (all) => {
        const index = jainIndex(all)!;
        expect(index).toBeGreaterThanOrEqual(1 / all.length);
        expect(index).toBeLessThanOrEqual(1);
        const [least, most] = [Math.min(...all), Math.max(...all)];
        if (most - least > 0.01 * most) expect(index).toBeLessThan(1);
      }),
    );
  });

  it("is the same in any unit and in any order", () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (all, factor) => {
        const scaled = [...all].reverse().map((one) => one * factor);
        expect(jainIndex(scaled)!).toBeCloseTo(jainIndex(all)!, 9);
      }),
    );
  });

  it("is 1 / (1 + the square of the coefficient of variation)", () => {
    fc.assert(
      fc.property(shares, (all) => {
        const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
        const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length;
        expect(jainIndex(all)!).toBeCloseTo(1 / (1 + variance / mean ** 2), 9);
      }),
    );
  });

  it("rises where the best gives to the worst", () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 0.5, noNaN: true }), (all, part) => {
        const [least, ...rest] = [...all].sort((one, other) => one - other);
        const most = rest.pop();
        if (most === undefined) return;
        const given = part * (most - least!);
        expect(jainIndex([least! + given, ...rest, most - given])!).toBeGreaterThanOrEqual(
          jainIndex(all)! - 1e-12,
        );
      }),
    );
  });
});
