import { describe, expect, it } from "vitest";
import { duration, instant, seconds } from "../../../../../src/core/base/units.js";
import { Gradient2Limit } from "../../../../../src/core/server/gateway/concurrency/gradient2.js";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";

const OPTIONS = {
  sample: "ttft",
  window: duration(1),
  samples: 1,
  initial: 20,
  least: 20,
  most: 200,
  smoothing: 0.2,
  longWindow: 600,
  tolerance: 1.5,
  queue: 4,
} as const;

type Changes = Partial<Record<Exclude<keyof typeof OPTIONS, "sample" | "window">, number>>;

function windows(changes: Changes = {}) {
  const limit = new Gradient2Limit({ ...OPTIONS, ...changes });
  let now = 1e15;
  return {
    next(milliseconds: number, inside = limit.most): number {
      now += 2_000_000;
      limit.firstToken(0, instant(now - Math.round(milliseconds * 1000)), inside, instant(now));
      return limit.most;
    },
  };
}

const EVEN = Array.from({ length: 10 }, () => 100);

describe("gradient2, worked out by hand", () => {
  it("grows by a fifth of four while samples are as usual", () => {
    const { next } = windows();
    // 20.8, 21.6, 22.4, 23.2, 24 and so on.
    expect(EVEN.map((sample) => next(sample))).toEqual([20, 21, 22, 23, 24, 24, 25, 26, 27, 28]);
  });

  it("shrinks a fifth of the way to the ratio of usual to now, and tolerates half as much again", () => {
    const { next } = windows({ initial: 100, queue: 0 });
    for (const sample of EVEN) next(sample, 1);
    // long = 100 + (200 - 100) 2/601 = 100.333; gradient 1.5 x 100.333 / 200 = 0.7525; 100 x (0.8 + 0.2 x 0.7525) = 95.05.
    expect(next(150)).toBe(100);
    // After 150 ms it is 100.166, and then 100.498: gradient 0.75374, 95.07.
    expect(next(200)).toBe(95);
  });

  it("shrinks by half of the ratio at most", () => {
    const { next } = windows({ initial: 100, queue: 0 });
    for (const sample of EVEN) next(sample, 1);
    // 100 (0.8 + 0.2 x 0.5) = 90, and 81.
    expect([next(100_000), next(100_000)]).toEqual([90, 81]);
  });

  it("averages the first ten plainly, and the others over 600", () => {
    const { next } = windows({ smoothing: 1, queue: 0, initial: 100, least: 1, tolerance: 1 });
    for (const sample of [100, 200, 100, 200, 100, 200, 100, 200, 100, 200]) next(sample, 1);
    // The mean is 150, then 150 + 150 x 2/601 = 150.499: gradient 0.50166.
    expect(next(300)).toBe(50);
  });

  it("takes 5 % off what is usual where that is more than twice as long, for the windows to come", () => {
    const { next } = windows({ smoothing: 1, queue: 0, initial: 100, least: 1, tolerance: 1 });
    for (const _ of EVEN) next(1000, 1);
    // long = 1000 - 900 x 2/601 = 997.00, and 947.15 from then on; with 1000 ms again 947.33.
    expect([next(100), next(1000)]).toEqual([100, 94]);
    // 500 ms are no less than half: 945.84, and with 1000 ms 946.02; 94.73 x 0.946 = 89.6.
    expect([next(500, 1), next(1000)]).toEqual([94, 89]);
  });

  it("stays as it is while less than half of it is used, and learns all the same", () => {
    const { next } = windows();
    expect([next(100, 9), next(100, 10)]).toEqual([20, 20]);
    expect(next(100, 11)).toBe(21);
  });

  it("stays between its bounds", () => {
    const { next } = windows();
    const high = Array.from({ length: 300 }, () => next(100));
    const low = Array.from({ length: 300 }, (_, n) => next(100 * 1.05 ** n));
    expect([high.at(-1), low.at(-1)]).toEqual([200, 20]);
  });

  it("has the defaults of the library that it is taken from", () => {
    const { limit: _, ...defaults } = concurrencyLimit.parse("gradient2");
    expect(defaults).toEqual({ ...OPTIONS, window: seconds(1), samples: 10 });
  });
});

describe("in a pool where so many have no queue, and more wait in proportion", () => {
  // While what is usual is t: L = L x 1.5 t knee / (100 L) + 4, so L = 1.5 knee t / 100 + 4; and t creeps up.
  it.each([30, 60, 100])("settles at one and a half times %i and four, until that is usual", (knee) => {
    const { next } = windows({ longWindow: 1_000_000 });
    for (const sample of EVEN) next(sample, 1);
    let most = 20;
    for (let n = 0; n < 500; n++) most = next(100 * Math.max(1, most / knee));
    expect(Math.abs(most - (1.5 * knee + 4))).toBeLessThan(2);
  });
});
