import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { BoostClock } from "../../../../../src/core/server/replica/batching/boost-clock.js";

const decay = (x: number) => 1 / (1 + x + (x * x) / 2);

describe("the clock of a GPU", () => {
  it("is rested at first", () => {
    expect(new BoostClock(1000).shareAt(START)).toBe(1);
  });

  it("tires over the work and recovers over the pause, each within its memory", () => {
    const clock = new BoostClock(1000);
    clock.spend(instant(5000), instant(5500));
    expect(clock.shareAt(instant(5500))).toBeCloseTo(decay(0.5), 12);
    expect(clock.shareAt(instant(7500))).toBeCloseTo(1 - (1 - decay(0.5)) * decay(2), 12);
    clock.spend(instant(7500), instant(8500));
    expect(clock.shareAt(instant(8500))).toBeCloseTo((1 - (1 - decay(0.5)) * decay(2)) * decay(1), 12);
  });

  it("falls and rises monotonically, between 0 and 1, whatever its memory", () => {
    for (const memory of [1, 40_000, 1e9]) {
      const clock = new BoostClock(memory);
      let [before, at] = [1, 0];
      for (let step = 0; step < 50; step++, at += 1000) {
        clock.spend(instant(at), instant(at + 1000));
        const share = clock.shareAt(instant(at + 1000));
        expect(share >= 0 && share <= before).toBe(true);
        before = share;
      }
      expect(before).toBeLessThan(1);
      const rest = [0, 1, 10, 1e4, 1e7, 1e15].map((pause) => clock.shareAt(instant(at + pause)));
      expect(rest).toEqual([...rest].sort((one, other) => one - other));
      expect(rest.at(-1)).toBeGreaterThan(0.999);
    }
  });
});
