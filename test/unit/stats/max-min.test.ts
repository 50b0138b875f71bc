import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxMinLevel } from "../../../src/core/stats/max-min.js";

describe("the level of max-min fair shares", () => {
  it.each([
    ["all that is asked for", [1, 2, 3], 6, Number.POSITIVE_INFINITY],
    ["nothing asked for", [], 5, Number.POSITIVE_INFINITY],
    ["nothing to share out", [1, 2], 0, 0],
    ["equal parts where none asks for less", [10, 10, 10], 6, 2],
    ["what small ones leave to the large", [1, 9, 2, 9], 11, 4],
    ["one large alone cut", [1, 1, 10], 5, 3],
  ])("is that of %s", (_, demands, total, level) => {
    expect(maxMinLevel(demands, total)).toBe(level);
  });

  it("gives out the total, and nobody more than asked for", () => {
    const demands = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(demands, fc.double({ min: 0, max: 0.999, noNaN: true }), (all, part) => {
        const total = part * all.reduce((sum, one) => sum + one, 0);
        const level = maxMinLevel(all, total);
        const given = all.map((demand) => Math.min(demand, level)).reduce((sum, one) => sum + one, 0);
        expect(Math.abs(given - total)).toBeLessThan(1e-9 * (1 + total));
      }),
    );
  });
});
