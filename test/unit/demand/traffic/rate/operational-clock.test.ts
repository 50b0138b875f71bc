import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { OperationalClock } from "../../../../../src/core/demand/traffic/rate/operational-clock.js";
import type { Phase } from "../../../../../src/core/demand/traffic/rate/phases.js";
import { type ShapeSpec, shapeTerms } from "../../../../../src/core/demand/traffic/rate/shape.js";

const clockOf = (shape: ShapeSpec, base = 1, horizon?: number) =>
  new OperationalClock(base, shapeTerms(shape), horizon);

const phase = (length: number, rate: number, rampTo?: number): Phase => ({
  duration: seconds(length),
  rate,
  rampTo,
});

/** 100 arrivals, a pause, up and down again with 100 each. */
const PHASES = [phase(10, 10), phase(10, 0), phase(10, 0, 20), phase(10, 20, 0)];

describe("the clock of operational time", () => {
  it("runs at the base rate where nothing varies", () => {
    const clock = clockOf({}, 4);
    expect([clock.after(2), clock.after(0), clock.after(1)]).toEqual([0.5, 0.5, 0.75]);
    expect(clock.passedUntil(10.75)).toBe(40);
  });

  it("inverts steps, pauses and ramps in closed form", () => {
    const clock = clockOf({ phases: PHASES });
    // The first half of the step; over the pause, and up the ramp where 2 x² / 2 = 25; down to 2 (10 - x)² / 2 = 25.
    const times = [50, 75, 150, 25].map((amount) => clock.after(amount));
    [5, 25, 35, 40].forEach((time, index) => {
      expect(times[index]).toBeCloseTo(time, 12);
    });
    expect(clock.after(1e-9)).toBe(Number.POSITIVE_INFINITY);
    expect(clock.after(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("starts a ramp from nothing at once if nothing has to pass", () => {
    expect(clockOf({ phases: [phase(10, 0, 5)] }).after(0)).toBe(0);
  });

  it("integrates what it inverts", () => {
    const passed = (time: number) => clockOf({ phases: PHASES }, 3).passedUntil(time);
    expect([5, 10, 15, 20, 25, 30, 35, 40, 1000].map(passed)).toEqual(
      [50, 100, 100, 100, 125, 200, 275, 300, 300].map((amount) => 3 * amount),
    );
    const clock = clockOf({ phases: PHASES });
    expect([
      clock.passedUntil(25),
      clock.passedUntil(25),
      clock.passedUntil(20),
      clock.passedUntil(30),
    ]).toEqual([125, 0, 0, 75]);
  });

  it("multiplies the day into the phases", () => {
    const daily = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 0.5 : 1.5));
    const clock = clockOf({ daily, phases: [phase(24 * 3600, 0, 48)] });
    // Means of the ramp over the two halves of the day: 12 and 36 a second.
    expect(clock.passedUntil(12 * 3600)).toBeCloseTo(0.5 * 12 * 12 * 3600, 6);
    expect(clock.passedUntil(24 * 3600)).toBeCloseTo(1.5 * 36 * 12 * 3600, 6);
  });

  it("never comes to an arrival at a rate of 0, and looks for none beyond the horizon", () => {
    expect(clockOf({ daily: "office" }, 0).after(1)).toBe(Number.POSITIVE_INFINITY);
    expect(clockOf({ phases: [phase(1, 0)], repeat: true }).after(1)).toBe(Number.POSITIVE_INFINITY);
    const clock = clockOf({ daily: "office" }, 1e-12, 1e6);
    expect([clock.after(1), clock.after(1e-300)]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

const rate = fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 50, noNaN: true }));
/** Long enough that those which repeat do not do so for ever. */
const phases = fc.array(
  fc.record({
    duration: fc.integer({ min: 1e7, max: 3e9 }),
    rate,
    rampTo: fc.option(rate, { nil: undefined }),
  }),
  { minLength: 1, maxLength: 6 },
) as fc.Arbitrary<Phase[]>;
const factors = (count: number) =>
  fc.array(rate, { minLength: count, maxLength: count }).filter((all) => all.some((factor) => factor > 0));
const shape: fc.Arbitrary<ShapeSpec> = fc.oneof(
  fc.record({ phases, repeat: fc.boolean() }),
  fc.record({
    daily: fc.oneof(fc.constantFrom("flat", "alibaba", "office"), factors(24)) as fc.Arbitrary<
      ShapeSpec["daily"]
    >,
    weekly: factors(7),
    startHour: fc.double({ min: 0, max: 200, noNaN: true }),
  }),
);

describe("the inverse and the integral, for any shape", () => {
  const amounts = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), {
    minLength: 1,
    maxLength: 20,
  });

  it("undo each other, arrival by arrival", () => {
    const property = fc.property(shape, amounts, (spec, gaps) => {
      const inverse = clockOf(spec);
      const integral = clockOf(spec);
      let before = 0;
      for (const gap of gaps) {
        const time = inverse.after(gap);
        if (time === Number.POSITIVE_INFINITY) {
          // All that is left is less than what was asked for.
          expect(spec.phases).toBeDefined();
          expect(integral.passedUntil(1e6)).toBeLessThanOrEqual(gap * (1 + 1e-9));
          return;
        }
        expect(time).toBeGreaterThanOrEqual(before);
        // A rounding of the time is worth at most so much.
        expect(Math.abs(integral.passedUntil(time) - gap)).toBeLessThan(1e-9 * gap + 1e-13 * time * 2000);
        before = time;
      }
    });
    fc.assert(property);
  });

  it("do not depend on the steps in which time passes", () => {
    const property = fc.property(shape, amounts, (spec, gaps) => {
      const whole = gaps.reduce((sum, gap) => sum + gap, 0);
      const once = clockOf(spec).after(whole * (1 - 1e-9));
      const clock = clockOf(spec);
      let time = 0;
      for (const gap of gaps) time = clock.after(gap);
      if (once === Number.POSITIVE_INFINITY) expect(time).toBe(once);
      else expect(time).toBeGreaterThan(once * (1 - 1e-9));
    });
    fc.assert(property);
  });
});
