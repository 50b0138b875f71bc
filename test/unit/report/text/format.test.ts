import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as format from "../../../../src/core/report/text/format.js";
import type { MetricUnit } from "../../../../src/core/results/metrics/units.js";

describe("numbers in reports", () => {
  it.each<[string, string]>([
    [format.count(0), "0"],
    [format.count(999), "999"],
    [format.count(1234567), "1,234,567"],
    [format.level(12), "12"],
    [format.level(12.5), "12.5"],
    [format.number(0), "0"],
    [format.number(0.00123456), "0.00123"],
    [format.number(9.999), "10.0"],
    [format.number(48.123), "48.1"],
    [format.number(12345.6), "12,346"],
    [format.percent(0), "0%"],
    [format.percent(1), "100%"],
    [format.percent(0.00082), "0.082%"],
    [format.signedPercent(0.0042), "+0.42%"],
    [format.signedPercent(-0.123), "-12.30%"],
    [format.signedPercent(0), "+0.00%"],
    [format.percent(0.12345), "12.3%"],
    [format.time(0), "0s"],
    [format.time(0.0000008), "0.800us"],
    [format.time(0.1234), "123ms"],
    [format.time(0.9999), "1.00s"],
    [format.time(125.4), "125s"],
    [format.span(0.5), "0.5s"],
    [format.span(90), "1m30s"],
    [format.span(86_400 + 3_600), "1d1h"],
    [format.dollars(0), "$0"],
    [format.dollars(0.01234), "$0.0123"],
    [format.dollars(0.7874), "$0.79"],
    [format.dollars(1234.5), "$1,234.50"],
    [format.measured(0.25, "seconds"), "250ms"],
    [format.measured(0.001, "share"), "0.1%"],
    [format.measured(1500, "tokens_per_second"), "1,500 tok/s"],
    [format.measured(1500, "count"), "1,500"],
    [format.measured(1.25, "ratio"), "1.25"],
  ])("%s", (told, wanted) => {
    expect(told).toBe(wanted);
  });

  it("is 0 where it is as good as 0, in whatever unit", () => {
    expect([
      format.number(1e-20),
      format.measured(1e-20, "seconds"),
      format.measured(-1e-20, "ratio"),
    ]).toEqual(["0", "0us", "0"]);
  });

  it("is never off by more than half of its third digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (value) => {
        const told = Number(format.number(value).replaceAll(",", ""));
        return Math.abs(told - value) <= value * 0.00501;
      }),
    );
  });
});

describe("a value with its interval", () => {
  it.each<[number, number | null, number | null, MetricUnit, string]>([
    [0.00081, 0.00074, 0.00089, "share", "0.081% [0.074, 0.089]"],
    [0.15, 0.12, 0.18, "share", "15% [12, 18]"],
    [0.15, null, null, "share", "15%"],
    [0.15, 0.12, null, "share", "15% [12, ?]"],
    [0.15, null, 0.18, "share", "15% [?, 18]"],
    [1.23, 1.1, null, "seconds", "1.23s [1.1, ?]"],
    [0.0226, 0, 9, "seconds", "0.023s [0, 9]"],
    [0.0226, 1e-20, 9, "seconds", "0.023s [0, 9]"],
    [1.23, 1.1, 1.36, "seconds", "1.23s [1.1, 1.36]"],
    [0.2, 0.15, 0.25, "seconds", "200ms [150, 250]"],
    [0.9, 0.7, 1.1, "seconds", "0.9s [0.7, 1.1]"],
    [0.0002, 0.0001, 0.0003, "seconds", "200us [100, 300]"],
    [1234.5, 1200, 1269, "tokens_per_second", "1,235 tok/s [1,200, 1,269]"],
    [12.5, 12, 13, "dollars", "$12.5 [12, 13]"],
    [1.5, 1.4999, 1.5001, "ratio", "1.5 [1.4999, 1.5001]"],
    [15_330.000000000007, 15_330.000000000002, 15_330.000000000011, "dollars", "$15,330 [15,330, 15,330]"],
    [15_330.5, 15_330.4996, 15_330.5004, "dollars", "$15,330.5 [15,330.5, 15,330.5]"],
    [0.00123, 0.00122, 0.00124, "dollars", "$0.00123 [0.00122, 0.00124]"],
    // Sums of the same numbers in another order.
    [0.123456789, 0.12345678899999998, 0.12345678900000001, "seconds", "123ms [123, 123]"],
    [0.123456789, 0.12345678899999998, 0.12345678900000001, "share", "12.3% [12.3, 12.3]"],
    [7, 7, 7, "count", "7 [7, 7]"],
    [60.00000432, 60.0000035, 60.00000508, "tokens_per_second", "60 tok/s [60, 60]"],
    [60.0123, 60.0119, 60.0127, "tokens_per_second", "60.012 tok/s [60.012, 60.013]"],
    [1_234_567.8, 1_234_567.7, 1_234_567.9, "count", "1,234,568 [1,234,568, 1,234,568]"],
    [0.0166666711, 0.016666671, 0.0166666712, "seconds", "16.667ms [16.667, 16.667]"],
    // What is missing to all of them is what matters.
    [0.9999812, 0.9999795, 0.999983, "share", "99.99812% [99.99795, 99.9983]"],
    [0, 0, 0, "share", "0% [0, 0]"],
    [-0.2, -200, 200, "ratio", "-0.2 [-200, 200]"],
  ])("%d from %s to %s in %s is %s", (value, low, high, unit, wanted) => {
    expect(format.interval(value, low, high, unit)).toBe(wanted);
  });

  it("reads back as what it was, to two digits of how far the interval reaches", () => {
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 0.001, max: 0.9, noNaN: true }), (value, part) => {
        const [low, high] = [value * (1 - part), value * (1 + part)];
        const shown = format.interval(value, low, high, "ratio").replaceAll(/,(?=\d)|[[\]]/g, "");
        const read = shown.split(/,? /).map(Number);
        return [value, low, high].every((one, index) => Math.abs(one - read[index]!) <= 0.06 * (high - low));
      }),
      { numRuns: 500 },
    );
  });
});

describe("values beside each other", () => {
  it.each<[readonly number[], MetricUnit, readonly string[]]>([
    [[1, 2], "ratio", ["1.00", "2.00"]],
    [[0.99992, 0.99989, 1], "ratio", ["0.99992", "0.99989", "1.0000"]],
    [[16_725.1, 16_725.4], "tokens_per_second", ["16,725.1 tok/s", "16,725.4 tok/s"]],
    [[0.5, 0.5], "share", ["50%", "50%"]],
    [[1, 1 + 1e-12], "seconds", ["1.00s", "1.00s"]],
  ])("%j in %s are told apart in as few digits as that takes: %j", (values, unit, wanted) => {
    expect(values.map(format.measuredApart(values, unit))).toEqual(wanted);
  });
});
