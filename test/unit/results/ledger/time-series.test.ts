import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration, instant, NEVER } from "../../../../src/core/base/units.js";
import { TimeSeries } from "../../../../src/core/results/ledger/time-series.js";

const series = (maximumBins?: number, columns = 2) =>
  new TimeSeries({ columns, interval: duration(10), ...(maximumBins === undefined ? {} : { maximumBins }) });

const column = (of: TimeSeries, index: number) =>
  Array.from({ length: of.bins }, (_, bin) => of.value(index, bin));

describe("time series", () => {
  it("sums what falls into one bin, column by column", () => {
    const counts = series();
    counts.add(0, instant(0), 1);
    counts.add(0, instant(9), 2);
    counts.add(0, instant(10), 4);
    counts.add(1, instant(29), 8);
    expect([column(counts, 0), column(counts, 1)]).toEqual([
      [3, 4, 0],
      [0, 0, 8],
    ]);
  });

  it("doubles the interval when an instant lies past the last bin", () => {
    const counts = series(4);
    [0, 10, 20, 30].forEach((at, index) => {
      counts.add(0, instant(at), 10 ** index);
    });
    expect([counts.interval, column(counts, 0)]).toEqual([10, [1, 10, 100, 1000]]);
    counts.add(0, instant(40), 10_000);
    expect([counts.interval, column(counts, 0)]).toEqual([20, [11, 1100, 10_000]]);
  });

  it("doubles as often as a far instant needs", () => {
    const counts = series(4);
    counts.add(0, instant(25), 1);
    counts.add(1, instant(1e15), 2);
    expect(counts.bins).toBeLessThanOrEqual(4);
    expect(counts.interval * 4).toBeGreaterThan(1e15);
    expect([counts.value(0, 0), counts.value(1, counts.bins - 1)]).toEqual([1, 2]);
  });

  it("has at most 4096 bins unless told otherwise", () => {
    const counts = series();
    for (let at = 0; at < 2_000_000; at += 100) counts.add(0, instant(at), 1);
    expect(counts.bins).toBeLessThanOrEqual(4096);
    expect(counts.bins).toBeGreaterThan(2048);
  });

  it("equals binning everything at the final interval, in any order of time: nothing is lost", () => {
    const additions = fc.array(
      fc.record({ at: fc.oneof(fc.nat(100), fc.nat(100_000)), column: fc.nat(1), amount: fc.integer() }),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(additions, fc.constantFrom(2, 4, 6, 64, 512), (added, maximumBins) => {
        const counts = series(maximumBins);
        for (const one of added) counts.add(one.column, instant(one.at), one.amount);
        const expected = [0, 1].map((index) =>
          new Array<number>(counts.bins).fill(0).map((_, bin) => sumOf(index, bin)),
        );
        function sumOf(index: number, bin: number): number {
          const inside = added.filter(
            (one) => one.column === index && Math.floor(one.at / counts.interval) === bin,
          );
          return inside.reduce((sum, one) => sum + one.amount, 0);
        }
        expect([column(counts, 0), column(counts, 1)]).toEqual(expected);
        expect(counts.bins).toBe(Math.floor(Math.max(...added.map((one) => one.at)) / counts.interval) + 1);
        expect(counts.bins).toBeLessThanOrEqual(maximumBins);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses what it cannot place", () => {
    const counts = series();
    counts.add(0, instant(0), 1);
    expect(() => counts.add(2, instant(0), 1)).toThrow("columns");
    expect(() => counts.add(0, NEVER, 1)).toThrow("finite instant");
    expect(() => counts.value(0, 1)).toThrow("bins");
    expect(() => series(3)).toThrow("even");
    expect(() => series(4, 0)).toThrow("columns");
    expect(() => new TimeSeries({ columns: 1, interval: duration(0) })).toThrow("interval");
  });
});
