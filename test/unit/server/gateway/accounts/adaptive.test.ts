import { describe, expect, it } from "vitest";
import { type Duration, instant, MICROS_PER_MINUTE } from "../../../../../src/core/base/units.js";
import {
  AdaptiveMeter,
  type AdaptiveOptions,
} from "../../../../../src/core/server/gateway/accounts/adaptive.js";
import { createMeter, type MeterName } from "../../../../../src/core/server/gateway/accounts/registry.js";

const MINUTE = MICROS_PER_MINUTE;
const OPTIONS: AdaptiveOptions = {
  growPerMinute: 0.2,
  useThreshold: 0.8,
  shrinkHalfLife: (30 * MINUTE) as Duration,
  softFactor: 1,
  hardFactor: 1,
};

interface Setup extends Partial<AdaptiveOptions> {
  readonly floor?: number;
  readonly ceiling?: number;
  readonly window?: MeterName;
}

function make({ floor = 60, ceiling = 24, window = "fixed", ...options }: Setup = {}) {
  return new AdaptiveMeter(
    [{ perMinute: floor, burst: floor, ceiling }],
    { ...OPTIONS, ...options },
    (specs) => createMeter(window, specs),
  );
}

/** Asks for one `share` of the limit at the beginning of each minute, or for whatever there is. Returns what it got. */
function use(meter: AdaptiveMeter, from: number, to: number, share = Number.POSITIVE_INFINITY): number[] {
  const got: number[] = [];
  for (let minute = from; minute < to; minute++) {
    const now = instant(minute * MINUTE);
    meter.advance(0, now);
    const amount = Math.min(
      Math.floor(meter.state(0, 0, now).remaining),
      Math.ceil(share * meter.limitOf(0, 0)),
    );
    meter.take(0, 0, amount);
    got.push(amount);
  }
  return got;
}

const limitAt = (meter: AdaptiveMeter, minute: number) => {
  meter.advance(0, instant(minute * MINUTE));
  return meter.limitOf(0, 0);
};

describe("the published growth curve", () => {
  // Requests, prompt tokens and generated tokens a minute of the older page, from the start over 10 minutes and an hour
  // to two hours.
  it.each([
    [60, [60, 120, 720, 1440]],
    [60_000, [60_000, 120_000, 720_000, 1_440_000]],
    [6000, [6000, 12_000, 72_000, 144_000]],
  ])("from %i a minute is that table", (floor, table) => {
    const meter = make({ floor });
    const admitted = use(meter, 0, 121);
    expect([0, 10, 60, 120].map((minute) => admitted[minute])).toEqual(table);
  });

  it("is max(floor, 20 % of the floor a minute), minute by minute, whatever is used of it beyond the threshold", () => {
    const curve = Array.from({ length: 121 }, (_, minute) => Math.max(60, 12 * minute));
    expect(use(make(), 0, 121)).toEqual(curve);
    const meter = make();
    use(meter, 0, 120, 0.8);
    expect(limitAt(meter, 120)).toBeCloseTo(1440, 9);
  });

  it("holds for a bucket, which adds its burst", () => {
    const meter = make({ window: "bucket" });
    const sum = use(meter, 0, 61).reduce((all, one) => all + one, 0);
    // Asked once a minute, it has what came back in the one before.
    const curve = Array.from({ length: 60 }, (_, minute) => Math.max(60, 12 * minute));
    expect(sum).toBe(60 + curve.reduce((all, one) => all + one, 0));
  });

  it("ends at the ceiling", () => {
    expect(use(make({ ceiling: 1.5 }), 0, 12).at(-1)).toBe(90);
    expect(use(make({ ceiling: 1 }), 0, 12).at(-1)).toBe(60);
  });
});

describe("an adaptive limit", () => {
  it("grows only by minutes that use enough of it", () => {
    const meter = make();
    use(meter, 0, 30, 0.75);
    expect(limitAt(meter, 30)).toBe(60);
    use(meter, 30, 40, 0.8);
    expect(limitAt(meter, 40)).toBeCloseTo(120, 9);
  });

  it("is back to half of what it has grown to after each half-life without use, and to its floor in the end", () => {
    const meter = make();
    use(meter, 0, 60);
    expect(limitAt(meter, 60)).toBeCloseTo(720, 9);
    expect([90, 120, 150].map((minute) => limitAt(meter, minute) / 720)).toEqual([
      expect.closeTo(0.5, 9),
      expect.closeTo(0.25, 9),
      expect.closeTo(0.125, 9),
    ]);
    expect(limitAt(meter, 100_000)).toBe(60);
    // And it begins anew.
    use(meter, 100_000, 100_010);
    expect(limitAt(meter, 100_010)).toBeCloseTo(120, 9);
  });

  it("shrinks alike whether it is asked meanwhile or not", () => {
    const [asked, left] = [make({ window: "bucket" }), make({ window: "bucket" })];
    for (const meter of [asked, left]) use(meter, 0, 60);
    for (let minute = 60; minute < 400; minute++) limitAt(asked, minute);
    expect(limitAt(asked, 400)).toBe(limitAt(left, 400));
    expect(asked.state(0, 0, instant(400 * MINUTE))).toEqual(left.state(0, 0, instant(400 * MINUTE)));
  });

  it("lets in but softens between the soft and the hard factor", () => {
    const meter = make({ softFactor: 1, hardFactor: 2 });
    meter.advance(0, instant(0));
    const seen = [50, 10, 1, 59].map((amount) => {
      expect(meter.holds(0, 0, amount)).toBe(true);
      meter.take(0, 0, amount);
      return meter.isOverSoft(0, 0);
    });
    expect(seen).toEqual([false, false, true, true]);
    expect(meter.holds(0, 0, 1)).toBe(false);
    meter.giveBack(0, 0, 60, instant(0));
    expect(meter.isOverSoft(0, 0)).toBe(false);
  });

  it("does not count as use what is given back within its minute, and leaves later minutes alone", () => {
    const meter = make();
    const given = (at: number) => {
      meter.take(0, 0, 60);
      meter.giveBack(0, 0, 60, instant(at));
    };
    for (let minute = 0; minute < 20; minute++) {
      meter.advance(0, instant(minute * MINUTE));
      given(minute * MINUTE);
    }
    expect(limitAt(meter, 20)).toBe(60);
    for (let minute = 20; minute < 30; minute++) {
      use(meter, minute, minute + 1);
      meter.giveBack(0, 0, 60, instant((minute - 1) * MINUTE));
    }
    expect(limitAt(meter, 30)).toBeCloseTo(120, 9);
  });

  it("counts the minutes of a row from its first request", () => {
    const meter = make({ window: "bucket" });
    meter.advance(4, instant(90_000_000));
    meter.take(4, 0, 60);
    meter.advance(4, instant(90_000_000 + MINUTE - 1));
    meter.take(4, 0, 0);
    for (let minute = 1; minute < 10; minute++) {
      meter.advance(4, instant(90_000_000 + minute * MINUTE));
      meter.take(4, 0, 60 * Math.max(1, 0.2 * minute));
    }
    meter.advance(4, instant(90_000_000 + 10 * MINUTE - 1));
    expect(meter.limitOf(4, 0)).toBeCloseTo(108, 9);
    meter.advance(4, instant(90_000_000 + 10 * MINUTE));
    expect(meter.limitOf(4, 0)).toBeCloseTo(120, 9);
  });

  it.each([
    [{ softFactor: 3, hardFactor: 2 }, "soft limit"],
    [{ growPerMinute: 0 }, "grows and shrinks"],
    [{ shrinkHalfLife: 0 as Duration }, "grows and shrinks"],
  ])("refuses %o", (bad, law) => {
    expect(() => make(bad)).toThrow(law);
  });
});

it("is asked no more than a few times about what is too large for a limit that has grown", () => {
  let asked = 0;
  const meter = new AdaptiveMeter(
    [{ perMinute: 60, burst: 60, ceiling: 24 }],
    { ...OPTIONS, shrinkHalfLife: (24 * 60 * MINUTE) as Duration },
    (specs) => {
      const inner = createMeter("fixed", specs);
      const waitFor = inner.waitFor.bind(inner);
      inner.waitFor = (...given) => {
        asked++;
        return waitFor(...given);
      };
      return inner;
    },
  );
  use(meter, 0, 130);
  expect(meter.waitFor(0, 0, 60 * 25, instant(130 * MINUTE))).toBeUndefined();
  expect(asked).toBeLessThan(5);
});
