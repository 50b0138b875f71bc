import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Damping } from "../../../../../../src/core/server/fleet/control/autoscalers/damping.js";
import type { RateLimit } from "../../../../../../src/core/server/fleet/control/autoscalers/knobs.js";
import { at } from "./views.js";

type Knobs = ConstructorParameters<typeof Damping>[0];

const knobs = (given: Partial<Knobs> = {}): Knobs => ({
  min: 1,
  tolerance: 0,
  upWindow: at(0) as never,
  downWindow: at(0) as never,
  upRate: "unlimited",
  downRate: "unlimited",
  ...given,
});

const limit = (replicas: number, times: number, per: number): RateLimit => ({
  replicas,
  times,
  per: at(per) as never,
});

/** What comes of recommendations every 15 s, from so many replicas. */
function decided(given: Partial<Knobs>, from: number, recommended: readonly number[], available = 1000) {
  const damping = new Damping(knobs(given), available);
  let current = from;
  return recommended.map((one, index) => {
    current = damping.decide(one, current, at(15 * index));
    return current;
  });
}

describe("damping by the rules of the Kubernetes HPA", () => {
  it("does nothing within the tolerance, both ways, and rounds up beyond it", () => {
    expect(decided({ tolerance: 0.1 }, 10, [11, 11.01, 12, 13.21])).toEqual([10, 12, 12, 14]);
    expect(decided({ tolerance: 0.1 }, 10, [9, 8.99])).toEqual([10, 9]);
  });

  it("adds no replica for what is lost in dividing", () => {
    expect((0.1 + 0.2) * 10).toBeGreaterThan(3);
    expect(decided({}, 1, [(0.1 + 0.2) * 10])).toEqual([3]);
  });

  it("goes down to the highest of the window, what there was at first included", () => {
    const downWindow = at(60) as never;
    // At 60 s the 10 of the start is out of the window; at 75 s the 4 of 15 s, too.
    expect(decided({ downWindow }, 10, [3, 4, 2, 2, 2, 2, 2])).toEqual([10, 10, 10, 10, 4, 2, 2]);
  });

  it("goes up to the lowest of the window", () => {
    const upWindow = at(30) as never;
    // The 2 of the start counts until 30 s; the 3 of 45 s is taken at once, as down there is no window.
    expect(decided({ upWindow }, 2, [5, 6, 7, 3, 9, 9])).toEqual([2, 2, 6, 3, 3, 9]);
  });

  it("counts in each window what is younger than that, whichever is the longer", () => {
    const windows = { upWindow: at(15) as never, downWindow: at(45) as never };
    expect(decided(windows, 2, [5, 6, 9, 3, 3, 3, 3])).toEqual([2, 6, 9, 9, 9, 3, 3]);
  });

  it("adds the larger of +100 % and +4 in 15 s, and of the period's start counts the replicas", () => {
    const upRate = limit(4, 1, 15);
    expect(decided({ upRate }, 1, [100, 100, 100, 100, 100])).toEqual([5, 10, 20, 40, 80]);
    // Two decisions share a period of 30 s: it began with 1, so that 5 are the most in it.
    expect(decided({ upRate: limit(4, 1, 30) }, 1, [3, 100, 100, 100])).toEqual([3, 5, 7, 10]);
  });

  it("takes away no more than the limit down, rounded to what Kubernetes leaves", () => {
    // floor(9 x 0.5) = 4 are left of 9.
    expect(decided({ downRate: limit(0, 0.5, 15) }, 9, [1, 1, 1])).toEqual([4, 2, 1]);
  });

  it("keeps to bounds before all else, and to what there is", () => {
    expect(decided({ min: 3, max: 8, upRate: limit(1, 0, 15) }, 1, [1, 100])).toEqual([3, 4]);
    expect(decided({ min: 3, max: 8 }, 20, [100, 0], 5)).toEqual([5, 3]);
  });

  it("keeps to its bounds where nothing is recommended, and leaves within them what there is", () => {
    const damping = new Damping(knobs({ min: 2, max: 6, downRate: limit(1, 0, 60) }), 4);
    expect([0, 1, 2, 3, 4, 5, 9].map((current) => damping.decide(undefined, current, at(0)))).toEqual([
      2, 2, 2, 3, 4, 4, 4,
    ]);
  });

  it("goes to zero and to the first from zero at once, by what only exactly 0 says", () => {
    const windows = { upWindow: at(300) as never, downWindow: at(300) as never };
    const rates = { upRate: limit(0, 1, 60), downRate: limit(1, 0, 60) };
    expect(decided({ min: 0, ...windows, ...rates }, 7, [0.001, 0, 0, 9, 9])).toEqual([7, 0, 0, 1, 1]);
    expect(decided({ min: 1, ...windows }, 7, [0])).toEqual([7]);
  });
});

/** The rule as it is written down: all that was recommended is kept, and looked through at each decision. */
function plainly(knobs: Knobs, available: number) {
  const said: { readonly at: number; readonly replicas: number }[] = [];
  const changes: { readonly at: number; readonly replicas: number }[] = [];
  const within = (window: number, now: number) => said.filter((one) => one.at > now - window);
  const left = (rate: RateLimit, sign: number, current: number, now: number) => {
    if (rate === "unlimited") return Number.POSITIVE_INFINITY;
    const recent = changes.filter((one) => one.at > now - rate.per);
    const before = current - recent.reduce((sum, one) => sum + one.replicas, 0);
    const allowed = Math.max(rate.replicas, Math.ceil(before * rate.times * (1 - 1e-9)));
    return Math.max(0, sign * (before - current) + allowed);
  };
  const damped = (recommended: number, current: number, now: number) => {
    const isNear = current > 0 && Math.abs(recommended / current - 1) <= knobs.tolerance + 1e-9;
    const replicas = isNear ? current : Math.ceil(recommended * (1 - 1e-9));
    if (said.length === 0) said.push({ at: now, replicas: current });
    const [up, down] = [knobs.upWindow, knobs.downWindow].map((window) => [
      replicas,
      ...within(window, now).map((one) => one.replicas),
    ]);
    said.push({ at: now, replicas });
    const lowest = Math.min(...up!);
    const wanted = lowest > current ? lowest : Math.min(current, Math.max(...down!));
    if (recommended === 0 && knobs.min === 0) return 0;
    const mayAdd = left(knobs.upRate, 1, current, now);
    if (current === 0) return Math.max(1, Math.min(wanted, mayAdd));
    if (wanted > current) return Math.min(wanted, current + mayAdd);
    return Math.max(wanted, current - left(knobs.downRate, -1, current, now));
  };
  return (recommended: number | undefined, current: number, now: number) => {
    const own = recommended === undefined ? current : damped(recommended, current, now);
    const next = Math.max(knobs.min, Math.min(knobs.max ?? available, available, own));
    changes.push({ at: now, replicas: next - current });
    return next;
  };
}

describe("damping, whatever is recommended", () => {
  const recommended = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { maxLength: 40 });
  const window = fc.nat({ max: 90 }).map((time) => at(time) as never);
  const rate = fc.oneof(
    fc.constant("unlimited" as const),
    fc
      .record({
        replicas: fc.nat({ max: 5 }),
        times: fc.double({ min: 0, max: 2, noNaN: true }),
        per: fc.integer({ min: 1, max: 90 }),
      })
      .map(({ replicas, times, per }) => limit(replicas, times, per)),
  );
  const anyKnobs = fc.record({
    tolerance: fc.double({ min: 0, max: 0.5, noNaN: true }),
    upWindow: window,
    downWindow: window,
    upRate: rate,
    downRate: rate,
  });

  /** Replicas before each decision, and after the last. */
  const course = (given: Partial<Knobs>, from: number, wanted: readonly number[]) => [
    from,
    ...decided({ min: 0, max: 60, ...given }, from, wanted),
  ];

  it("decides what the rule says as it is written down", () => {
    const step = fc.record({
      after: fc.integer({ min: 1, max: 40 }),
      recommended: fc.option(
        fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }), fc.nat({ max: 50 })),
        { nil: undefined },
      ),
      displaced: fc.oneof(fc.constant(0), fc.nat({ max: 9 })),
    });
    const bounds = fc.record({ min: fc.nat({ max: 3 }), max: fc.integer({ min: 3, max: 60 }) });
    const steps = fc.array(step, { minLength: 1, maxLength: 60 });
    const law = fc.property(anyKnobs, bounds, fc.nat({ max: 50 }), steps, (given, within, from, all) => {
      const kept = knobs({ ...given, ...within });
      const [damping, plain] = [new Damping(kept, 40), plainly(kept, 40)];
      let [now, current] = [0, from];
      return all.every(({ after, recommended, displaced }) => {
        now += after;
        // Others may have taken some meanwhile.
        current = Math.max(0, current - displaced);
        const next = damping.decide(recommended, current, at(now));
        const isSame = next === plain(recommended, current, at(now));
        current = next;
        return isSame;
      });
    });
    fc.assert(law, { numRuns: 500 });
  });

  it("never changes more in any period than the rate limit allows, zero apart", () => {
    const law = fc.property(anyKnobs, fc.integer({ min: 1, max: 50 }), recommended, (given, from, wanted) => {
      const course_ = course({ ...given, min: 1 }, from, wanted);
      return [...course_.keys()].every((index) => {
        if (index === 0) return true;
        // The first decision of the periods that end with this one.
        const firstIn = (per: number) => Math.max(0, index - Math.ceil(per / at(15)));
        const within = (one: RateLimit, sign: 1 | -1) => {
          if (one === "unlimited") return true;
          const before = course_[firstIn(one.per)]!;
          const allowed = Math.max(one.replicas, Math.ceil(before * one.times));
          const changed = sign * (course_[index]! - course_[index - 1]!);
          return changed <= 0 || sign * (course_[index]! - before) <= allowed;
        };
        return within(given.upRate, 1) && within(given.downRate, -1);
      });
    });
    fc.assert(law);
  });

  it("goes up only as far as all of the window wanted, and down no further than any of it", () => {
    const law = fc.property(anyKnobs, fc.integer({ min: 1, max: 50 }), recommended, (given, from, wanted) => {
      const steps = course({ ...given, tolerance: 0, min: 1 }, from, wanted);
      return wanted.every((_, index) => {
        const inWindow = (time: number) =>
          wanted.slice(Math.max(0, index + 1 - Math.max(1, Math.ceil(time / at(15)))), index + 1);
        const [before, now] = [steps[index]!, steps[index + 1]!];
        if (now > before) return now <= Math.max(1, Math.min(...inWindow(given.upWindow).map(Math.ceil)));
        return (
          now === before ||
          now >= Math.max(...inWindow(given.downWindow).map((one) => Math.ceil(one * (1 - 1e-9))))
        );
      });
    });
    fc.assert(law);
  });

  it("does not flap while the load stays within the tolerance", () => {
    const noise = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { maxLength: 40 });
    const law = fc.property(fc.integer({ min: 1, max: 100 }), noise, (replicas, shares) =>
      decided(
        { tolerance: 0.1 },
        replicas,
        shares.map((one) => replicas * (1 + one)),
      ).every((one) => one === replicas),
    );
    fc.assert(law);
  });

  it("stays within its bounds and what there is, in whole replicas", () => {
    const law = fc.property(anyKnobs, fc.nat({ max: 50 }), recommended, (given, from, wanted) =>
      decided({ ...given, min: 2, max: 40 }, from, wanted, 30).every(
        (one) => Number.isInteger(one) && one >= 2 && one <= 30,
      ),
    );
    fc.assert(law);
  });
});
