import { describe, expect, it } from "vitest";
import { duration, instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";
import { VegasLimit } from "../../../../../src/core/server/gateway/concurrency/vegas.js";

const OPTIONS = {
  sample: "ttft",
  window: duration(1),
  samples: 1,
  initial: 20,
  least: 1,
  most: 1000,
  smoothing: 1,
  probe: 1_000_000,
} as const;

/** Windows of one sample each, in milliseconds, with the limit fully used unless said otherwise. */
class Windows {
  readonly limit: VegasLimit;
  #now = 1e15;

  constructor(
    changes: Partial<typeof OPTIONS | { smoothing: number; initial: number; probe: number }> = {},
    chance = 1,
  ) {
    this.limit = new VegasLimit({ ...OPTIONS, ...changes } as typeof OPTIONS, () => 2 * chance - 1);
  }

  next(milliseconds: number, inside = this.limit.most): number {
    this.#now += 2_000_000;
    this.limit.firstToken(
      0,
      instant(this.#now - Math.round(milliseconds * 1000)),
      inside,
      instant(this.#now),
    );
    return this.limit.most;
  }

  drop(milliseconds: number): number {
    this.#now += 2_000_000;
    const startedAt = instant(this.#now - Math.round(milliseconds * 1000));
    const stay = { startedAt, firstTokenAt: NEVER, leftAt: instant(this.#now), outputTokens: 0 };
    this.limit.left(0, { ...stay, settlement: "cut" }, this.limit.most - 1);
    return this.limit.most;
  }
}

describe("vegas, worked out by hand", () => {
  it("grows by 6 log10 L while no more than log10 L queue, by log10 L below 3, and shrinks above 6", () => {
    const windows = new Windows();
    // Without load 100 ms. Of 20: ceil(20 x 0) = 0 queue; of 26 at 104 ms 1, of 32 at 108 ms 3 and at 106 ms 2, of 33 at
    // 120 ms 6, of 33 at 130 ms 8.
    expect([100, 100, 104, 108, 106, 120, 130].map((sample) => windows.next(sample))).toEqual([
      20, 26, 32, 32, 33, 33, 32,
    ]);
  });

  it("takes steps of 2 from a hundred on, and of 3 from a thousand", () => {
    const windows = new Windows({ initial: 99 });
    windows.next(100);
    expect([windows.next(100), windows.next(100)]).toEqual([105, 117]);
    const large = new Windows({ initial: 1000 });
    large.next(100);
    expect(large.next(200)).toBe(997);
  });

  it("takes a shorter sample for the one without load, and changes nothing by it", () => {
    const windows = new Windows();
    expect([200, 100, 200].map((sample) => windows.next(sample))).toEqual([20, 20, 19]);
  });

  it("stays as it is while less than half of it is used", () => {
    const windows = new Windows();
    windows.next(100);
    expect([windows.next(100, 9), windows.next(500, 9), windows.next(100, 10)]).toEqual([20, 20, 26]);
  });

  it("shrinks by log10 L after a drop, however short", () => {
    const windows = new Windows();
    windows.next(100);
    expect(windows.drop(101)).toBe(19);
  });

  it("goes a share of the way where it smooths", () => {
    const windows = new Windows({ smoothing: 0.5 });
    expect([100, 100, 100].map((sample) => windows.next(sample))).toEqual([20, 23, 26]);
  });

  it("stays between its bounds", () => {
    const windows = new Windows({ initial: 3 });
    windows.next(100);
    const low = Array.from({ length: 5 }, () => windows.drop(200));
    const high = Array.from({ length: 500 }, () => windows.next(100));
    expect([low.at(-1), high.at(-1)]).toEqual([1, 1000]);
  });

  it("takes the sample without load anew after half to all of so many windows times the limit", () => {
    // 2 x 20 windows at most; the shortest jitter makes it 20. The new one stands for no load, so it grows.
    const course = [0.5, 1].map((chance) => {
      const windows = new Windows({ probe: 2, initial: 20 }, chance);
      windows.next(100);
      let count = 1;
      // Of 20 at 120 ms ceil(3.33) = 4 queue: nothing to do until it probes.
      while (windows.next(120) === 20) count++;
      return count;
    });
    // The window that probes changes nothing, and the next one grows.
    expect(course).toEqual([20, 40]);
  });

  it("has the defaults of the library that it is taken from", () => {
    const { limit: _, ...defaults } = concurrencyLimit.parse("vegas");
    const window = seconds(1);
    expect(defaults).toEqual({ ...OPTIONS, window, samples: 10, probe: 30 });
  });
});

describe("in a pool where so many have no queue, and more wait in proportion", () => {
  it.each([15, 50, 90, 300, 800])("settles with three to six log10 L more inside than %i", (knee) => {
    const windows = new Windows();
    windows.next(100);
    let most = 20;
    for (let n = 0; n < 2000; n++) most = windows.next(100 * Math.max(1, most / knee));
    const step = most < 100 ? 1 : 2;
    expect(most - knee).toBeGreaterThanOrEqual(3 * step - 1);
    expect(most - knee).toBeLessThanOrEqual(6 * step);
  });
});
