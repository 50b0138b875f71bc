import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../../src/core/base/units.js";
import { createAccountArrivals } from "../../../../../src/core/demand/traffic/rate/account-arrivals.js";
import { OperationalClock } from "../../../../../src/core/demand/traffic/rate/operational-clock.js";
import { rateIntegral } from "../../../../../src/core/demand/traffic/rate/rate-integral.js";
import { shapeTerms, shapeTermsBefore } from "../../../../../src/core/demand/traffic/rate/shape.js";
import { type Spike, SpikeBefore, SpikeTerm } from "../../../../../src/core/demand/traffic/rate/spike.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { kolmogorovSmirnov } from "../../../../support/goodness-of-fit.js";

const spike = (changes: Partial<Spike> = {}): Spike => ({
  at: seconds(100),
  peak: 5,
  halfLife: seconds(50),
  before: 0,
  ...changes,
});

/** The integral of the factor from the start, by the antiderivative: t + (peak - 1) h / ln 2 (1 - 2^(-t / h)). */
function cumulative({ at, peak, halfLife, before }: Spike, time: number): number {
  const [launch, half] = [at / 1e6, halfLife / 1e6];
  if (time <= launch) return before * time;
  const since = time - launch;
  return before * launch + since + ((peak - 1) * half * -Math.expm1((-since / half) * Math.LN2)) / Math.LN2;
}

const clockOf = (spec: Spike, base = 1, daily?: readonly number[]) =>
  new OperationalClock(base, shapeTerms({ spike: spec, daily }));

describe("a launch-day spike", () => {
  it("is what it was before, jumps to its peak and halves what is above the plateau", () => {
    const term = new SpikeTerm(spike({ before: 0.25 }));
    expect([term.value, term.from, term.until, term.curve]).toEqual([0.25, 0, 100, undefined]);
    term.next();
    expect([term.value, term.slope, term.from, term.until]).toEqual([1, 0, 100, Number.POSITIVE_INFINITY]);
    // The mean over a microsecond is the factor: 5, then 1 + 4 / 2, 1 + 4 / 4, and in the end the plateau.
    const factor = (time: number) => term.between(time, time + 1e-6) * 1e6;
    [5, 3, 2].forEach((expected, halves) => {
      expect(factor(100 + 50 * halves)).toBeCloseTo(expected, 5);
    });
    expect(term.between(1e5, 1e5 + 1)).toBeCloseTo(1, 9);
  });

  it("has the closed form as its integral, whole and in pieces", () => {
    for (const spec of [spike(), spike({ before: 1.5 }), spike({ peak: 1 }), spike({ at: seconds(0) })]) {
      for (const time of [50, 100, 101, 150, 1000, 1e6]) {
        const whole = clockOf(spec, 3).passedUntil(time);
        expect(whole / (3 * cumulative(spec, time) || 1)).toBeCloseTo(
          cumulative(spec, time) === 0 ? 0 : 1,
          12,
        );
      }
      const clock = clockOf(spec);
      const pieces = Array.from({ length: 400 }, (_, index) => clock.passedUntil((index + 1) * 2.5));
      expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBeCloseTo(cumulative(spec, 1000), 8);
    }
  });

  it("multiplies the day: by hand over an hour that differs", () => {
    const daily = Array.from({ length: 24 }, (_, hour) => (hour === 0 ? 0.5 : 1));
    const scale = 24 / 23.5;
    const spec = spike({ at: seconds(0), halfLife: seconds(3600) });
    // The plateau over two hours, and what is above it: 4 h / ln 2 times a half, then times a quarter.
    const above = (4 * 3600) / Math.LN2;
    const expected = scale * (0.5 * (3600 + above / 2) + (3600 + above / 4));
    expect(clockOf(spec, 1, daily).passedUntil(7200)).toBeCloseTo(expected, 6);
  });

  it("inverts what it integrates, to the last digits, whatever its numbers", () => {
    const law = fc.property(
      fc.double({ min: 1, max: 1e4, noNaN: true }),
      fc.integer({ min: 1, max: 1e12 }),
      fc.integer({ min: 0, max: 1e11 }),
      fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (peak, halfLife, at, base, gaps) => {
        const spec = spike({
          peak,
          halfLife: halfLife as Spike["halfLife"],
          at: at as Spike["at"],
          before: 0.5,
        });
        const clock = clockOf(spec, base);
        let passed = 0;
        let before = 0;
        for (const gap of gaps) {
          const time = clock.after(gap);
          passed += gap;
          expect(time).toBeGreaterThanOrEqual(before);
          before = time;
          // A hundred units of rounding of either side: of the time at the rate it has, and of what has passed.
          const rate = base * Math.max(peak, 0.5);
          const allowed = 2e-14 * (passed + rate * time + 1e-3);
          expect(Math.abs(base * cumulative(spec, time) - passed)).toBeLessThan(allowed);
        }
      },
    );
    fc.assert(law);
  });

  it("sends nothing before the launch where nothing was there, and ties are real", () => {
    const spec = spike({ peak: 1000, halfLife: seconds(3600), at: seconds(5) });
    const arrivals = createAccountArrivals({ shape: { spike: spec }, swings: [], cv: 1 }, 2000, (purpose) =>
      openStream("1", purpose),
    );
    expect(arrivals.nextAt).toBeGreaterThanOrEqual(5e6);
    let ties = 0;
    for (let count = 0, last = -1; count < 10_000; count++, arrivals.advance()) {
      if (arrivals.nextAt === last) ties++;
      last = arrivals.nextAt;
    }
    // Two a microsecond: gaps of less than one are not made longer.
    expect(ties).toBeGreaterThan(4000);
    expect(arrivals.nextAt - 5e6).toBeLessThan(5200);
  });

  it("has arrivals that are Poisson in the closed form's time", () => {
    const spec = spike({ before: 0.2, peak: 20 });
    const arrivals = createAccountArrivals({ shape: { spike: spec }, swings: [], cv: 1 }, 10, (purpose) =>
      openStream("spike", purpose),
    );
    const gaps = new Float64Array(20_000);
    for (let index = 0, last = 0; index < gaps.length; index++, arrivals.advance()) {
      const passed = 10 * cumulative(spec, arrivals.nextAt / 1e6);
      gaps[index] = passed - last;
      last = passed;
    }
    const fit = kolmogorovSmirnov(gaps, (gap) => 1 - Math.exp(-gap));
    expect(fit.statistic).toBeLessThan(fit.limit);
  });

  it("was at its factor before the start, where sessions may have begun", () => {
    const spec = spike({ before: 0.3 });
    const [term] = shapeTermsBefore({ spike: spec });
    expect(term).toEqual(new SpikeBefore(spec));
    expect([term!.value, term!.until]).toEqual([0.3, Number.POSITIVE_INFINITY]);
    expect(() => term!.next()).toThrow("has no end");
    const none = (purpose: string) => openStream("1", purpose);
    const integral = rateIntegral({ shape: { spike: spec }, swings: [] }, none, -10, 150);
    expect(integral).toBeCloseTo(3 + cumulative(spec, 150), 9);
  });

  it("is a spike", () => {
    expect(() => new SpikeTerm(spike({ peak: 0.9 }))).toThrow("above what comes after");
    expect(() => new SpikeTerm(spike({ before: -1 }))).toThrow("never negative");
    expect(() => new SpikeTerm(spike({ halfLife: seconds(0) }))).toThrow("takes some time");
  });
});
