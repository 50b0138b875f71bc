import { describe, expect, it } from "vitest";
import { perMinuteOf } from "../../../../../src/core/server/gateway/accounts/meter.js";

const specs = (...rates: readonly number[]) => rates.map((perMinute) => ({ perMinute, burst: 1 }));

describe("limits of a meter", () => {
  it("are above 0 and finite", () => {
    expect([...perMinuteOf(specs(1, 0.5))]).toEqual([1, 0.5]);
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => perMinuteOf(specs(1, bad))).toThrow("refills");
    }
  });
});
