import { describe, expect, it } from "vitest";
import { instant, MICROS_PER_MINUTE } from "../../../../../src/core/base/units.js";
import { FixedWindows } from "../../../../../src/core/server/gateway/accounts/fixed-window.js";

const MINUTE = MICROS_PER_MINUTE;

function make(perMinute = 10) {
  const windows = new FixedWindows([{ perMinute, burst: 1 }]);
  const at = (micros: number) => windows.advance(0, instant(micros));
  return { windows, at };
}

describe("fixed window", () => {
  it("lets the whole limit in at the end of a minute, and again at the beginning of the next", () => {
    const { windows, at } = make();
    at(MINUTE - 1);
    windows.take(0, 0, 10);
    expect(windows.holds(0, 0, 1)).toBe(false);
    at(MINUTE);
    expect([windows.holds(0, 0, 10), windows.holds(0, 0, 11)]).toEqual([true, false]);
  });

  it("carries a debt over, at the limit a minute", () => {
    const { windows, at } = make();
    at(0);
    windows.take(0, 0, 34);
    const waits = [1, 6, 7, 10].map((amount) => windows.waitFor(0, 0, amount, instant(0)));
    expect(waits).toEqual([3, 3, 4, 4].map((minutes) => minutes * MINUTE));
    at(3 * MINUTE);
    expect([windows.holds(0, 0, 6), windows.holds(0, 0, 7)]).toEqual([true, false]);
    expect(windows.state(0, 0, instant(3 * MINUTE))).toEqual({
      perMinute: 10,
      size: 10,
      remaining: 6,
      reset: MINUTE,
    });
  });

  it("gives back what this minute charged, and nothing of an earlier one", () => {
    const { windows, at } = make();
    at(MINUTE);
    windows.take(0, 0, 10);
    windows.giveBack(0, 0, 4, instant(MINUTE - 1));
    expect(windows.holds(0, 0, 1)).toBe(false);
    windows.giveBack(0, 0, 4, instant(MINUTE));
    expect([windows.holds(0, 0, 4), windows.holds(0, 0, 5)]).toEqual([true, false]);
  });

  it("that becomes smaller owes what was owed before, and no more", () => {
    const { windows, at } = make(30);
    at(0);
    windows.take(0, 0, 30);
    windows.scale(0, 0, 1 / 3);
    expect(windows.waitFor(0, 0, 10, instant(0))).toBe(MINUTE);
    windows.scale(0, 0, 1);
    windows.take(0, 0, 25);
    windows.scale(0, 0, 1 / 3);
    // 5 of the 35 were a debt under the limit of 30.
    expect(windows.waitFor(0, 0, 10, instant(0))).toBe(2 * MINUTE);
  });

  it("makes one row what another is", () => {
    const { windows, at } = make();
    at(MINUTE);
    windows.take(0, 0, 7);
    windows.scale(0, 0, 2);
    windows.copyRow(0, 100);
    windows.advance(100, instant(MINUTE));
    expect([windows.holds(100, 0, 13), windows.holds(100, 0, 14)]).toEqual([true, false]);
  });
});
