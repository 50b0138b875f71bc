// The contract of meters over every kind there is, and over broken ones, which it must find.
import { expect, test } from "vitest";
import { type Duration, type Instant, MICROS_PER_MINUTE } from "../../src/core/base/units.js";
import { AdaptiveMeter } from "../../src/core/server/gateway/accounts/adaptive.js";
import { calendarWindows, PERIODS } from "../../src/core/server/gateway/accounts/calendar.js";
import { FixedWindows } from "../../src/core/server/gateway/accounts/fixed-window.js";
import type { Meter, MeterState } from "../../src/core/server/gateway/accounts/meter.js";
import { RampMeter } from "../../src/core/server/gateway/accounts/ramp.js";
import { createMeter, METERS, type MeterName } from "../../src/core/server/gateway/accounts/registry.js";
import { type Admitted, brokenLaws, type MeterUnderTest, meterContract } from "./meter.js";

const MINUTE = MICROS_PER_MINUTE;

/** Whether no stretch from one charge to a later one holds more than is allowed in its length. */
function within(admitted: readonly Admitted[], allowed: (length: number) => number): boolean {
  return admitted.every(({ at: from }, first) => {
    let sum = 0;
    return admitted.slice(first).every(({ at, amount }) => {
      sum += amount;
      return sum <= allowed(at - from);
    });
  });
}

/** Sums by the minute of simulated time. */
function byMinute(admitted: readonly Admitted[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { at, amount } of admitted) {
    const minute = Math.floor(at / MINUTE);
    sums.set(minute, (sums.get(minute) ?? 0) + amount);
  }
  return sums;
}

const PER_MINUTE = 50;
const BURST = 30;

/** What each kind lets in at most, at a limit so many times the stated one. */
const CONFORMS: Readonly<Record<MeterName, (admitted: readonly Admitted[], times?: number) => boolean>> = {
  bucket: (admitted, times = 1) =>
    within(admitted, (length) => times * (BURST + (PER_MINUTE * length) / MINUTE) + 1e-9),
  // A stretch that is shorter than a minute lies in some window of one.
  sliding: (admitted, times = 1) =>
    within(admitted, (length) => (length < MINUTE ? times * PER_MINUTE : Number.POSITIVE_INFINITY)),
  fixed: (admitted, times = 1) => [...byMinute(admitted).values()].every((sum) => sum <= times * PER_MINUTE),
};

const kinds = METERS.map(({ name }): [MeterName, MeterUnderTest] => [
  name,
  {
    create: () => createMeter(name, [{ perMinute: PER_MINUTE, burst: BURST }]),
    conforms: CONFORMS[name],
    // A bucket that was full has no place for what comes back later, and none is lost before.
    isNet: name !== "bucket",
  },
]);

for (const [name, tested] of kinds) meterContract(name, tested);

/** Half a minute into the last hour of a year, day and month, so that its windows end within any history. */
const LATE = Date.UTC(2026, 11, 31, 23, 56, 30) / 1000;

for (const period of PERIODS) {
  const windows = calendarWindows(period, LATE, 0 as Duration);
  const conforms = (admitted: readonly Admitted[]) => {
    const sums = new Map<number, number>();
    for (const { at, amount } of admitted) {
      const window = windows.of(at as Instant);
      sums.set(window, (sums.get(window) ?? 0) + amount);
    }
    return [...sums.values()].every((sum) => sum <= PER_MINUTE);
  };
  meterContract(`quota of a ${period}`, {
    create: () => new FixedWindows([{ perMinute: PER_MINUTE, burst: PER_MINUTE }], windows),
    conforms,
    isNet: true,
  });
}

const CEILING = 3;
const growing = {
  growPerMinute: 0.5,
  useThreshold: 0.5,
  shrinkHalfLife: (5 * MINUTE) as Duration,
  softFactor: 1,
  hardFactor: 1,
};

for (const [name] of kinds) {
  meterContract(`adaptive ${name}`, {
    create: () =>
      new AdaptiveMeter([{ perMinute: PER_MINUTE, burst: BURST, ceiling: CEILING }], growing, (specs) =>
        createMeter(name, specs),
      ),
    conforms: (admitted) => CONFORMS[name](admitted, CEILING),
    isNet: name !== "bucket",
  });
}

const RAMP = { from: PER_MINUTE, growth: 0.5, per: (3 * MINUTE) as Duration };

/** No minute has more than the free amount, or half as much again as one three to six minutes before. */
function ramps(admitted: readonly Admitted[]): boolean {
  const sums = byMinute(admitted);
  return [...sums].every(([minute, sum]) => {
    const before = [3, 4, 5, 6].map((ago) => sums.get(minute - ago) ?? 0);
    return sum <= Math.max(PER_MINUTE, 1.5 * Math.max(...before));
  });
}

// What is given back counts for no later minute, while a later one may have been let in on it.
meterContract("ramp", { create: () => new RampMeter(RAMP), conforms: ramps, isNet: false });

/** A meter with one thing changed about it. */
class Broken implements Meter {
  readonly #inner: Meter = createMeter("fixed", [{ perMinute: PER_MINUTE, burst: BURST }]);

  advance(row: number, now: Instant): void {
    this.#inner.advance(row, now);
  }

  holds(row: number, column: number, amount: number): boolean {
    return this.#inner.holds(row, column, amount);
  }

  take(row: number, column: number, amount: number): void {
    this.#inner.take(row, column, amount);
  }

  giveBack(row: number, column: number, amount: number, chargedAt: Instant): void {
    this.#inner.giveBack(row, column, amount, chargedAt);
  }

  waitFor(row: number, column: number, amount: number, now: Instant): Duration | undefined {
    return this.#inner.waitFor(row, column, amount, now);
  }

  isOverSoft(): boolean {
    return false;
  }

  state(row: number, column: number, now: Instant): MeterState {
    return this.#inner.state(row, column, now);
  }
}

const BREAKS: Readonly<Record<string, (meter: Meter) => Partial<Meter>>> = {
  "lets everything in": () => ({ holds: () => true }),
  "refuses everything": () => ({ holds: () => false }),
  "lets one too many in": (meter) => ({
    holds: (row, column, amount) => meter.holds(row, column, amount - 1),
  }),
  "forgets charges": () => ({ take: () => undefined }),
  "forgets what is given back": () => ({ giveBack: () => undefined }),
  "gives back what is long gone": (meter) => ({
    giveBack: (row, column, amount) => meter.take(row, column, -amount),
  }),
  "shares one row": (meter) => ({ take: (_, column, amount) => meter.take(0, column, amount) }),
  "waits too long": (meter) => ({
    waitFor: (...asked) => {
      const wait = meter.waitFor(...asked);
      return wait === undefined ? undefined : ((wait + 1) as Duration);
    },
  }),
  "waits for nothing": () => ({ waitFor: () => 0 as Duration }),
};

const fixedOne = kinds.find(([name]) => name === "fixed")![1];

test("a meter that is not broken breaks no law", () => {
  expect(brokenLaws({ ...fixedOne, create: () => new Broken() })).toEqual([]);
});

test.each(Object.entries(BREAKS))("the contract finds a meter that %s", (_, change) => {
  // The change may call the sound meter, which has to know of everything else.
  const create = () => {
    const meter = new Broken();
    const sound: Meter = {
      advance: meter.advance.bind(meter),
      holds: meter.holds.bind(meter),
      take: meter.take.bind(meter),
      giveBack: meter.giveBack.bind(meter),
      waitFor: meter.waitFor.bind(meter),
      isOverSoft: meter.isOverSoft.bind(meter),
      state: meter.state.bind(meter),
    };
    return Object.assign(meter, change(sound));
  };
  expect(brokenLaws({ ...fixedOne, create })).not.toEqual([]);
});
