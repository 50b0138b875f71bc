import { mean, median } from "simple-statistics";
import { expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { FlashTerm } from "../../../../../src/core/demand/traffic/rate/flash.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../../../support/goodness-of-fit.js";

it.each([0, 1e-7])("a flash event of a sigma of %d takes its median each time", (sigma) => {
  const flash = { every: seconds(60), factorFrom: 4, factorTo: 10, median: seconds(300), sigma };
  const term = new FlashTerm(flash, openStream("1", "flash"));
  for (let event = 0; event < 5; event++) {
    term.next();
    expect(term.until - term.from).toBeCloseTo(300, 6);
    term.next();
  }
});

it("a flash event multiplies the rate for a while, and then there is none for some time", () => {
  const flash = { every: seconds(21_600), factorFrom: 4, factorTo: 10, median: seconds(300), sigma: 0.8 };
  const term = new FlashTerm(flash, openStream("1", "flash"));
  const calm: number[] = [];
  const lengths: number[] = [];
  const factors: number[] = [];
  for (let event = 0; event < 4000; event++) {
    expect([term.value, term.slope]).toEqual([1, 0]);
    calm.push(term.until - term.from);
    term.next();
    factors.push(term.value);
    lengths.push(term.until - term.from);
    term.next();
  }
  const fits = [
    kolmogorovSmirnov(Float64Array.from(calm), (time) => 1 - Math.exp(-time / 21_600)),
    kolmogorovSmirnov(Float64Array.from(factors), (factor) => (factor - 4) / 6),
  ];
  for (const { statistic, limit } of fits) expect(statistic).toBeLessThan(limit);
  // Standard errors of the median and of the mean of 4,000 lognormal times are 1.6 % and 1.5 %.
  expect(Math.abs(median(lengths) / 300 - 1)).toBeLessThan(0.06);
  expect(Math.abs(mean(lengths) / (300 * Math.exp(0.32)) - 1)).toBeLessThan(0.06);
});
