import { describe, expect, it } from "vitest";
import { instant, START, seconds } from "../../../../../src/core/base/units.js";
import { Cinnamon, type CinnamonOptions } from "../../../../../src/core/server/gateway/policies/cinnamon.js";
import { OVERLOADED_CAPACITY, WAIT } from "../../../../../src/core/server/gateway/verdict.js";
import { facts, signals } from "../../../../support/gateway-views.js";

const OPTIONS: CinnamonOptions = {
  maxQueue: 1000,
  queueTimeout: undefined,
  displaceLower: true,
  ranks: 2,
  interval: seconds(0.5),
  kp: 0.1,
  ki: 1.4,
  cohorts: 1,
  sample: 1000,
  emptyQueue: seconds(0),
};

interface Interval {
  readonly came: number;
  readonly left: number;
  readonly free?: number;
}

/** What the share is after each of those intervals, with one arrival more to tell. */
function ratios(cinnamon: Cinnamon, intervals: readonly Interval[]): number[] {
  return intervals.map(({ came, left, free = 0 }, index) => {
    const seen = signals({ slots: 20, busy: 20 - free, openings: 0, queued: [5, 0] });
    // The first is that which told the last time.
    for (let one = index === 0 ? 0 : 1; one < came; one++) {
      cinnamon.decide(facts(), seen, instant(seconds(0.5 * index + 0.1)));
    }
    for (let one = 0; one < left; one++) cinnamon.started(0, seconds(1), instant(seconds(0.5 * index + 0.2)));
    cinnamon.decide(facts(), seen, instant(seconds(0.5 * (index + 1))));
    return Number(cinnamon.ratio.toFixed(9));
  });
}

describe("cinnamon", () => {
  it("rejects 0.1 of the error and 1.4 of its integral over seconds, from 0 to 1: by hand", () => {
    // Errors 1, 0.2, -0.5 and -1.3; integrals 0.5, 0.6, 0.35 and 0, no less.
    const intervals = [
      { came: 20, left: 10 },
      { came: 12, left: 10 },
      { came: 5, left: 10 },
      { came: 1, left: 10, free: 4 },
    ];
    expect(ratios(new Cinnamon(OPTIONS, () => 0), intervals)).toEqual([0.8, 0.86, 0.44, 0]);
  });

  it("keeps the integral where it alone would reject all, so that it comes down at once", () => {
    const flood = { came: 100, left: 1 };
    const after = ratios(new Cinnamon({ ...OPTIONS, ki: 1 }, () => 0), [flood, flood, { came: 5, left: 10 }]);
    // From an integral of 1, and not of 49.5: errors of -1, as none was let in, and of -0.5 leave 0.5 and 0.25 of it.
    expect(after).toEqual([1, 0.4, 0.2]);
  });

  it("bears no service at all, and a pool without a limit", () => {
    expect(ratios(new Cinnamon(OPTIONS, () => 0), [{ came: 1, left: 0 }])).toEqual([0.8]);
    const cinnamon = new Cinnamon(OPTIONS, () => 0);
    const endless = signals({ slots: Number.POSITIVE_INFINITY, busy: 3, queued: [9, 9] });
    for (const at of [0, 0.5, 1]) cinnamon.decide(facts(), endless, instant(seconds(at)));
    expect(cinnamon.ratio).toBe(0);
  });

  const overloaded = (changes: Partial<CinnamonOptions>, chance: () => number) => {
    const cinnamon = new Cinnamon({ ...OPTIONS, ...changes }, chance);
    const seen = signals({ busy: 10, queued: [0, 5] });
    for (let one = 0; one < 10; one++) {
      for (const rank of [0, 1]) cinnamon.decide(facts({ path: rank, rank }), seen, instant(seconds(0.1)));
    }
    for (let one = 0; one < 16; one++) cinnamon.started(0, seconds(1), instant(seconds(0.2)));
    return cinnamon;
  };
  /** None of a lower rank waits, so that Priority may be refused. */
  const full = signals({ busy: 10, queued: [5, 0] });

  it("rejects that share of the last arrivals, those of the lowest rank first", () => {
    // (20 - 16) / 16 = 0.25: 0.025 + 1.4 x 0.125 = 0.2 of twenty, which are 4 of the 10 Standard.
    const at = (drawn: number) => {
      let draw = 0.5;
      const cinnamon = overloaded({}, () => draw);
      draw = drawn;
      return [0, 1].map((rank) => cinnamon.decide(facts({ path: rank, rank }), full, instant(seconds(0.5))));
    };
    expect([at(0.59), at(0.61), at(0.99)]).toEqual([
      [WAIT, WAIT],
      [WAIT, OVERLOADED_CAPACITY],
      [WAIT, OVERLOADED_CAPACITY],
    ]);
  });

  it("begins when the queue was not empty for as long as told, and ends when it is", () => {
    const cinnamon = overloaded({ emptyQueue: seconds(1) }, () => 0.99);
    const standard = facts({ path: 1, rank: 1 });
    const decide = (at: number, seen = full) => cinnamon.decide(standard, seen, instant(seconds(at)));
    expect(decide(0.5)).toBe(WAIT);
    for (let one = 0; one < 20; one++) decide(0.9);
    cinnamon.started(0, seconds(1), instant(seconds(0.9)));
    expect(decide(1)).toBe(OVERLOADED_CAPACITY);
    expect(decide(1.1, signals({ busy: 10 }))).toBe(WAIT);
    expect([decide(1.2), decide(1.5)]).toEqual([OVERLOADED_CAPACITY, WAIT]);
    cinnamon.started(0, seconds(0), instant(seconds(2.4)));
    expect(decide(2.5)).toBe(WAIT);
  });

  it("looks at so many of the last arrivals and no further back", () => {
    let draw = 0;
    const cinnamon = new Cinnamon({ ...OPTIONS, sample: 4 }, () => draw);
    const decide = (rank: number, at: number) =>
      cinnamon.decide(facts({ path: rank, rank }), full, instant(seconds(at)));
    for (let one = 0; one < 10; one++) decide(1, 0.1);
    for (let one = 0; one < 4; one++) decide(0, 0.2);
    for (let one = 0; one < 12; one++) cinnamon.started(0, seconds(1), START);
    draw = 0.95;
    // Of the last four all are Priority, and an error of 1/6 is a share of 0.13: part of it goes to them.
    expect(decide(0, 0.5)).toBe(OVERLOADED_CAPACITY);
  });
});
