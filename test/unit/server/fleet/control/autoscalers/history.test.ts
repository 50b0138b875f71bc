import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../../../../../src/core/base/units.js";
import { ScalingHistory } from "../../../../../../src/core/server/fleet/control/autoscalers/history.js";
import type { ScalingSample } from "../../../../../../src/core/server/fleet/control/autoscalers/view.js";
import { at, sample, viewOf } from "./views.js";

describe("the history of a pool", () => {
  const samples = [0, 10, 20, 30].map((second) =>
    sample(second, { queued: second, arrived: second * second }),
  );

  it("has a mean over the samples of a window, which ends with the latest", () => {
    const view = viewOf(samples, 1);
    expect(view.latest.asOf).toBe(at(30));
    expect(view.mean("queued", at(0))).toBe(30);
    expect(view.mean("queued", at(10))).toBe(30);
    expect(view.mean("queued", at(20))).toBe(25);
    expect(view.mean(({ queued }) => 2 * queued, at(1000))).toBe(30);
  });

  it("counts a second from where the window begins, and says over how long", () => {
    const view = viewOf(samples, 1);
    expect(view.rate("arrived", at(10))).toBe(50);
    expect(view.rate("arrived", at(15))).toBe(40);
    expect([view.rate("arrived", at(100)), view.counted(at(100))]).toEqual([30, at(30)]);
    expect(view.counted(at(15))).toBe(at(20));
    const young = viewOf(samples.slice(0, 1), 1);
    expect([young.rate("arrived", at(100)), young.counted(at(100))]).toEqual([0, 0]);
  });

  it("shows a sample only after its delay, but the first at once", () => {
    const history = new ScalingHistory(samples[0]!, seconds(15), seconds(100));
    history.add(samples[1]!);
    history.add(samples[2]!);
    const seen = [0, 24.9, 25, 35].map((second) => history.showAt(at(second), 7).latest.asOf);
    expect(seen).toEqual([at(0), at(0), at(10), at(20)]);
    expect(history.wanted).toBe(7);
  });

  it("is what the whole list of samples gives, however much it has forgotten", () => {
    const step = fc.record({
      gap: fc.integer({ min: 1, max: 30 }),
      queued: fc.nat({ max: 50 }),
      arrived: fc.nat({ max: 50 }),
    });
    const law = fc.property(
      fc.array(step, { minLength: 100, maxLength: 200 }),
      fc.nat({ max: 60 }),
      fc.nat({ max: 40 }),
      (steps, window, delay) => {
        const all: ScalingSample[] = [sample(0)];
        const history = new ScalingHistory(all[0]!, seconds(delay), seconds(window));
        let now = 0;
        return steps.every(({ gap, queued, arrived }) => {
          now += gap;
          const one = sample(now, { queued, arrived: all.at(-1)!.arrived + arrived });
          all.push(one);
          history.add(one);
          history.showAt(at(now), 1);
          return agrees(history, all, now, window, delay);
        });
      },
    );
    fc.assert(law, { numRuns: 40 });
  });

  function agrees(
    history: ScalingHistory,
    all: readonly ScalingSample[],
    now: number,
    window: number,
    delay: number,
  ) {
    const visible = all.filter(({ asOf }, index) => index === 0 || asOf + at(delay) <= at(now));
    const latest = visible.at(-1)!;
    const inside = visible.filter(({ asOf }) => asOf === latest.asOf || asOf > latest.asOf - at(window));
    const mean = inside.reduce((sum, { queued }) => sum + queued, 0) / inside.length;
    const first = visible.filter(({ asOf }) => asOf <= latest.asOf - at(window)).at(-1) ?? visible[0]!;
    const elapsed = (latest.asOf - first.asOf) as Duration;
    const rate = elapsed === 0 ? 0 : ((latest.arrived - first.arrived) / elapsed) * 1e6;
    return (
      history.latest === latest &&
      Math.abs(history.mean("queued", at(window)) - mean) < 1e-9 &&
      Math.abs(history.rate("arrived", at(window)) - rate) < 1e-9 &&
      history.counted(at(window)) === elapsed
    );
  }
});
