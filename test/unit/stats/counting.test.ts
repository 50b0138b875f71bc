import { readFileSync } from "node:fs";
import fc from "fast-check";
import { mean, sampleStandardDeviation, sampleVariance } from "simple-statistics";
import { describe, expect, it, test } from "vitest";
import { type Instant, instant, seconds } from "../../../src/core/base/units.js";
import { readTrace } from "../../../src/core/demand/trace/read-trace.js";
import { CountingStatistics } from "../../../src/core/stats/counting.js";
import { sharedFile } from "../../support/shared-data.js";

function counting(
  instants: readonly number[],
  windows: readonly number[],
  end: number,
  from = 0,
): CountingStatistics {
  const statistics = new CountingStatistics(windows.map(seconds), instant(from * 1e6));
  for (const at of instants) statistics.arrived(instant(at * 1e6));
  statistics.close(instant(end * 1e6));
  return statistics;
}

describe("counts in windows", () => {
  // Counts in windows of 10 s: 3, 0, 0, 1, 0, and a rest of 2 s with two arrivals that count for the rate only.
  const statistics = counting([0, 1, 9.999999, 30, 50, 51], [10, 25], 52);

  it("are of whole windows: empty ones count, the one that the end cuts short does not", () => {
    expect([statistics.windows(0), statistics.windows(1)]).toEqual([5, 2]);
    expect(statistics.idc(0)).toBeCloseTo(sampleVariance([3, 0, 0, 1, 0]) / 0.8, 12);
    expect(statistics.eta(0)).toBeCloseTo((sampleVariance([3, 0, 0, 1, 0]) - 0.8) / 0.64, 12);
    expect(statistics.idc(1)).toBeCloseTo(sampleVariance([3, 1]) / 2, 12);
  });

  it("leave rate and gaps to all arrivals", () => {
    const gaps = [1, 8.999999, 20.000001, 20, 1];
    expect([statistics.count, statistics.rate]).toEqual([6, 6 / 52]);
    expect(statistics.gapCv).toBeCloseTo(sampleStandardDeviation(gaps) / mean(gaps), 9);
  });

  it("give an arrival at the end of a window to the next", () => {
    expect(counting([10], [10], 20).idc(0)).toBe(counting([15], [10], 20).idc(0));
    // The end itself closes the window before it.
    expect(counting([], [10], 20).windows(0)).toBe(2);
    expect(counting([], [10], 19.999999).windows(0)).toBe(1);
  });

  it("begin where they are told to", () => {
    const later = counting([100, 101, 109.999999, 130, 150, 151], [10], 152, 100);
    expect([later.windows(0), later.rate]).toEqual([5, 6 / 52]);
    expect(later.idc(0)).toBe(statistics.idc(0));
  });

  it("are the same as counted afterwards, for any arrivals and windows", () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 0, max: 300_000_000 }), { maxLength: 200 }),
      fc.integer({ min: 1_000_000, max: 90_000_000 }),
      fc.integer({ min: 300_000_000, max: 400_000_000 }),
      (unsorted, window, end) => {
        const instants = unsorted.sort((one, other) => one - other) as Instant[];
        const statistics = new CountingStatistics([window as never]);
        for (const at of instants) statistics.arrived(at);
        statistics.close(instant(end));
        const counts = new Array<number>(Math.floor(end / window)).fill(0);
        for (const at of instants) if (at < counts.length * window) counts[Math.floor(at / window)]!++;
        expect(statistics.windows(0)).toBe(counts.length);
        const average = mean(counts);
        if (average > 0) expect(statistics.idc(0)).toBeCloseTo(sampleVariance(counts) / average, 9);
        else expect(statistics.idc(0)).toBeNaN();
      },
    );
    fc.assert(property);
  });
});

describe("what cannot be told", () => {
  it("is NaN: the spread of one window or of one gap", () => {
    const few = counting([1, 2], [10], 15);
    expect([few.idc(0), few.eta(0), few.gapCv]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("is refused: arrivals out of order, after the end, or an end before them", () => {
    const statistics = new CountingStatistics([]);
    statistics.arrived(instant(5));
    expect(() => statistics.arrived(instant(4))).toThrow("in order of time");
    expect(() => statistics.close(instant(4))).toThrow("not before the last arrival");
    expect(() => statistics.rate).toThrow("after the end");
    statistics.close(instant(5));
    expect(() => statistics.arrived(instant(6))).toThrow("nothing arrives after the end");
  });
});

const TRACE = sharedFile("data/traces/AzureLLMInferenceTrace_conv_2023.csv");
const title =
  "Azure's conversations of 2023 come at 5.530/s with cv 1.094, IDC(60 s) 16.41 and eta as published";

test.skipIf(TRACE === undefined)(
  TRACE === undefined ? `${title} (skipped: the Azure trace is not here)` : title,
  () => {
    const statistics = new CountingStatistics([1, 10, 60, 300].map(seconds));
    let last = instant(0);
    for (const { at } of readTrace([readFileSync(TRACE!, "utf8")], { file: "azure" })) {
      statistics.arrived(at);
      last = at;
    }
    statistics.close(last);
    expect(statistics.count).toBe(19_366);
    expect([statistics.rate, statistics.gapCv].map((value) => value.toFixed(3))).toEqual(["5.530", "1.094"]);
    // 58 whole minutes, sample variance: with the cut one it would be 20.9, with population variance 16.13.
    expect([statistics.windows(2), statistics.idc(2).toFixed(2)]).toEqual([58, "16.41"]);
    expect([0, 1, 2, 3].map((i) => statistics.eta(i).toFixed(3))).toEqual([
      "0.070",
      "0.052",
      "0.046",
      "0.036",
    ]);
  },
);
