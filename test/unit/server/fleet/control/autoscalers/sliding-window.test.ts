import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration, instant } from "../../../../../../src/core/base/units.js";
import {
  SlidingMost,
  SlidingSum,
} from "../../../../../../src/core/server/fleet/control/autoscalers/sliding-window.js";

const some = fc.array(fc.record({ after: fc.nat({ max: 5 }), value: fc.integer({ min: -9, max: 9 }) }), {
  maxLength: 200,
});

/** Each of the values, with those of the window that ends with it. */
function windows(given: readonly { readonly after: number; readonly value: number }[], window: number) {
  let now = 0;
  const dated = given.map(({ after, value }) => {
    now += after;
    return { at: now, value };
  });
  return dated.map((one, index) => {
    const earlier = dated.slice(0, index).filter(({ at }) => at > one.at - window);
    return { ...one, within: [...earlier, one].map(({ value }) => value) };
  });
}

describe("a window that slides", () => {
  it("has the largest of what is younger than it, the newest whatever its length", () => {
    const law = fc.property(some, fc.nat({ max: 40 }), (given, window) => {
      const most = new SlidingMost(duration(window));
      return windows(given, window).every(
        ({ at, value, within }) => most.add(value, instant(at)) === Math.max(...within),
      );
    });
    fc.assert(law);
  });

  it("has the sum of what is younger than it", () => {
    const law = fc.property(
      some,
      fc.integer({ min: 1, max: 40 }),
      fc.nat({ max: 50 }),
      (given, window, later) => {
        const sum = new SlidingSum(duration(window));
        const all = windows(given, window);
        const isRight = all.every(({ at, value, within }) => {
          sum.add(value, instant(at));
          return sum.at(instant(at)) === within.reduce((total, one) => total + one, 0);
        });
        const end = (all.at(-1)?.at ?? 0) + later;
        const left = all.filter(({ at }) => at > end - window);
        return isRight && sum.at(instant(end)) === left.reduce((total, { value }) => total + value, 0);
      },
    );
    fc.assert(law);
  });

  it("takes as long for each of many as for each of few", () => {
    // 400,000 values in a window of all: by looking through the window at each it would be 80 billion.
    const [most, sum] = [new SlidingMost(duration(1e9)), new SlidingSum(duration(1e9))];
    let largest = 0;
    for (let now = 1; now <= 400_000; now++) {
      largest = most.add(400_000 - now, instant(now));
      sum.add(1, instant(now));
    }
    expect([largest, sum.at(instant(400_000))]).toEqual([399_999, 400_000]);
  });
});
