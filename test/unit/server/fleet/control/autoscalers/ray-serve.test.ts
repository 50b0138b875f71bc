// Ray Serve's state machine tick for tick, worked by hand from autoscaling_policy.py, and its laws.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import { at, make, sample, viewOf } from "./views.js";

/** Delays of 3 and 5 ticks of 0.1 s: int(0.3 / 0.1) = 3 ticks must be exceeded, so that the fourth acts. */
const TICKS = {
  algorithm: "ray-serve",
  upDelay: "300ms",
  downDelay: "500ms",
  lookBack: "100ms",
};

/** What it wants tick by tick of so many ongoing requests; those that it wants are ready by the next tick. */
function ticks(given: object, from: number, ongoing: readonly number[], ready?: number) {
  const scaler = make({ ...TICKS, ...given });
  let wanted = from;
  return ongoing.map((running, index) => {
    const seen = sample(index / 10, { running, ready: ready ?? wanted });
    wanted = scaler.recommend(viewOf([seen], wanted))!;
    return wanted;
  });
}

const times = (count: number, value: number) => Array.from({ length: count }, () => value);

describe("Ray Serve's autoscaler by its published code", () => {
  it("acts at the fourth tick in a row that wants more, on what that tick wants", () => {
    expect(ticks({}, 1, [3, 5, 7, 9, 9])).toEqual([1, 1, 1, 5, 5]);
  });

  it("starts the count again at a tick that wants as many, or fewer", () => {
    expect(ticks({}, 2, [8, 8, 8, 4, 8, 8, 8, 8])).toEqual([2, 2, 2, 2, 2, 2, 2, 4]);
    expect(ticks({}, 2, [8, 8, 8, 2, 8, 8, 8, 8])).toEqual([2, 2, 2, 2, 2, 2, 2, 4]);
  });

  it("takes away at the sixth tick in a row, and counts anew after it has acted", () => {
    expect(ticks({}, 4, times(6, 4))).toEqual([4, 4, 4, 4, 4, 2]);
    expect(ticks({}, 4, [...times(6, 4), ...times(6, 2)])).toEqual([...times(5, 4), ...times(6, 2), 1]);
  });

  it("goes to zero only from one, after the delay of that", () => {
    // From 3 to 1 at tick 6, and to 0 three ticks later.
    expect(ticks({ min: 0, zeroDelay: "200ms" }, 3, times(9, 0))).toEqual([3, 3, 3, 3, 3, 1, 1, 1, 0]);
    expect(ticks({ min: 0 }, 1, times(6, 0))).toEqual([1, 1, 1, 1, 1, 0]);
    expect(ticks({ min: 1 }, 1, times(9, 0))).toEqual(times(9, 1));
  });

  it("goes from zero to one at once, and waits for that one before it counts", () => {
    expect(ticks({ min: 0 }, 0, [0, 0, 1])).toEqual([0, 0, 1]);
    expect(ticks({ min: 0, upFactor: 2.5 }, 0, [9])).toEqual([3]);
    // None is ready yet: what is wanted stays, whatever waits.
    expect(ticks({ min: 0 }, 2, times(8, 50), 0)).toEqual(times(8, 2));
  });

  it("is woken from zero by what is shed at once", () => {
    const scaler = make({ ...TICKS, min: 0, lookBack: "30s" });
    const says = (tick: number, arrived: number, wanted: number) =>
      scaler.recommend(viewOf([sample(tick / 10, { arrived, shed: arrived })], wanted));
    expect([says(0, 3, 0), says(1, 3, 0), says(2, 4, 0), says(3, 4, 1)]).toEqual([0, 0, 1, 1]);
  });

  it("goes a share of the way, one at least down", () => {
    expect(ticks({ upFactor: 0.5 }, 2, times(4, 20)).at(-1)).toBe(6);
    expect(ticks({ downFactor: 0.5 }, 10, times(6, 4)).at(-1)).toBe(6);
    // ceil(10 + 0.05 x (8 - 10)) = 10 is stuck: one fewer.
    expect(ticks({ downFactor: 0.05 }, 10, times(6, 16)).at(-1)).toBe(9);
  });

  it("measures its way from those that are ready", () => {
    // 2 of 6 ready and 8 wanted: ceil(2 + 0.5 x (8 - 2)) = 5, which is fewer than the 6 that it wants so far.
    expect(ticks({ upFactor: 0.5 }, 6, times(6, 16), 2)).toEqual([6, 6, 6, 6, 6, 5]);
  });

  it("keeps to its bounds before it counts", () => {
    expect(ticks({ max: 3 }, 3, [100, 100, 100, 100, 2, 2, 2, 2, 2, 2])).toEqual([...times(9, 3), 1]);
  });

  it("has the published defaults", () => {
    expect(autoscaler.parse("ray-serve")).toMatchObject({
      interval: at(0.1),
      target: 2,
      lookBack: at(30),
      upDelay: at(30),
      downDelay: at(600),
      upFactor: 1,
      downFactor: 1,
    });
    // 300 ticks must be exceeded.
    const run = ticks({ upDelay: "30s" }, 1, times(302, 10));
    expect([run[299], run[300]]).toEqual([1, 5]);
  });
});

describe("Ray Serve's autoscaler, whatever is ongoing", () => {
  const ongoing = fc.array(fc.nat({ max: 30 }), { maxLength: 80 });

  it("changes only after more ticks in a row than its delay, and not again before as many", () => {
    const law = fc.property(ongoing, (loads) => {
      const run = [2, ...ticks({}, 2, loads)];
      const changes = [...loads.keys()].filter((index) => run[index + 1] !== run[index]);
      return changes.every((index, order) => {
        const isUp = run[index + 1]! > run[index]!;
        const needed = isUp ? 4 : 6;
        const since = order === 0 ? -1 : changes[order - 1]!;
        const side = loads
          .slice(index + 1 - needed, index + 1)
          .every((load) => (isUp ? load / 2 > run[index]! : Math.ceil(load / 2) < run[index]!));
        return side && index - since >= needed;
      });
    });
    fc.assert(law);
  });
});
