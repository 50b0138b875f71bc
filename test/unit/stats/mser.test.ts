import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { warmupBins } from "../../../src/core/stats/mser.js";

function noisy(n: number, level: (index: number) => number, name: string): number[] {
  const stream = openStream("1", name);
  return Array.from({ length: n }, (_, index) => level(index) + stream.uniform() - 0.5);
}

describe("MSER-5", () => {
  it("cuts a jump off at its end, in whole fives", () => {
    const series = Array.from({ length: 200 }, (_, index) => (index < 37 ? 0 : 10));
    expect(warmupBins(series)).toBe(40);
  });

  it("cuts next to nothing off a series that is settled from the start", () => {
    const cuts = Array.from(
      { length: 100 },
      (_, run) => warmupBins(noisy(500, () => 0, `settled ${run}`)) ?? 500,
    );
    expect(cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length).toBeLessThan(60);
    expect(warmupBins(Array.from({ length: 60 }, () => 4))).toBe(0);
  });

  it("cuts off most of a slow start", () => {
    for (let run = 0; run < 20; run++) {
      const cut = warmupBins(noisy(1000, (index) => 8 * (1 - Math.exp(-index / 50)), `filling ${run}`));
      expect(cut).toBeGreaterThanOrEqual(90);
      expect(cut).toBeLessThan(500);
    }
  });

  it("is what the definition says, term by term", () => {
    const series = noisy(400, (index) => (index < 60 ? index / 20 : 3), "by definition");
    const means = Array.from({ length: 80 }, (_, batch) => average(series.slice(5 * batch, 5 * batch + 5)));
    const errors = means.slice(0, 76).map((_, cut) => {
      const left = means.slice(cut);
      return left.reduce((sum, value) => sum + (value - average(left)) ** 2, 0) / left.length ** 2;
    });
    expect(warmupBins(series)).toBe(5 * errors.indexOf(Math.min(...errors)));
  });

  it("does not say where the series never settles, or is too short", () => {
    expect(warmupBins(Array.from({ length: 200 }, (_, index) => index ** 3))).toBeNull();
    expect(warmupBins(Array.from({ length: 49 }, () => 1))).toBeNull();
    expect(warmupBins([])).toBeNull();
  });
});

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
