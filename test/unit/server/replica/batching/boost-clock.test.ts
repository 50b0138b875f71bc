import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { BoostClock, lowOver } from "../../../../../src/core/server/replica/batching/boost-clock.js";

const decay = (x: number) => 1 / (1 + x + (x * x) / 2);

describe("the clock of a GPU", () => {
  it("is rested at first", () => {
    expect(new BoostClock(1000, 500).lowAt(START)).toBe(0);
  });

  it("goes down by the square of the heat, and comes back in a time of its own", () => {
    const clock = new BoostClock(1000, 500);
    clock.spend(instant(5000), instant(5500));
    const first = (1 - decay(0.5)) ** 2;
    expect(clock.lowAt(instant(5500))).toBeCloseTo(first, 12);
    const rested = first * decay(4);
    expect(clock.lowAt(instant(7500))).toBeCloseTo(rested, 12);
    clock.spend(instant(7500), instant(8500));
    const second = (1 - (1 - Math.sqrt(rested)) * decay(1)) ** 2;
    expect(clock.lowAt(instant(8500))).toBeCloseTo(second, 12);
  });

  it("hardly answers to the first short step, and to the next ones more", () => {
    const clock = new BoostClock(1000, 1000);
    const after = [0, 100, 200].map((start) => {
      clock.spend(instant(start), instant(start + 100));
      return clock.lowAt(instant(start + 100));
    });
    expect(after[0]).toBeLessThan(0.01);
    expect(after[1]! - after[0]!).toBeGreaterThan(2 * after[0]!);
  });

  it("falls and rises monotonically, between 0 and 1, whatever its times", () => {
    for (const memory of [1, 40_000, 1e9]) {
      const clock = new BoostClock(memory, memory);
      let [before, at] = [0, 0];
      for (let step = 0; step < 50; step++, at += 1000) {
        clock.spend(instant(at), instant(at + 1000));
        const low = clock.lowAt(instant(at + 1000));
        expect(low <= 1 && low >= before).toBe(true);
        before = low;
      }
      expect(before).toBeGreaterThan(0);
      const rest = [0, 1, 10, 1e4, 1e7, 1e15].map((pause) => clock.lowAt(instant(at + pause)));
      expect(rest).toEqual([...rest].sort((one, other) => other - one));
      expect(rest.at(-1)).toBeLessThan(0.001);
    }
  });

  it("is down on the mean over a step by what its parts sum up to", () => {
    const clock = new BoostClock(1000, 500);
    clock.spend(instant(0), instant(3000));
    const [whole, half, rest] = [
      [3100, 3500],
      [3100, 3300],
      [3300, 3500],
    ].map(([from, to]) => clock.meanLow(instant(from!), instant(to!)));
    expect(whole).toBeCloseTo((half! + rest!) / 2, 12);
    expect(whole).toBeLessThan(clock.lowAt(instant(3100)));
    expect(clock.meanLow(instant(3100), instant(3100))).toBe(clock.lowAt(instant(3100)));
    expect(lowOver(100, 500, 500)).toBeCloseTo(500 * (decay(0.2) - decay(1)), 12);
  });
});
