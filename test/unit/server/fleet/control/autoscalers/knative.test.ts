// Golden cases worked by hand from autoscaler.go: target 70 of a replica, windows of 60 s and 6 s, samples every second.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autoscaler } from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { at, make, sample, viewOf } from "./views.js";

const knative = (given: object = {}, slots = 1000) => make({ algorithm: "knative", ...given }, { slots });

/** What it says every 2 s of concurrency by second, with as many ready as it wanted before. */
function course(
  given: object,
  from: number,
  until: number,
  running: (second: number) => number,
  slots = 1000,
) {
  const scaler = knative(given, slots);
  const samples: ScalingSample[] = [];
  let wanted = from;
  return Array.from({ length: until }, (_, second) => second).flatMap((second) => {
    samples.push(sample(second, { running: running(second), ready: wanted }));
    if (second % 2 !== 0) return [];
    wanted = scaler.recommend(viewOf(samples, wanted, at(second)))!;
    return [wanted];
  });
}

describe("Knative's autoscaler by its published rule", () => {
  it("wants the minute's mean over 70 a replica", () => {
    expect(course({}, 1, 120, () => 139).at(-1)).toBe(2);
    expect(course({}, 1, 120, () => 141).at(-1)).toBe(3);
  });

  it("aims at no more than fits into a replica", () => {
    expect(course({}, 1, 120, () => 64, 16).at(-1)).toBe(Math.ceil(64 / (16 * 0.7)));
  });

  it("panics when 6 s ask for twice what is ready, and holds the most of it for a minute after", () => {
    // 70 until 100 s, then 420: the last 6 s ask for 2 as soon as their mean is above 70.
    const run = course({}, 1, 300, (second) => (second < 100 ? 70 : second < 110 ? 420 : 70));
    const wantedAt = (second: number) => run[second / 2];
    expect(wantedAt(98)).toBe(1);
    // At 100 s the last of six samples is 420: (5 x 70 + 420) / 6 = 128.3, 2 replicas, twice the one there is.
    expect(wantedAt(100)).toBe(2);
    // At 104 s all but one: (70 + 5 x 420) / 6 = 361.7, 6 replicas.
    expect(wantedAt(104)).toBe(6);
    expect(wantedAt(108)).toBe(6);
    // The threshold was passed last at 102 s: 245 asked for 4, of 2 that were ready. A minute after that is over it ends,
    // and the minute then has five samples of 420: (5 x 420 + 55 x 70) / 60 = 99.2, 2 replicas, but half of 6 at least.
    expect(run.slice(108 / 2, 164 / 2).every((one) => one === 6)).toBe(true);
    expect([wantedAt(164), wantedAt(166)]).toEqual([3, 2]);
  });

  it("is woken from zero by what is shed at once, and keeps the one that starts until it is ready", () => {
    const scaler = knative();
    const says = (second: number, arrived: number, wanted: number, ready = 0) =>
      scaler.recommend(viewOf([sample(second, { arrived, shed: arrived, ready })], wanted));
    expect([says(0, 3, 0), says(2, 3, 0), says(4, 4, 0)]).toEqual([0, 0, 1]);
    // Nothing more comes, and the grace of 30 s before zero begins once it is ready.
    expect([
      says(6, 4, 1),
      says(300, 4, 1),
      says(302, 4, 1, 1),
      says(331, 4, 1, 1),
      says(332, 4, 1, 1),
    ]).toEqual([1, 1, 1, 1, 0]);
  });

  it("takes no more than half of those ready at a decision", () => {
    const run = course({}, 8, 200, (second) => (second < 10 ? 560 : 0));
    const down = run.slice(run.findIndex((one) => one < 8));
    expect(down.every((one, index) => index === 0 || one >= Math.floor(down[index - 1]! / 2))).toBe(true);
    expect(run.at(-1)).toBe(0);
  });

  it("starts in panic with more than one, so that it takes none away for want of history", () => {
    const run = course({}, 5, 120, () => 70);
    expect(run.slice(0, 60 / 2 + 1).every((one) => one === 5)).toBe(true);
    expect(run.at(-1)).toBe(1);
  });

  it("keeps one for the grace before zero, and comes back at once", () => {
    // Nothing from 4 s on: the minute's mean is 0 at 64 s, when its last sample with load has left it.
    const run = course({}, 1, 140, (second) => (second < 4 || second > 120 ? 10 : 0));
    expect(run.indexOf(0)).toBe((64 - 2 + 30) / 2 + 1);
    expect(run[120 / 2]).toBe(0);
    expect(run[122 / 2]).toBe(1);
  });

  it("begins the grace again when something came in between", () => {
    const run = course({ stableWindow: "2s" }, 1, 120, (second) => (second < 4 || second === 20 ? 10 : 0));
    expect(run.indexOf(0)).toBe((22 + 30) / 2);
  });

  it("holds in a second panic the most of that one, not of the first", () => {
    const surges = (second: number) => {
      if (second >= 20 && second < 26) return 700;
      return second >= 200 && second < 206 ? 280 : 70;
    };
    const run = course({}, 1, 260, surges);
    // No decision has all six seconds of a surge in its window: (70 + 5 x 700) / 6 = 595, and 245 of the second.
    expect(Math.max(...run.slice(0, 100))).toBe(9);
    expect(Math.max(...run.slice(100))).toBe(4);
  });

  it("adds no more than so many times those ready at a decision", () => {
    expect(course({ maxUpRate: 2 }, 1, 9, () => 1000)).toEqual([2, 4, 8, 15, 15]);
  });

  it("has the published defaults", () => {
    expect(autoscaler.parse("knative")).toMatchObject({
      interval: at(2),
      target: 100,
      utilization: 0.7,
      stableWindow: at(60),
      panicWindow: 0.1,
      panicThreshold: 2,
      maxUpRate: 1000,
      maxDownRate: 2,
      zeroGrace: at(30),
    });
  });

  it("never wants fewer while it panics", () => {
    const load = fc.array(fc.nat({ max: 2000 }), { minLength: 20, maxLength: 60 });
    const law = fc.property(load, (loads) => {
      // Every second decision passes the threshold of panic: it never ends.
      const run = course({ panicThreshold: "1%" }, 2, loads.length, (second) => 1 + loads[second]!);
      return run.every((one, index) => index === 0 || one >= run[index - 1]!);
    });
    fc.assert(law, { numRuns: 50 });
  });
});
