// Against the algorithm as published: throttled at a measured 10/s, the rate falls to 7/s, is back at 10/s after the
// cube root of 10 x 0.3 / 0.4 seconds, and grows with the cube of the time beyond that.
import { describe, expect, it } from "vitest";
import { CubicRate } from "../../../../src/core/demand/clients/cubic-rate.js";
import { at } from "./calls.js";

/** One request every 100 ms up to a time, s; returns how many left. */
function drive(rate: CubicRate, from: number, to: number, perSecond = 10): number {
  let left = 0;
  for (let n = Math.round(from * perSecond); n < to * perSecond; n++) {
    const now = at(n / perSecond);
    if (!rate.take(now)) continue;
    left++;
    rate.observe(false, now);
  }
  return left;
}

describe("the CUBIC rate limit", () => {
  it("does nothing before it is throttled", () => {
    expect(drive(new CubicRate(), 0, 100)).toBe(1000);
  });

  it("cuts the rate to 0.7 of what was measured, and is back after the recovery time", () => {
    const rate = new CubicRate();
    drive(rate, 0, 20);
    rate.observe(true, at(20));
    const recovery = Math.cbrt((10 * 0.3) / 0.4);
    // Asked far more often than it allows: what leaves is a full bucket of 7, and the rate, which climbs from 7 to 10
    // on 10 - 0.4 (recovery - t)^3, whose mean is 9.25.
    const left = drive(rate, 20, 20 + recovery, 100) - 7;
    expect(left / recovery).toBeGreaterThan(8.5);
    expect(left / recovery).toBeLessThan(9.8);
  });

  it("lets through what it is given again and more, later on", () => {
    const rate = new CubicRate();
    drive(rate, 0, 20);
    rate.observe(true, at(20));
    drive(rate, 20, 26, 100);
    expect(drive(rate, 26, 27, 100)).toBeGreaterThan(12);
  });

  it("never falls below one request in two seconds, and says how long the next one waits", () => {
    const rate = new CubicRate();
    for (let n = 0; n < 50; n++) rate.observe(true, at(n));
    while (rate.take(at(50)));
    expect(rate.wait()).toBeGreaterThan(0);
    expect(rate.wait()).toBeLessThanOrEqual(2e6);
    expect(rate.take(at(50 + rate.wait() / 1e6))).toBe(true);
  });

  it("goes into debt for those that have waited", () => {
    const rate = new CubicRate();
    rate.observe(true, at(1));
    while (rate.take(at(2)));
    const wait = rate.wait();
    rate.takeAfterWait();
    expect(rate.wait()).toBeGreaterThan(wait);
  });
});
