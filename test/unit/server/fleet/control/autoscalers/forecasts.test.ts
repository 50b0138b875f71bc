import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Forecast,
  HoltWinters,
  LastValue,
  SeasonalValue,
} from "../../../../../../src/core/server/fleet/control/autoscalers/forecasts.js";

function foreseen(forecast: Forecast, values: readonly number[], steps: readonly number[]): number[] {
  for (const value of values) forecast.observe(value);
  return steps.map((step) => forecast.ahead(step));
}

const weights = { level: 0.5, trend: 0.5, season: 0.5 };

describe("forecasts", () => {
  it("of the last value are that value", () => {
    expect(foreseen(new LastValue(), [3, 7], [1, 9])).toEqual([7, 7]);
  });

  it("of the season are the newest value that is whole seasons before, or the last one", () => {
    expect(foreseen(new SeasonalValue(3), [1, 2, 3, 4], [1, 2, 3, 4, 6])).toEqual([2, 3, 4, 2, 4]);
    expect(foreseen(new SeasonalValue(9), [1, 2], [1, 8, 9])).toEqual([2, 1, 2]);
  });

  it("of Holt-Winters are Holt's until a season is known, worked by hand", () => {
    // Level 10, then 10 + (20 - 10) / 2 = 15 with trend (15 - 10) / 2 = 2.5, then 17.5 + (30 - 17.5) / 2 = 23.75 with
    // trend 2.5 + (23.75 - 15 - 2.5) / 2 = 5.625.
    expect(foreseen(new HoltWinters(9, weights), [10, 20, 30], [1, 2])).toEqual([29.375, 35]);
  });

  it("of Holt-Winters begin with the first season, and are corrected by half of what was wrong, worked by hand", () => {
    const forecast = new HoltWinters(2, weights);
    // Season of 10 and 20: level 15, places -5 and 5.
    expect(foreseen(forecast, [10, 20], [1, 2, 3])).toEqual([10, 20, 10]);
    // 14 where 10 was expected: level 17, trend 1, and the place -5 + (14 - 15 + 5) / 2 = -3.
    expect(foreseen(forecast, [14], [1, 2])).toEqual([23, 16]);
  });

  it("are exact for a constant, and Holt-Winters for what repeats itself", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 12 });
    const law = fc.property(values, fc.integer({ min: 1, max: 30 }), (season, steps) => {
      const repeated = [...season, ...season, ...season];
      const expected = season[(repeated.length - 1 + steps) % season.length]!;
      const [seasonal] = foreseen(new SeasonalValue(season.length), repeated, [steps]);
      const [holt] = foreseen(new HoltWinters(season.length, weights), repeated, [steps]);
      const [constant] = foreseen(
        new HoltWinters(7, weights),
        repeated.map(() => 5),
        [steps],
      );
      return seasonal === expected && Math.abs(holt! - expected) < 1e-6 && Math.abs(constant! - 5) < 1e-9;
    });
    fc.assert(law);
  });

  it("of Holt-Winters come to follow a line, season or not", () => {
    const line = Array.from({ length: 400 }, (_, index) => 3 * index);
    const [ahead] = foreseen(new HoltWinters(1000, weights), line, [10]);
    expect(ahead).toBeCloseTo(3 * 409, 6);
  });
});
