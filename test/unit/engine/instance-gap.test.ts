import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, seconds } from "../../../src/core/base/units.js";
import { InstanceGap, replicasNeeded } from "../../../src/core/engine/instance-gap.js";
import { gear } from "../../support/mode.js";

const at = (time: number) => instant(seconds(time));

it("needs a whole replica for what does not fill one, and none for nothing", () => {
  expect([0, 1, 4, 5, 8, 9].map((load) => replicasNeeded(load, 4))).toEqual([0, 1, 1, 2, 2, 3]);
});

describe("what a pool is short of", () => {
  it("is missing and too much for as long as the load is so, in instances of so many slots", () => {
    const gap = new InstanceGap(4, 2);
    expect(gap.missing).toBe(0);
    // 9 sequences need 3 of 4 slots each.
    gap.set(9, 2, at(10));
    expect(gap.missing).toBe(1);
    gap.set(9, 3, at(12));
    gap.set(4, 3, at(15));
    // Two too many from 0 to 10 and from 15 on, one missing from 10 to 12.
    expect(gap.seconds(at(20))).toEqual({ missing: 2, spare: 2 * 10 + 2 * 5, short: 2 });
    gap.reset(at(20));
    expect(gap.seconds(at(21))).toEqual({ missing: 0, spare: 2, short: 0 });
  });

  it("stays the same between whole instances of load", () => {
    const gap = new InstanceGap(4, 2);
    gap.set(5, 2, at(1));
    const loads = [0, 4, 5, 8, 9].map((load) => gap.isSame(load, 2));
    expect(loads).toEqual([false, false, true, true, false]);
    expect(gap.isSame(5, 1)).toBe(false);
    gap.set(0, 2, at(1));
    expect([gap.isSame(0, 2), gap.isSame(1, 2)]).toEqual([true, false]);
  });

  it("never runs back", () => {
    const gap = new InstanceGap(1, 1);
    gap.set(1, 1, at(2));
    expect(() => gap.set(2, 1, at(1))).toThrow("LAW-2");
  });

  it("is the sum over all stretches of time, whatever is told again", () => {
    const step = fc.record({
      elapsed: fc.nat(5_000_000),
      load: fc.nat(60),
      ready: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 40 }), (slots, steps) => {
        const gap = new InstanceGap(slots, 0);
        const own = { missing: 0, spare: 0, short: 0 };
        let now = 0;
        let last = { load: 0, ready: 0 };
        for (const { elapsed, load, ready } of steps) {
          const needed = Math.ceil(last.load / slots);
          own.missing += Math.max(0, needed - last.ready) * elapsed;
          own.spare += Math.max(0, last.ready - needed) * elapsed;
          own.short += needed > last.ready ? elapsed : 0;
          now += elapsed;
          const isSame = Math.ceil(load / slots) === needed && ready === last.ready;
          expect(gap.isSame(load, ready)).toBe(isSame);
          if (!gap.isSame(load, ready)) gap.set(load, ready, instant(now));
          last = { load, ready };
        }
        const told = gap.seconds(instant(now));
        for (const key of ["missing", "spare", "short"] as const)
          expect(Math.round(told[key] * 1e6)).toBe(own[key]);
      }),
      { numRuns: gear(200, 5000) },
    );
  });
});
