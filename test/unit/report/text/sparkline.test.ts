import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { downsample, sparkline } from "../../../../src/core/report/text/sparkline.js";
import { ASCII_MARKS, UNICODE_MARKS } from "../../../../src/core/report/text/style.js";

describe("a sparkline", () => {
  it("is scaled to the largest value and shows a single refusal apart from none", () => {
    expect(sparkline([0, 1, 500, 1000], UNICODE_MARKS)).toBe("·▁▄█");
    expect(sparkline([0, 1, 500, 1000], ASCII_MARKS)).toBe(".:+@");
  });

  it("may be scaled to more than its largest value, to be compared with another", () => {
    expect(sparkline([0, 500], UNICODE_MARKS, 1000)).toBe("·▄");
  });

  it("of nothing is flat", () => {
    expect(sparkline([0, 0], UNICODE_MARKS)).toBe("··");
  });
});

describe("downsampling", () => {
  it("keeps the total and stays within the width", () => {
    const bins = fc.array(fc.nat(1000), { maxLength: 500 });
    fc.assert(
      fc.property(bins, fc.integer({ min: 1, max: 80 }), (values, columns) => {
        const { sums } = downsample(values, columns);
        const total = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0);
        return sums.length <= columns && total(sums) === total(values);
      }),
    );
  });
});
