import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { warmupBins } from "../../../src/core/stats/settling.js";

const approach = (n: number, bins: number, start = 0) =>
  Array.from({ length: n }, (_, bin) => 10 * (1 + (start - 1) * Math.exp(-(bin + 0.5) / bins)));
/** What a start leaves in the mean of the bins that are kept, as a share. */
const biasOf = (series: readonly number[], cut: number) =>
  series.slice(cut).reduce((sum, value) => sum + value / 10 - 1, 0) / (series.length - cut);

describe("how long a series takes to settle", () => {
  it.each([
    [400, 5, 0],
    [400, 20, 0],
    [400, 20, 0.5],
    [400, 20, 3],
    [10_000, 20, 0],
  ])(
    "of %i bins with a memory of %i, from %f of the mean, the rest is off by half a percent at most",
    (n, memory, start) => {
      const series = approach(n, memory, start);
      const cut = warmupBins(series)!;
      expect(Math.abs(biasOf(series, cut))).toBeLessThan(0.005);
      expect(cut).toBeLessThan(8 * memory);
    },
  );

  it("sees a start through noise that hides its single bins", () => {
    const chance = openStream("settling", "noise");
    const series = approach(400, 20).map((value) => value + 6 * (chance.uniform() - 0.5));
    const cut = warmupBins(series)!;
    expect(Math.abs(biasOf(approach(400, 20), cut))).toBeLessThan(0.01);
  });

  it("leaves out nearly nothing of what begins as it stays, and nothing of nothing", () => {
    expect(warmupBins(Array.from({ length: 100 }, (_, bin) => 5 + (bin % 2)))!).toBeLessThan(3);
    expect(warmupBins(Array.from({ length: 100 }, () => 0))).toBe(0);
  });

  it.each([50, 300, 1200, 3600])(
    "takes what is full from the second of %i bins on for settled there",
    (n) => {
      const constant = Array.from({ length: n }, (_, bin) => (bin === 0 ? 0 : 64));
      expect(warmupBins(constant)).toBe(1);
      const chance = openStream("settling", `full ${n}`);
      const bounded = constant.map((level) => level * (1 - 0.02 * chance.uniform()));
      expect(warmupBins(bounded)).toBeLessThanOrEqual(3);
    },
  );

  it("leaves out no more than it has to where a start does not fade, but ends", () => {
    // As prompts are worked off that all came at once: 0, then in even steps up to what stays.
    const filling = Array.from(
      { length: 60 },
      (_, bin) => Math.min(10, 2 * bin) + (bin > 12 ? 0.06 * (-1) ** bin : 0),
    );
    const cut = warmupBins(filling)!;
    expect(cut).toBeLessThanOrEqual(5);
    expect(Math.abs(biasOf(filling, cut))).toBeLessThan(0.005);
    // Below a quarter of a percent of what is kept, and so is nothing shorter.
    expect(Math.abs(biasOf(filling, cut - 1))).toBeGreaterThan(0.0025);
  });

  it("counts a start that overshoots first", () => {
    const swing = approach(400, 20).map((_, bin) => 10 + (bin < 20 ? -8 : bin < 40 ? 8 : 0));
    expect(warmupBins(swing)!).toBeGreaterThan(30);
  });

  it.each([
    ["is too short", approach(19, 1)],
    ["has not settled before its second half", approach(100, 40)],
    ["grows without end", Array.from({ length: 400 }, (_, bin) => bin)],
  ])("says nothing of a series that %s", (_, series) => {
    expect(warmupBins(series)).toBeNull();
  });
});
