import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Duration, instant } from "../../../../../../src/core/base/units.js";
import type {
  Foresight,
  ScalerContext,
} from "../../../../../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { createAutoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import type { ScalingView } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";

/** Decisions are a second apart, and so are changes of load: slot i is [i, i+1) s. */
const SECOND = 1_000_000;

function foresightOf(loads: readonly number[]): Foresight {
  return {
    resolution: SECOND as Duration,
    end: instant(loads.length * SECOND),
    mostLoad: (from, until) => {
      const slots = loads.slice(Math.floor(from / SECOND), Math.ceil(until / SECOND));
      return Math.max(0, ...slots);
    },
  };
}

interface Case {
  readonly loads: readonly number[];
  /** Slots that a start takes. */
  readonly start: number;
  readonly use: number;
  readonly target?: number;
}

/** Replicas wanted, slot by slot, from none at first. */
function wantedOf({ loads, start, use, target = 1 }: Case): number[] {
  const context = {
    ...{ slots: 1, kvTokens: Number.POSITIVE_INFINITY, profile: undefined },
    coldStart: start * SECOND,
    foresight: foresightOf(loads),
  } as ScalerContext;
  const options = {
    ...{ algorithm: "clairvoyant", min: 0, tolerance: 0, metricsDelay: 0, upWindow: 0, downWindow: 0 },
    ...{
      upRate: "unlimited",
      downRate: "unlimited",
      interval: SECOND,
      horizon: 1000 * SECOND,
      target,
      leastUse: use,
    },
  };
  const scaler = createAutoscaler(options as never, context);
  let wanted = 0;
  return loads.map((_, slot) => {
    const view = { now: instant(slot * SECOND), wanted } as unknown as ScalingView;
    wanted = scaler.recommend(view)!;
    return wanted;
  });
}

describe("clairvoyant", () => {
  it("looks no further than the run, however long a start takes", () => {
    const century = 36_525 * 86_400;
    expect(wantedOf({ loads: [2, 2, 0, 0], start: century, use: 0.5 })).toEqual([0, 0, 0, 0]);
    expect(wantedOf({ loads: [2, 2, 0, 0], start: century, use: 0 })).toEqual([0, 0, 0, 0]);
  });

  it("asks for a replica as long before it is needed as it takes to start, and lets it go when it is not", () => {
    const loads = [0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0];
    expect(wantedOf({ loads, start: 3, use: 0 })).toEqual([0, 0, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
  });

  it("holds on through a lull that is no longer than another start takes", () => {
    const lull = (length: number) => [0, 0, 1, ...new Array<number>(length).fill(0), 1, 0, 0, 0, 0, 0];
    expect(wantedOf({ loads: lull(2), start: 2, use: 0 }).slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(wantedOf({ loads: lull(3), start: 2, use: 0 }).slice(0, 8)).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
  });

  it("leaves out what is used too little of the time that it would be held, its start included", () => {
    // Two slots of start, three of use: 60 %. The second replica is used for one of three slots.
    const loads = [0, 0, 1, 2, 1, 0, 0, 0];
    expect(wantedOf({ loads, start: 2, use: 0.32 })).toEqual([1, 2, 2, 2, 1, 0, 0, 0]);
    expect(wantedOf({ loads, start: 2, use: 0.34 })).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(wantedOf({ loads, start: 2, use: 0.59 })).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(wantedOf({ loads, start: 2, use: 0.61 })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("has as many as keep the load of each at the target", () => {
    expect(wantedOf({ loads: [0, 4, 4, 0], start: 1, use: 0, target: 0.8 })).toEqual([5, 5, 5, 0]);
    expect(wantedOf({ loads: [0, 4.01, 4, 0], start: 1, use: 0, target: 0.8 })).toEqual([6, 6, 5, 0]);
  });

  it("finds many replicas as well as few", () => {
    expect(wantedOf({ loads: [0, 987.5, 3, 500, 0], start: 1, use: 0 })).toEqual([988, 988, 500, 500, 0]);
  });

  it("spends what it holds replicas for where it serves most: the optimum of all plans there are", () => {
    const loads = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 8, maxLength: 30 });
    const start = fc.integer({ min: 0, max: 5 });
    const use = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(loads, start, use, (drawn, startSlots, share) => {
        const given = [...new Array<number>(startSlots).fill(0), ...drawn, ...new Array<number>(12).fill(0)];
        const wanted = wantedOf({ loads: given, start: startSlots, use: share });
        for (let replica = 1; replica <= 4; replica++) {
          const used = given.map((load) => Math.min(1, Math.max(0, load - (replica - 1))));
          const held = wanted.map((count) => count >= replica);
          const found = worthOf(held, used, startSlots, share);
          expect(found).toBeCloseTo(bestValue(used, startSlots, share), 9);
        }
      }),
    );
  });
});

/** Slots used less the share that is to be used of those held. Nothing is used while it starts. */
function worthOf(held: readonly boolean[], used: readonly number[], start: number, use: number): number {
  let [value, heldFor] = [0, 0];
  held.forEach((isHeld, slot) => {
    heldFor = isHeld ? heldFor + 1 : 0;
    if (isHeld) value -= use;
    if (heldFor > start) value += used[slot]!;
  });
  return value;
}

/** The most that any plan brings: over states of having been held for 0, 1, ... slots, the last meaning "at least". */
function bestValue(used: readonly number[], start: number, use: number): number {
  let best = [0, ...new Array<number>(start + 1).fill(Number.NEGATIVE_INFINITY)];
  for (const share of used) {
    const next = new Array<number>(start + 2).fill(Number.NEGATIVE_INFINITY);
    best.forEach((value, heldFor) => {
      next[0] = Math.max(next[0]!, value);
      const longer = Math.min(heldFor + 1, start + 1);
      next[longer] = Math.max(next[longer]!, value - use + (longer > start ? share : 0));
    });
    best = next;
  }
  return Math.max(...best);
}
