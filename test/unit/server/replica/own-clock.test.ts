import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant, NEVER } from "../../../../src/core/base/units.js";
import { OwnClock } from "../../../../src/core/server/replica/own-clock.js";
import { SLOWEST } from "../../../../src/core/server/replica/speed.js";

describe("own time", () => {
  it("is simulated time as long as the speed is 1", () => {
    const clock = new OwnClock();
    for (const at of [0, 7, 123_456_789, 2 ** 50]) {
      expect([clock.at(instant(at)), clock.when(at, instant(at))]).toEqual([at, at]);
      clock.setSpeed(1, instant(at));
    }
  });

  it("runs at the speed, from one change to the next", () => {
    const clock = new OwnClock();
    clock.setSpeed(0.5, instant(100));
    clock.setSpeed(0.25, instant(201));
    // 100, then half of 101, then a quarter.
    expect([201, 202, 205].map((at) => clock.at(instant(at)))).toEqual([150.5, 150.75, 151.5]);
    expect([150.5, 150.6, 151, 152].map((own) => clock.when(own, instant(201)))).toEqual([
      201, 202, 203, 207,
    ]);
    expect(clock.when(150.6, instant(300))).toBe(300);
    expect(clock.when(Number.POSITIVE_INFINITY, instant(300))).toBe(NEVER);
  });

  it("stands still at 0, and goes on as if the time between had not been", () => {
    const clock = new OwnClock();
    clock.setSpeed(0.3, instant(10));
    const [before, due] = [clock.at(instant(1010)), clock.when(2000, instant(1010))];
    clock.setSpeed(0, instant(1010));
    clock.setSpeed(0, instant(1500));
    expect([clock.at(instant(9999)), clock.when(2000, instant(9999))]).toEqual([before, NEVER]);
    clock.setSpeed(0.3, instant(3010));
    expect([clock.at(instant(3010)), clock.when(2000, instant(3010))]).toEqual([before, due + 2000]);
  });

  it("comes to what is due at the first microsecond at which it shows as much, and never runs back", () => {
    const change = fc.record({
      gap: fc.nat({ max: 1e9 }),
      speed: fc.oneof(
        fc.constantFrom(0, 1, SLOWEST, 1 / 3),
        fc.double({ min: SLOWEST, max: 1, noNaN: true }),
      ),
    });
    const law = fc.property(
      fc.array(change, { maxLength: 8 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (changes, wait) => {
        const clock = new OwnClock();
        let now = 0;
        for (const { gap, speed } of changes) {
          now += gap;
          const shown = clock.at(now as Instant);
          clock.setSpeed(speed, now as Instant);
          if (clock.at(now as Instant) !== shown) return false;
        }
        const own = clock.at(now as Instant) + wait;
        const due = clock.when(own, now as Instant);
        if (due === NEVER) return changes.at(-1)?.speed === 0;
        const isFirst = due === now || clock.at((due - 1) as Instant) < own;
        return Number.isInteger(due) && clock.at(due) >= own && isFirst;
      },
    );
    fc.assert(law, { numRuns: 1000 });
  });
});
