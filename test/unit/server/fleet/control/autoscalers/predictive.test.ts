import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../../src/core/base/units.js";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { problems, withLine } from "../../../../scenario/scenarios.js";
import { make, sample, viewOf } from "./views.js";

/** What it says a minute after another of so many sequences; two of them are what a replica should have. */
function says(given: object, running: readonly number[], coldStart = 120) {
  const options = { algorithm: "predictive", interval: "1m", targets: { concurrency: 2 }, ...given };
  const scaler = make(options, { coldStart: seconds(coldStart) });
  const samples: ScalingSample[] = [];
  return running.map((one, index) => {
    samples.push(sample(60 * index, { running: one, arrived: 100 * index }));
    return scaler.recommend(viewOf(samples, 1));
  });
}

describe("scaling to a forecast", () => {
  it("says nothing before five observations", () => {
    expect(says({ forecast: "last" }, [4, 4, 4, 4, 4, 6])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      2,
      3,
    ]);
  });

  it("has ready what the line asks for at the end of the cold start", () => {
    const line = Array.from({ length: 60 }, (_, index) => 10 * index);
    const exact = { smoothing: { level: 1, trend: 1, season: 0 } };
    // Now 590; a cold start of two intervals and one more to decide again: 620 of 2 each.
    expect(says(exact, line).at(-1)).toBe(310);
    expect(says(exact, line, 0).at(-1)).toBe(300);
  });

  it("takes nothing away that is needed before that", () => {
    const season = Array.from({ length: 25 }, (_, index) => [2, 2, 40, 2, 2][index % 5]!);
    const said = says({ forecast: "seasonal", season: "5m" }, season);
    // The peak at 2 of 5 is ahead by three at most from 4, 0, 1, and is there at 2.
    expect(said.slice(-5)).toEqual([20, 20, 20, 1, 20]);
  });

  it("looks no further than it has to: a cold start of a century is decided at once", () => {
    const season = Array.from({ length: 25 }, (_, index) => [2, 2, 40, 2, 2][index % 5]!);
    const ahead = (forecast: string, coldStart: number) =>
      says({ forecast, season: "5m" }, season, coldStart).slice(-5);
    const century = 36_525 * 86_400;
    for (const forecast of ["last", "seasonal"])
      expect(ahead(forecast, century)).toEqual(ahead(forecast, 600));
    // Of a line what is asked for at its end, after a million intervals and one.
    const line = Array.from({ length: 60 }, (_, index) => 10 * index);
    const exact = { smoothing: { level: 1, trend: 1, season: 0 } };
    expect(says(exact, line, 60e6).at(-1)).toBe((590 + 10 * (1e6 + 1)) / 2);
  });

  it("forecasts each target by itself, and waits for one that is not measured yet", () => {
    const targets = { concurrency: 2, requests: 0.1 };
    const said = says({ forecast: "last", targets, minObservations: 1 }, [4, 4, 80]);
    expect(said[0]).toBeUndefined();
    expect(said[1]).toBeCloseTo(100 / 60 / 0.1, 9);
    expect(said[2]).toBe(40);
  });

  it("never wants fewer than one, however the trend falls", () => {
    const fall = Array.from({ length: 30 }, (_, index) => Math.max(0, 100 - 10 * index));
    expect(Math.min(...says({}, fall).slice(5).map(Number))).toBe(1);
  });

  it("is told nothing that its forecast has no use for", () => {
    const told = (options: string) =>
      expect(problems(withLine(6, `    replicas: 1\n    autoscaler: { algorithm: predictive, ${options} }`)));
    const vain = (key: string, forecast: string) =>
      expect.stringMatching(`autoscaler.${key}: counts for nothing with forecast: ${forecast}$`);
    const both = "season: 5m, smoothing: { level: 0.5 }";
    told(`forecast: last, ${both}`).toEqual([vain("season", "last"), vain("smoothing", "last")]);
    told(`forecast: seasonal, ${both}`).toEqual([vain("smoothing", "seasonal")]);
    for (const right of [
      "forecast: last",
      "forecast: seasonal, season: 5m",
      `forecast: holt-winters, ${both}`,
      both,
    ])
      told(right).toEqual([]);
    told(`forecast: lost, ${both}`).toEqual([expect.stringContaining("autoscaler.forecast")]);
  });
});
