import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant } from "../../../../../src/core/base/units.js";
import { SlidingWindows } from "../../../../../src/core/server/gateway/accounts/sliding-window.js";

const SECOND = 1_000_000;

function make(perMinute = 10) {
  const windows = new SlidingWindows([{ perMinute, burst: 1 }]);
  const at = (micros: number) => windows.advance(0, instant(micros));
  return { windows, at };
}

describe("sliding window", () => {
  it("has what was used again after 60 to 62 s", () => {
    for (const used of [0, 1, 1_999_999, 2_000_000]) {
      const { windows, at } = make();
      at(used);
      windows.take(0, 0, 10);
      const back = used + windows.waitFor(0, 0, 1, instant(used))!;
      expect(back - used).toBeGreaterThan(60 * SECOND);
      expect(back - used).toBeLessThanOrEqual(62 * SECOND);
      at(back - 1);
      expect(windows.holds(0, 0, 1)).toBe(false);
      at(back);
      expect(windows.holds(0, 0, 10)).toBe(true);
    }
  });

  it("comes back piece by piece, as it was used", () => {
    const { windows, at } = make();
    for (const second of [0, 10, 20]) {
      at(second * SECOND);
      windows.take(0, 0, 3);
    }
    const wait = (amount: number) => windows.waitFor(0, 0, amount, instant(20 * SECOND))! / SECOND;
    expect([1, 2, 4, 5, 7, 8, 10].map(wait)).toEqual([0, 42, 42, 52, 52, 62, 62]);
    expect(windows.waitFor(0, 0, 11, instant(20 * SECOND))).toBeUndefined();
  });

  it("pays a debt at the limit's rate, in one go as step by step", () => {
    const debts = fc.integer({ min: 0, max: 2000 });
    const moments = fc.array(fc.nat({ max: 400 * SECOND }), { maxLength: 30 });
    fc.assert(
      fc.property(debts, fc.nat({ max: 9 }), moments, (debt, first, gaps) => {
        const [stepwise, atOnce] = [make(), make()];
        for (const { windows, at } of [stepwise, atOnce]) {
          at(0);
          windows.take(0, 0, first);
          at(30 * SECOND);
          windows.take(0, 0, debt);
        }
        let now = 30 * SECOND;
        for (const gap of gaps) {
          for (const end = now + gap; now < end; now = Math.min(end, now + 2 * SECOND)) stepwise.at(now);
          stepwise.at(now);
        }
        atOnce.at(now);
        const states = [stepwise, atOnce].map(({ windows }) =>
          JSON.stringify([windows.state(0, 0, instant(now)), windows.waitFor(0, 0, 5, instant(now))]),
        );
        return states[0] === states[1];
      }),
      { numRuns: 200 },
    );
  });

  it("lets nothing in while it owes, and then what its limit allows", () => {
    const { windows, at } = make();
    at(0);
    windows.take(0, 0, 35);
    // 10 in each of three windows of 62 s, and 5 in the fourth.
    expect(windows.waitFor(0, 0, 5, instant(0))).toBe(3 * 62 * SECOND);
    expect(windows.waitFor(0, 0, 6, instant(0))).toBe(4 * 62 * SECOND);
  });

  it("gives back what is still in the window, and pays with it what it owes", () => {
    const { windows, at } = make();
    at(0);
    windows.take(0, 0, 10);
    at(70 * SECOND);
    windows.take(0, 0, 10);
    windows.giveBack(0, 0, 10, instant(0));
    expect(windows.holds(0, 0, 1)).toBe(false);
    windows.take(0, 0, 3);
    windows.giveBack(0, 0, 8, instant(70 * SECOND));
    expect([windows.holds(0, 0, 5), windows.holds(0, 0, 6)]).toEqual([true, false]);
  });

  it("takes nothing back for a charge whose place another has taken since", () => {
    const { windows, at } = make();
    at(0);
    windows.take(0, 0, 4);
    at(62 * SECOND);
    windows.take(0, 0, 5);
    windows.giveBack(0, 0, 4, instant(0));
    expect([windows.holds(0, 0, 5), windows.holds(0, 0, 6)]).toEqual([true, false]);
  });

  it("makes one row what another is", () => {
    const { windows, at } = make();
    at(10 * SECOND);
    windows.take(0, 0, 17);
    windows.scale(0, 0, 2);
    windows.copyRow(0, 100);
    const [one, other] = [0, 100].map((row) => {
      windows.advance(row, instant(40 * SECOND));
      return windows.state(row, 0, instant(40 * SECOND));
    });
    expect(one).toEqual(other);
    expect(one).toMatchObject({ size: 20, remaining: 3 });
  });
});
