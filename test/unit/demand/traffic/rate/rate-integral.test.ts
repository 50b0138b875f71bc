import { describe, expect, it } from "vitest";
import { type Instant, seconds } from "../../../../../src/core/base/units.js";
import { createAccountArrivals } from "../../../../../src/core/demand/traffic/rate/account-arrivals.js";
import { rateIntegral } from "../../../../../src/core/demand/traffic/rate/rate-integral.js";
import { SWINGS } from "../../../../../src/core/demand/traffic/rate/rate-spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";

const SPEC = { shape: { daily: "office", startHour: 9 }, swings: SWINGS } as const;
const of = (seed: string) => (purpose: string) => openStream(seed, purpose);

describe("the integral of a rate", () => {
  it.each(["1", "2", "3"])("is what arrivals of the same streams follow: seed %s", (seed) => {
    const perSecond = 40;
    const [from, until] = [600, 2400];
    const arrivals = createAccountArrivals(
      { ...SPEC, cv: 1 },
      perSecond,
      of(seed),
      seconds(until) as number as Instant,
    );
    let count = 0;
    for (; arrivals.nextAt < seconds(until); arrivals.advance())
      if (arrivals.nextAt >= seconds(from)) count++;
    const expected = perSecond * rateIntegral(SPEC, of(seed), from, until);
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it("adds up, the stretch before the start included", () => {
    const integral = (from: number, until: number) => rateIntegral(SPEC, of("1"), from, until);
    expect(integral(-3600, -600) + integral(-600, 0) + integral(0, 900)).toBeCloseTo(integral(-3600, 900), 6);
    expect(integral(-100, -100)).toBe(0);
  });

  it("is the time itself where nothing varies", () => {
    expect(rateIntegral({ shape: {}, swings: [] }, of("1"), -50, 70)).toBeCloseTo(120, 9);
  });
});
