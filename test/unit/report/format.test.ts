import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as format from "../../../src/core/report/format.js";

describe("numbers in reports", () => {
  it.each<[string, string]>([
    [format.count(0), "0"],
    [format.count(999), "999"],
    [format.count(1234567), "1,234,567"],
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

  it("is never off by more than half of its third digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (value) => {
        const told = Number(format.number(value).replaceAll(",", ""));
        return Math.abs(told - value) <= value * 0.00501;
      }),
      { seed: 3 },
    );
  });
});
