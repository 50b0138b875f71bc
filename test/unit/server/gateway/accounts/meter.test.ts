import { describe, expect, it } from "vitest";
import {
  perMinuteOf,
  softOf,
  wholeLimit,
  windowLimitsOf,
} from "../../../../../src/core/server/gateway/accounts/meter.js";

const specs = (...rates: readonly number[]) => rates.map((perMinute) => ({ perMinute, burst: 1 }));

describe("limits of a meter", () => {
  it("are above 0 and finite", () => {
    expect([...perMinuteOf(specs(1, 0.5))]).toEqual([1, 0.5]);
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => perMinuteOf(specs(1, bad))).toThrow("refills");
    }
  });

  it("of windows are whole, as amounts are, and at least one", () => {
    expect([...windowLimitsOf(specs(8.4, 9, (0.7 + 0.1 + 0.1) * 10))]).toEqual([8, 9, 9]);
    expect(() => windowLimitsOf(specs(5, 0.9))).toThrow("lets something in");
  });

  it("that should be whole are not one less for a rounding", () => {
    expect([60 * (1 + 0.1 + 0.1), 0.1 * 3 * 10, 1e9 - 1e-7].map(wholeLimit)).toEqual([72, 3, 1e9]);
    expect(wholeLimit(2.9999)).toBe(2);
  });

  it("are soft nowhere unless it is said", () => {
    expect([...softOf([{ perMinute: 1, burst: 1, soft: 0.8 }, ...specs(1)])]).toEqual([
      0.8,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
