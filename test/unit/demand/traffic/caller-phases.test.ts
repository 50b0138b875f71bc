import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, NEVER, seconds } from "../../../../src/core/base/units.js";
import { type CallerPhase, CallerPhases } from "../../../../src/core/demand/traffic/caller-phases.js";

const RAMP: readonly CallerPhase[] = [
  { duration: seconds(10), callers: 0, rampTo: 10 },
  { duration: seconds(20), callers: 10 },
  { duration: seconds(10), callers: 10, rampTo: 0 },
  { duration: seconds(5), callers: 2 },
];

const thereFrom = (plan: CallerPhases, caller: number, at: number) => {
  const from = plan.thereFrom(caller, (at * 1e6) as Instant);
  return from === NEVER ? undefined : from / 1e6;
};

describe("callers after a plan", () => {
  const once = new CallerPhases(RAMP, false);
  const again = new CallerPhases(RAMP, true);

  it("join and leave one after the other on a ramp, who came first leaving last", () => {
    expect([0, 1, 9].map((caller) => thereFrom(once, caller, 0))).toEqual([0.5, 1.5, 9.5]);
    expect([29, 30.4, 30.6].map((at) => thereFrom(once, 9, at))).toEqual([29, 30.4, undefined]);
    expect([39.4, 39.6].map((at) => thereFrom(once, 0, at))).toEqual([39.4, 40]);
    expect(thereFrom(once, 1, 44.9)).toBe(44.9);
    expect([0, 1, 2].map((caller) => thereFrom(once, caller, 45))).toEqual([undefined, undefined, undefined]);
  });

  it("come again where the plan does", () => {
    expect([0, 1, 9].map((caller) => thereFrom(again, caller, 45))).toEqual([45.5, 46.5, 54.5]);
    expect(thereFrom(again, 9, 45_000 + 30.6)).toBe(45_045 + 9.5);
  });

  it("are as many as the most of any phase, and nobody beyond that ever comes", () => {
    expect(again.most).toBe(10);
    expect(thereFrom(again, 10, 0)).toBeUndefined();
  });

  it("are there for as long, all together, as is under the line, and say the same whenever they are asked", () => {
    const count = fc.nat({ max: 6 });
    const phase = fc.record({ duration: fc.integer({ min: 1, max: 40 }), callers: count, rampTo: count });
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 5 }), fc.boolean(), (phases, repeat) => {
        const plan = new CallerPhases(
          phases.map((one) => ({ ...one, duration: seconds(one.duration) })),
          repeat,
        );
        const length = phases.reduce((sum, { duration }) => sum + duration, 0);
        const TICKS = 20;
        let present = 0;
        for (let caller = 0; caller < plan.most; caller++) {
          for (let tick = 0; tick < length * TICKS; tick++) {
            const at = (tick + 0.5) / TICKS;
            const from = thereFrom(plan, caller, at);
            if (from === at) present++;
            // Where it comes next, it is there.
            else if (from !== undefined && thereFrom(plan, caller, from) !== from) return false;
          }
        }
        const under = phases.reduce(
          (sum, { duration, callers, rampTo }) => sum + (duration * (callers + rampTo)) / 2,
          0,
        );
        // Each join or leave of each caller is known to half a tick.
        return Math.abs(present / TICKS - under) <= (phases.length * plan.most) / TICKS;
      }),
      { numRuns: 60 },
    );
  });
});
