import { describe, expect, it } from "vitest";
import { duration, instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { PidLimit } from "../../../../../src/core/server/gateway/concurrency/pid.js";
import { concurrencyLimit } from "../../../../../src/core/server/gateway/concurrency/registry.js";

const OPTIONS = {
  prefills: 4,
  initial: 20,
  least: 1,
  most: 1000,
  interval: duration(500_000),
  overloadAfter: duration(0),
  kp: 0.1,
  ki: 1.4,
  kd: 0,
};

/** A limit and its pool, told by hand. */
class Told {
  readonly limit: PidLimit;
  inside = 0;
  now = 0;

  constructor(changes: Partial<typeof OPTIONS> = {}) {
    this.limit = new PidLimit({ ...OPTIONS, ...changes });
  }

  /** So many more start, and wait. */
  start(count: number): this {
    this.inside += count;
    return this;
  }

  token(count = 1): this {
    for (let n = 0; n < count; n++) this.limit.firstToken(0, instant(0), this.inside, instant(this.now));
    return this;
  }

  leave(hasToken: boolean): this {
    this.inside--;
    const times = { startedAt: instant(0), firstTokenAt: hasToken ? instant(0) : NEVER };
    const stay = { ...times, leftAt: instant(this.now), outputTokens: 1, settlement: "completed" as const };
    this.limit.left(0, stay, this.inside);
    return this;
  }

  at(second: number): this {
    this.now = seconds(second);
    return this;
  }
}

describe("pid, worked out by hand", () => {
  it("compares what came with what went and what may stand, as a share of what went", () => {
    // The first tell ends the period that began with the run: 20 came, one went, 19 wait: (20 - (1 + 4 - 19)) / 1 = 34.
    const told = new Told().start(20).token();
    expect(told.limit.error).toBe(34);
    // Two more go, and then 17 wait: none came: (0 - (2 + 4 - 17)) / 2 = 5.5.
    told.at(0.1).token();
    told.at(0.5).token();
    expect(told.limit.error).toBe(5.5);
  });

  it("moves against the error and its change, in attempts, down to what generates", () => {
    const told = new Told().start(20).token();
    // 1 (0.1 x 34 + 1.4 x 0.5 x 34) = 27.2 less, but no less than 1.
    expect(told.limit.most).toBe(1);
    const slow = new Told({ ki: 0.1 }).start(20).token();
    // 3.4 + 0.1 x 0.5 x 34 = 5.1 less than 20.
    expect(slow.limit.most).toBe(14);
    slow.at(0.1).token();
    slow.at(0.5).token();
    // The error 5.5 after 34: 2 (0.1 x -28.5 + 0.05 x 5.5) = -5.15, so it would grow; while more wait than may it does not.
    expect(slow.limit.most).toBe(14);
  });

  it("does not fall below what generates", () => {
    const told = new Told().start(1).token();
    told.at(0.1).start(19).token(12);
    // 14 generate and 16 wait: 13 (0.1 x (28 / 13 + 4) + 0.7 x 28 / 13) = 27.6 less than 20 would be none.
    told.at(0.5).start(10).token();
    expect([told.limit.most, told.limit.error]).toEqual([14, 28 / 13]);
  });

  it.each([
    [1.4, 22],
    [14, 24],
  ])("with a gain of %d grows where it is used fully, by no more than is free", (ki, most) => {
    const told = new Told({ kp: 0, ki }).start(1).token();
    told.at(0.1).start(19).token(18);
    // 20 generate and none waits: 19 x 0.7 x 4 / 19 = 2.8 more, and ten times as much is 4.
    told.at(0.5).token();
    expect(told.limit.most).toBe(most);
  });

  it("does not grow unused", () => {
    const told = new Told();
    told.start(1).token();
    told.at(1).start(1).token();
    told.at(2).start(1).token();
    expect([told.limit.most, told.limit.error]).toEqual([20, -4]);
  });

  it("shrinks only after there has been a queue for so long, without a break", () => {
    const told = new Told({ overloadAfter: seconds(3) }).start(20).token();
    const course = [1, 2, 2.9, 3.4].map((second) => {
      told.at(second).start(1).token();
      return told.limit.most;
    });
    expect(course.slice(0, 3)).toEqual([20, 20, 20]);
    expect(course[3]).toBeLessThan(20);

    const broken = new Told({ overloadAfter: seconds(3) }).start(20).token();
    broken.at(1).token(16);
    expect(
      [2, 3, 3.9].map((second) => {
        broken.at(second).start(10).token(9);
        return broken.limit.most;
      }),
    ).not.toContain(1);
  });

  it("counts one that leaves without a first token as gone from the queue", () => {
    const told = new Told().start(20).leave(false);
    expect(told.limit.error).toBe(34);
  });

  it("has Cinnamon's gains and times, and bounds of ours", () => {
    const { limit: _, ...defaults } = concurrencyLimit.parse("pid");
    expect(defaults).toEqual({ ...OPTIONS, overloadAfter: seconds(10) });
  });
});

describe("in a pool that works through so many prompts a second", () => {
  /**
   * As many generate for 5 s each as come through, at `rate` a second one after the other; what is inside beyond that
   * waits. Callers take every place at once.
   */
  function settle(rate: number, prefills: number) {
    const told = new Told({ prefills, overloadAfter: seconds(1) });
    const ends: number[] = [];
    const tail: { most: number; error: number; waiting: number }[] = [];
    const ticks = 400 * rate;
    for (let tick = 0; tick < ticks; tick++) {
      told.at(tick / rate);
      while (ends.length > 0 && ends[0]! <= tick) {
        ends.shift();
        told.leave(true);
      }
      told.start(Math.max(0, told.limit.most - told.inside));
      const waiting = told.inside - ends.length;
      if (waiting > 0) {
        ends.push(tick + 5 * rate);
        told.token();
      }
      if (tick > ticks / 2) tail.push({ most: told.limit.most, error: told.limit.error, waiting });
    }
    const mean = (value: (one: (typeof tail)[number]) => number) =>
      tail.reduce((sum, one) => sum + value(one), 0) / tail.length;
    return {
      most: mean(({ most }) => most),
      error: mean(({ error }) => error),
      waiting: mean((one) => one.waiting),
    };
  }

  it.each([
    [10, 4],
    [20, 8],
    [40, 10],
  ])("%i a second: brings the error to 0, and the queue to %i", (rate, prefills) => {
    const { most, error, waiting } = settle(rate, prefills);
    expect(Math.abs(error)).toBeLessThan(0.1);
    expect(Math.abs(waiting - prefills)).toBeLessThan(0.3 * prefills + 1);
    expect(Math.abs(most / (5 * rate + prefills) - 1)).toBeLessThan(0.1);
  });
});
