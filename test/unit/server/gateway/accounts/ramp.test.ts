import { describe, expect, it } from "vitest";
import { type Duration, instant, MICROS_PER_MINUTE } from "../../../../../src/core/base/units.js";
import { RampMeter } from "../../../../../src/core/server/gateway/accounts/ramp.js";

const MINUTE = MICROS_PER_MINUTE;
const OPENAI = { from: 1_000_000, growth: 0.5, per: (15 * MINUTE) as Duration };

/** Takes so many tokens in a minute, or all that may be. Returns what it got. */
function use(meter: RampMeter, minute: number, tokens = Number.POSITIVE_INFINITY): number {
  const now = instant(minute * MINUTE);
  meter.advance(0, now);
  const amount = Math.min(tokens, Math.floor(meter.state(0, 0, now).remaining));
  expect(meter.holds(0, 0, amount)).toBe(true);
  if (amount < tokens) expect(meter.holds(0, 0, amount + 1)).toBe(false);
  meter.take(0, 0, amount);
  return amount;
}

describe("the ramp limit", () => {
  it("is a staircase under demand without end: half as much again every 15 minutes", () => {
    const meter = new RampMeter(OPENAI);
    const got = Array.from({ length: 76 }, (_, minute) => use(meter, minute));
    expect(got).toEqual(got.map((_, minute) => Math.floor(1_000_000 * 1.5 ** Math.floor(minute / 15))));
    expect(got.at(-1)).toBe(7_593_750);
  });

  it("lets an account go up to where it begins at any speed", () => {
    const meter = new RampMeter(OPENAI);
    expect([use(meter, 0, 10), use(meter, 1, 1_000_000), use(meter, 2)]).toEqual([10, 1_000_000, 1_000_000]);
  });

  it("reckons with the most of 15 to 30 minutes ago: neither a dip nor a peak of now counts", () => {
    const meter = new RampMeter(OPENAI);
    for (let minute = 0; minute < 40; minute++) use(meter, minute);
    expect(use(meter, 40, 0)).toBe(0);
    for (let minute = 41; minute < 55; minute++) use(meter, minute, 1000);
    // The most of minutes 25 to 40 was 2.25 M, from minute 30 on.
    expect(use(meter, 55)).toBe(3_375_000);
    // Half an hour after its last minutes all of that is forgotten.
    expect(use(meter, 70, 0)).toBe(0);
    expect(use(meter, 86)).toBe(1_000_000);
  });

  it("counts the minute that is just 30 minutes ago, and not the one before", () => {
    for (const [ago, most] of [
      [30, 2_250_000],
      [31, 1_000_000],
    ] as const) {
      const meter = new RampMeter(OPENAI);
      use(meter, 0);
      use(meter, 15);
      expect(use(meter, 15 + ago)).toBe(most);
    }
  });

  it("says when there is room, and that there never is for a prompt beyond what it can grow to", () => {
    const meter = new RampMeter(OPENAI);
    use(meter, 0);
    const now = instant(30_000_000);
    meter.advance(0, now);
    const wait = (tokens: number) => meter.waitFor(0, 0, tokens, now);
    expect([wait(0), wait(1), wait(1_000_000), wait(1_500_000), wait(1_500_001)]).toEqual([
      0,
      30_000_000,
      30_000_000,
      15 * MINUTE - 30_000_000,
      undefined,
    ]);
  });

  it("forgets what is given back, in its minute and for those that it would have raised", () => {
    const meter = new RampMeter(OPENAI);
    use(meter, 0);
    use(meter, 1, 500_000);
    meter.giveBack(0, 0, 600_000, instant(0));
    meter.giveBack(0, 0, 500_000, instant(MINUTE));
    expect(use(meter, 1)).toBe(1_000_000);
    meter.giveBack(0, 0, 1_000_000, instant(MINUTE));
    expect(use(meter, 15)).toBe(1_000_000);
    // Far gone.
    use(meter, 60);
    meter.giveBack(0, 0, 1_000_000, instant(MINUTE));
    expect(meter.holds(0, 0, 1)).toBe(false);
  });

  it.each([
    [{ ...OPENAI, growth: 0 }, "rises"],
    [{ ...OPENAI, from: 0 }, "rises"],
    [{ ...OPENAI, per: 90_000_000 as Duration }, "whole minutes"],
    [{ ...OPENAI, per: 0 as Duration }, "whole minutes"],
  ])("refuses %o", (bad, law) => {
    expect(() => new RampMeter(bad)).toThrow(law);
  });
});
