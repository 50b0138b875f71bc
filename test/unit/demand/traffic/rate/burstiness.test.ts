// How bursty traffic of known kinds is: against closed forms, and against what published traces show.
import { mean, median, sampleCorrelation, standardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { CONV_SWINGS, type RateSpec, SWINGS } from "../../../../../src/core/demand/traffic/rate/rate-spec.js";
import type { CountingStatistics } from "../../../../../src/core/stats/counting.js";
import { gear } from "../../../../support/mode.js";
import { arrivalsOf, concentration, countingOf, fleetArrivals, STEADY, seeds } from "./fleet.js";

/** As long as Azure's traces. */
const HOUR = seconds(3500);
const WINDOWS = [1, 10, 60, 300];

/** Published values are matched within this factor: the two halves of one trace differ by a quarter. */
const WITHIN = 1.5;

function expectNear(value: number, published: number): void {
  expect(value).toBeGreaterThan(published / WITHIN);
  expect(value).toBeLessThan(published * WITHIN);
}

/** Wilson and Hilferty's cube: the chi-square of so many degrees of freedom, per degree, at z standard deviations. */
const chiSquareAt = (freedom: number, z: number) =>
  (1 - 2 / (9 * freedom) + z * Math.sqrt(2 / (9 * freedom))) ** 3;

describe("steady traffic", () => {
  it("has an index of dispersion of 1 at any window, within 99 % of what chance does", () => {
    const statistics = countingOf(arrivalsOf(STEADY, 5.53, "1", HOUR), [1, 10, 60], HOUR);
    for (const i of [0, 1, 2]) {
      const freedom = statistics.windows(i) - 1;
      expect(statistics.idc(i)).toBeGreaterThan(chiSquareAt(freedom, -2.576));
      expect(statistics.idc(i)).toBeLessThan(chiSquareAt(freedom, 2.576));
    }
  });
});

describe("traffic of many accounts that swing, as in Azure's conversations", () => {
  const CONV: RateSpec = { shape: {}, swings: CONV_SWINGS, cv: 1.1 };
  const runs = (scale: number): CountingStatistics[] =>
    seeds(gear(4, 20)).map((seed) => {
      const fleet = { accounts: 160, skew: 1.2, rate: 5.53 * scale };
      return countingOf(fleetArrivals(CONV, fleet, seed, HOUR), WINDOWS, HOUR);
    });
  const base = runs(1);

  it.each([
    [1, 0.07],
    [10, 0.052],
    [60, 0.046],
    [300, 0.036],
  ])("has the eta at %d s that was measured, %d", (window, published) => {
    const i = WINDOWS.indexOf(window);
    expectNear(median(base.map((each) => each.eta(i))), published);
  });

  it.each(gear([0.25, 2], [0.25, 0.5, 2, 4]))("has the same eta at %d times the rate", (scale) => {
    const scaled = runs(scale);
    for (const i of [1, 2, 3]) {
      const ratio = median(scaled.map((each, index) => each.eta(i) / base[index]!.eta(i)));
      // Gaps of a cv above 1 add a little at ten seconds, the more the fewer come: 13 % at a quarter, over 80 seeds.
      expect(Math.abs(ratio - 1)).toBeLessThan(WINDOWS[i] === 10 ? 0.25 : 0.15);
    }
  });
});

describe("traffic of one program that is on and off, as in Azure's coding service", () => {
  const BURSTY: RateSpec = { shape: {}, swings: [], onOff: { on: seconds(20), off: seconds(55) }, cv: 3.2 };

  it("has the eta at 60 s that was measured, 1.1", () => {
    const runs = seeds(gear(15, 40)).map((seed) =>
      countingOf(arrivalsOf(BURSTY, 2.57, seed, HOUR), [60], HOUR),
    );
    expectNear(median(runs.map((each) => each.eta(0))), 1.1);
  });
});

describe("closed forms", () => {
  /** Excess variance of single counts, one for each seed, and its standard error by the jackknife. */
  function ensembleEta(counts: readonly number[]): { eta: number; error: number } {
    const n = counts.length;
    const sums = [0, 0];
    for (const count of counts) {
      sums[0]! += count;
      sums[1]! += count * count;
    }
    const eta = (sum: number, squares: number, size: number) => {
      const average = sum / size;
      return (squares / size - average * average - average) / (average * average);
    };
    const without = counts.map((count) => eta(sums[0]! - count, sums[1]! - count * count, n - 1));
    const error = standardDeviation(without) * Math.sqrt(n - 1);
    return { eta: eta(sums[0]!, sums[1]!, n), error };
  }

  it("of swings: over seeds, a window has an eta of HHI (e^sigma² - 1)", () => {
    const fleet = { accounts: 20, skew: 1.2, rate: 20 };
    const spec: RateSpec = { ...STEADY, swings: [{ sigma: 0.6, tau: seconds(900) }] };
    const counts = seeds(gear(300, 500)).map((seed) => fleetArrivals(spec, fleet, seed, seconds(60)).length);
    const { eta, error } = ensembleEta(counts);
    const expected = concentration(fleet) * (Math.exp(0.36) - 1);
    expect(error).toBeLessThan(expected / gear(4, 5));
    expect(Math.abs(eta - expected)).toBeLessThan(4 * error);
  });

  /** Mean of the correlation over a window, in which on and off forget each other at the rate 1 / on + 1 / off. */
  const g = (window: number) => {
    const x = window * (1 / 25 + 1 / 55);
    return (2 * (x - 1 + Math.exp(-x))) / (x * x);
  };
  const onOff = { on: seconds(25), off: seconds(55) };

  it("of on and off: over seeds, the first minute has an eta of off / on g", () => {
    const counts = seeds(gear(300, 500)).map(
      (seed) => arrivalsOf({ ...STEADY, onOff }, 5, seed, seconds(60)).length,
    );
    const { eta, error } = ensembleEta(counts);
    const expected = (55 / 25) * g(60);
    expect(error).toBeLessThan(expected / gear(4, 5));
    expect(Math.abs(eta - expected)).toBeLessThan(4 * error);
  });

  it("of on and off: over time, every window has an eta of off / on g", () => {
    const twoDays = seconds(200_000);
    const windows = [1, 10, 60, 300];
    const statistics = countingOf(arrivalsOf({ ...STEADY, onOff }, 2, "1", twoDays), windows, twoDays);
    windows.forEach((window, i) => {
      expect(statistics.eta(i) / ((55 / 25) * g(window))).toBeGreaterThan(0.9);
      expect(statistics.eta(i) / ((55 / 25) * g(window))).toBeLessThan(1.1);
    });
  });
});

describe("the rate of one account, with the default swings", () => {
  it("has a logarithm that varies and lasts as ServeGen's clients' do", () => {
    const window = seconds(600);
    const week = seconds(7 * 24 * 3600);
    const shown = seeds(gear(2, 9)).map((seed) => {
      const counts = new Array<number>(7 * 24 * 6).fill(0);
      for (const at of arrivalsOf({ ...STEADY, swings: SWINGS }, 1, seed, week))
        counts[Math.floor(at / window)]!++;
      const logs = counts.map((count) => Math.log(count));
      return { spread: standardDeviation(logs), lag: sampleCorrelation(logs.slice(1), logs.slice(0, -1)) };
    });
    for (const { spread, lag } of shown) {
      expect(spread).toBeGreaterThan(0.7);
      expect(spread).toBeLessThan(1.3);
      expect(lag).toBeGreaterThan(0.65);
      expect(lag).toBeLessThan(0.95);
    }
    // Over windows the swings are a little smoother than at an instant, where it is .76.
    expect(mean(shown.map(({ lag }) => lag))).toBeGreaterThan(0.76);
  });
});
