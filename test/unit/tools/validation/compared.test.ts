import { describe, expect, it } from "vitest";
import { compared, comparedDistribution } from "../../../../src/core/tools/validation/compared.js";

describe("compared", () => {
  it.each<[number | null, number | null, unknown]>([
    [2, 3, { recorded: 2, simulated: 3, error: 0.5 }],
    [0, 3, { recorded: 0, simulated: 3, error: null }],
    [null, 3, { recorded: null, simulated: 3, error: null }],
    [2, Number.NaN, { recorded: 2, simulated: null, error: null }],
  ])("%s with %s", (recorded, simulated, wanted) => {
    expect(compared(recorded, simulated)).toEqual(wanted);
  });

  it("takes quantiles between neighbours, and null of nothing", () => {
    const { mean, p50, p90 } = comparedDistribution([1, 2, 3, 10], []);
    expect([mean.recorded, p50.recorded, p90.recorded]).toEqual([4, 2.5, expect.closeTo(7.9, 9)]);
    expect([mean.simulated, p50.error]).toEqual([null, null]);
  });
});
