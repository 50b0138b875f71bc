import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { OperationalClock } from "../../../../../src/core/demand/traffic/rate/operational-clock.js";
import {
  DAY_NAMES,
  type ShapeSpec,
  shapeTerms,
  shapeTermsBefore,
} from "../../../../../src/core/demand/traffic/rate/shape.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The mean factor of each hour from the start of the run. */
function hours(shape: ShapeSpec, count = 24): number[] {
  const clock = new OperationalClock(1, shapeTerms(shape));
  return Array.from({ length: count }, (_, hour) => clock.passedUntil((hour + 1) * HOUR) / HOUR);
}

const sum = (factors: readonly number[]) => factors.reduce((total, factor) => total + factor, 0);

describe("the shape of a day", () => {
  it("is none where it is flat", () => {
    expect(shapeTerms({})).toEqual([]);
    const alike = new Array<number>(7).fill(3);
    expect(shapeTerms({ daily: "flat", weekly: alike, startHour: 5 })).toEqual([]);
  });

  it.each(DAY_NAMES)("%s has a mean of 1", (daily) => {
    expect(sum(hours({ daily }))).toBeCloseTo(24, 9);
  });

  it.each([
    ["alibaba", 1.14, 0.79],
    ["office", 2, 0.1],
  ] as const)("%s goes up to %d and down to %d", (daily, peak, trough) => {
    const day = hours({ daily });
    expect(Math.max(...day)).toBeCloseTo(peak, 2);
    expect(Math.min(...day)).toBeCloseTo(trough, 2);
  });

  it("of one's own is scaled to a mean of 1, and steps on the hour", () => {
    const daily = Array.from({ length: 24 }, (_, hour) => 2 * hour);
    const [term] = shapeTerms({ daily });
    hours({ daily }).forEach((factor, hour) => {
      expect(factor).toBeCloseTo(hour / 11.5, 12);
      expect([term!.from, term!.until, term!.slope]).toEqual([hour * HOUR, (hour + 1) * HOUR, 0]);
      term!.next();
    });
  });

  it("begins at any hour, whole or not, and comes again every day", () => {
    const day = hours({ daily: "office" });
    const later = hours({ daily: "office", startHour: 9 }, 48);
    expect(later.map((factor) => factor.toFixed(9))).toEqual(
      later.map((_, hour) => day[(hour + 9) % 24]!.toFixed(9)),
    );
    // A quarter of the hour is over when the run begins: the rest of it, then a quarter of the next.
    expect(hours({ daily: "office", startHour: 6.25 }, 1)[0]).toBeCloseTo(0.75 * day[6]! + 0.25 * day[7]!, 9);
  });

  it("differs by the day of the week, from Monday, over which the mean is 1", () => {
    const weekly = [1, 1, 1, 1, 1, 0.5, 0];
    const clock = new OperationalClock(1, shapeTerms({ daily: "office", weekly }));
    const days = Array.from({ length: 14 }, (_, day) => clock.passedUntil((day + 1) * DAY) / DAY);
    expect(days.map((factor) => factor.toFixed(9))).toEqual(
      [...weekly, ...weekly].map((factor) => ((factor * 7) / 5.5).toFixed(9)),
    );
    const saturday = hours({ weekly, startHour: 5 * 24 + 23 }, 2);
    expect(saturday.map((factor) => factor.toFixed(9))).toEqual([(3.5 / 5.5).toFixed(9), (0).toFixed(9)]);
  });

  it("needs 24 hours, 7 days, and something in them", () => {
    expect(() => shapeTerms({ daily: [1, 2, 3] })).toThrow("24 hours");
    expect(() => shapeTerms({ weekly: [1] })).toThrow("7 days");
    expect(() => shapeTerms({ daily: new Array<number>(24).fill(0) })).toThrow("above 0");
    expect(() => shapeTerms({ weekly: [1, 1, 1, 1, 1, 1, -1] })).toThrow("never negative");
  });
});

describe("the shape of a load test", () => {
  it("is its phases, unscaled, times the day", () => {
    const phases = [{ duration: seconds(DAY), rate: 30 }];
    expect(sum(hours({ phases }))).toBeCloseTo(24 * 30, 9);
    const office = hours({ daily: "office" });
    hours({ phases, daily: "office" }).forEach((factor, hour) => {
      expect(factor).toBeCloseTo(30 * office[hour]!, 9);
    });
    expect(hours({ phases }, 25)[24]).toBe(0);
    expect(hours({ phases, repeat: true }, 25)[24]).toBeCloseTo(30, 9);
  });
});

describe("the shape before the start", () => {
  /** The mean factor of each hour that is past, the last first. */
  const hoursBefore = (shape: ShapeSpec, count: number) => {
    const clock = new OperationalClock(1, shapeTermsBefore(shape));
    return Array.from({ length: count }, (_, hour) => clock.passedUntil((hour + 1) * HOUR) / HOUR);
  };
  const weekly = [1, 2, 1, 1, 1, 0.5, 0.5];

  it.each([0, 30, 100.25])("is what a run has that begins earlier, from hour %d", (startHour) => {
    const early = hours({ daily: "office", weekly, startHour: (startHour + 168 - 40) % 168 }, 40);
    const back = hoursBefore({ daily: "office", weekly, startHour }, 40);
    early.reverse().forEach((factor, hour) => {
      expect(back[hour]).toBeCloseTo(factor, 9);
    });
  });

  it("is at its mean beyond a week", () => {
    const back = hoursBefore({ daily: "office", startHour: 7 }, 200);
    expect(sum(back.slice(0, 168))).toBeCloseTo(168, 9);
    expect(back.slice(168).every((factor) => Math.abs(factor - 1) < 1e-9)).toBe(true);
  });

  it("is none where it is flat", () => {
    expect(shapeTermsBefore({ startHour: 3 })).toEqual([]);
  });
});
