import { describe, expect, it } from "vitest";
import { LogHistogram, logBin, logBinStart } from "../../../src/core/stats/log-histogram.js";

describe("bins of a logarithmic histogram", () => {
  const values = [
    ...Array.from({ length: 3000 }, (_, value) => value),
    ...Array.from({ length: 45 }, (_, power) => [
      2 ** (power + 8) - 1,
      2 ** (power + 8),
      2 ** (power + 8) + 1,
    ]).flat(),
    Number.MAX_SAFE_INTEGER,
  ];

  it("hold exactly what lies between where they begin and where the next one does", () => {
    for (const value of values) {
      const bin = logBin(value);
      expect([logBinStart(bin) <= value, value < logBinStart(bin + 1)], `value ${value}`).toEqual([
        true,
        true,
      ]);
    }
  });

  it("are a number each below 8, and four to an octave above", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(logBin)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([8, 10, 12, 14, 16].map((value) => logBin(value) - logBin(8))).toEqual([0, 1, 2, 3, 4]);
    expect(logBin(2 ** 40) - logBin(2 ** 10)).toBe(120);
  });
});

describe("a logarithmic histogram", () => {
  it("tells edges and counts from the first bin in use to the last", () => {
    const histogram = new LogHistogram();
    for (const value of [9, 8, 15, 8]) histogram.add(value);
    histogram.add(12, 5);
    expect(histogram.bins()).toEqual({ edges: [8, 10, 12, 14, 16], counts: [3, 0, 5, 1] });
  });

  it("is nothing at first, and counts zeros", () => {
    const histogram = new LogHistogram();
    expect(histogram.bins()).toEqual({ edges: [], counts: [] });
    histogram.add(0);
    expect(histogram.bins()).toEqual({ edges: [0, 1], counts: [1] });
  });

  it("adds up with another", () => {
    const [one, other] = [new LogHistogram(), new LogHistogram()];
    one.add(1);
    other.add(1, 2);
    other.add(3);
    one.merge(other);
    expect(one.bins()).toEqual({ edges: [1, 2, 3, 4], counts: [3, 0, 1] });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("does not count %s", (value) => {
    expect(() => new LogHistogram().add(value)).toThrow("whole numbers");
  });
});
