import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Instant, instant } from "../../../../src/core/base/units.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { DatedCopies } from "../../../../src/core/server/gateway/dated-copies.js";
import type { SignalTiming } from "../../../../src/core/server/gateway/signal-timing.js";
import { timingOf } from "../../../support/dated.js";

interface Copy {
  asOf: number;
  value: number;
}

/** A value that changes, and its copies. */
function copiesOf(timing: SignalTiming, seed = "1") {
  const world = { value: 0 };
  const stream = openStream(seed, "losses");
  const take = vi.fn((copy: Copy, asOf: Instant) => Object.assign(copy, { asOf, value: world.value }));
  const copies = new DatedCopies({
    timing,
    chance: () => stream.uniform(),
    make: (): Copy => ({ asOf: -1, value: -1 }),
    take,
  });
  const changeAt = (now: number) => {
    copies.renew(instant(now));
    world.value = now;
  };
  const seenAt = (now: number) => ({ ...copies.at(instant(now)) });
  return { copies, take, changeAt, seenAt };
}

describe("copies that are dated", () => {
  it("are taken at multiples of their period, with what was there before the change at that very instant", () => {
    const { changeAt, seenAt } = copiesOf(timingOf({ period: 10 }));
    for (const now of [3, 10, 14]) changeAt(now);
    expect([14, 19].map(seenAt)).toEqual([
      { asOf: 10, value: 3 },
      { asOf: 10, value: 3 },
    ]);
    expect(seenAt(20)).toEqual({ asOf: 20, value: 14 });
  });

  it("are seen once they have travelled, to the microsecond, and the one of the start before that", () => {
    const { changeAt, seenAt } = copiesOf(timingOf({ period: 10, age: 25 }));
    changeAt(4);
    expect([0, 34, 35, 44].map((now) => seenAt(now).asOf)).toEqual([0, 0, 10, 10]);
    changeAt(48);
    expect([48, 64, 65, 74, 75].map(seenAt)).toEqual([
      { asOf: 20, value: 4 },
      { asOf: 30, value: 4 },
      { asOf: 40, value: 4 },
      { asOf: 40, value: 4 },
      { asOf: 50, value: 48 },
    ]);
  });

  it("are not taken where nothing can see them any more", () => {
    const { copies, take, seenAt } = copiesOf(timingOf({ period: 1, age: 3 }));
    copies.renew(instant(0));
    copies.renew(instant(1_000_000));
    // The first one, the one that has arrived, and three under way.
    expect(take.mock.calls.map(([, asOf]) => asOf)).toEqual([0, 999_997, 999_998, 999_999, 1_000_000]);
    expect(seenAt(1_000_001).asOf).toBe(999_998);
  });

  it("get lost in that share, whichever are asked for and in whatever order, by the seed", () => {
    const timing = timingOf({ period: 1, loss: 0.3 });
    const of = (seed: string) => {
      const { copies } = copiesOf(timing, seed);
      return Array.from({ length: 40_000 }, (_, index) => copies.isLost(index + 1));
    };
    const lost = of("1");
    expect(of("1")).toEqual(lost);
    expect(of("2")).not.toEqual(lost);
    const both = (apart: number) => lost.filter((one, index) => one && lost[index + apart]).length / 40_000;
    // Five standard errors.
    expect(Math.abs(both(0) - 0.3)).toBeLessThan(0.0115);
    for (const apart of [1, 2, 7, 64, 1024]) expect(Math.abs(both(apart) - 0.09)).toBeLessThan(0.01);
    // Far out as well.
    const far = copiesOf(timing).copies;
    const count = Array.from({ length: 20_000 }, (_, index) => far.isLost(3e12 + index)).filter(
      Boolean,
    ).length;
    expect(Math.abs(count / 20_000 - 0.3)).toBeLessThan(0.0165);
  });

  it("draw from chance only where some get lost", () => {
    const chance = vi.fn(() => 0.5);
    const make = () => ({});
    for (const loss of [0, 0.5]) {
      new DatedCopies({ timing: timingOf({ period: 1, loss }), chance, make, take: () => undefined });
    }
    expect(chance).toHaveBeenCalledTimes(2);
  });

  const life = fc.record({
    period: fc.integer({ min: 1, max: 12 }),
    age: fc.integer({ min: 0, max: 60 }),
    loss: fc.constantFrom(0, 0, 0.1, 0.5, 0.99),
    seed: fc.nat({ max: 50 }).map(String),
    steps: fc.array(
      fc.record({ wait: fc.nat({ max: 70 }), kind: fc.constantFrom("change", "look", "renew") }),
      { maxLength: 60 },
    ),
  });

  it("show what was true at the last multiple of the period that has arrived and was not lost", () => {
    fc.assert(
      fc.property(life, ({ steps, seed, ...given }) => {
        const { copies, changeAt, seenAt } = copiesOf(timingOf(given), seed);
        const changes: number[] = [];
        const valueAt = (at: number) => changes.filter((one) => one < at).at(-1) ?? 0;
        const seenBy = (now: number) => {
          for (let number = Math.floor((now - given.age) / given.period); number > 0; number--) {
            if (!copies.isLost(number)) return number * given.period;
          }
          return 0;
        };
        let now = 0;
        return steps.every(({ wait, kind }) => {
          now += wait;
          if (kind === "change") {
            changeAt(now);
            changes.push(now);
          }
          if (kind === "renew") copies.renew(instant(now));
          if (kind !== "look") return true;
          const asOf = seenBy(now);
          expect(seenAt(now)).toEqual({ asOf, value: valueAt(asOf) });
          return copies.dueAt === (Math.floor(now / given.period) + 1) * given.period;
        });
      }),
      { numRuns: 300 },
    );
  });
});
