// How autoscalers answer a step of load, against delay and ramp in closed form. The load is counted in arrivals, which no
// replica changes, and the pool is a fluid (test/support/fluid-pool.ts), so that every replica's time can be told.
import { describe, expect, test } from "vitest";
import { autoscaler, createAutoscaler } from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { CONTEXT, type Decision, runFluid, SERVICE } from "../support/fluid-pool.js";

const STEP = 600;
const COLD_START = 60;
/** Arrivals a second that a full replica carries. */
const CAPACITY = CONTEXT.slots / SERVICE;

function run(written: unknown, load: (second: number) => number, seconds: number, replicas: number) {
  const knobs = autoscaler.parse(written);
  return runFluid({ scaler: createAutoscaler(knobs, CONTEXT), knobs }, { load, seconds, replicas });
}

const during = (course: readonly Decision[], from: number, until: number) =>
  course.filter(({ second }) => second >= from && second <= until);

describe("target-load: an average of 30 s, and only what it has wanted for 30 s", () => {
  const [BEFORE, AFTER] = [4, 16];
  const load = (second: number) => (second < STEP ? BEFORE * CAPACITY : AFTER * CAPACITY);
  const course = run(
    { algorithm: "target-load", targets: { requests: CAPACITY }, interval: "10s" },
    load,
    1200,
    BEFORE,
  );

  /** The average ramps for 30 s; three decisions of 10 s fit into the window, the first of which is 20 s old. */
  const wantedAt = (second: number) => {
    const ramp = Math.min(1, Math.max(0, (second - STEP - 20) / 30));
    return BEFORE + Math.ceil(ramp * (AFTER - BEFORE));
  };

  test("wants more after 20 s in a ramp of 30 s, and has it a cold start later", () => {
    const seen = during(course, STEP - 100, 1200);
    expect(seen.map(({ wanted }) => wanted)).toEqual(seen.map(({ second }) => wantedAt(second)));
    expect(seen.map(({ ready }) => ready)).toEqual(seen.map(({ second }) => wantedAt(second - COLD_START)));
    expect(wantedAt(STEP + 20)).toBe(BEFORE);
    expect(wantedAt(STEP + 50)).toBe(AFTER);
  });

  test("leaves a queue of what was too much during delay and ramp, less what the new ones have inside", () => {
    // Until the first more are there at 90 s all of the step is too much, then two thirds, then one third of it.
    const missing = (AFTER - BEFORE) * CAPACITY * (90 + 10 * (2 / 3) + 10 * (1 / 3));
    const queued = course.at(-1)!.inside - AFTER * CONTEXT.slots;
    expect(queued).toBeCloseTo(missing - (AFTER - BEFORE) * CONTEXT.slots, 3);
  });
});

describe("hpa: doubles or adds four every 15 s, and waits for 5 min before it takes away", () => {
  const [FEW, MANY] = [1, 40];
  const DROP = STEP + 600;
  const load = (second: number) => (second >= STEP && second < DROP ? MANY : FEW) * CAPACITY;
  const written = { algorithm: "hpa", metrics: "external", targets: { requests: CAPACITY } };
  const course = run(written, load, 2400, FEW);

  test("goes up in 1, 5, 10, 20, 40, the first 15 s after the step", () => {
    const up = during(course, STEP, STEP + 75).map(({ wanted }) => wanted);
    expect(up).toEqual([1, 5, 10, 20, 40, 40]);
    const ready = during(course, STEP + COLD_START, STEP + COLD_START + 75).map((one) => one.ready);
    expect(ready).toEqual([1, 5, 10, 20, 40, 40]);
  });

  test("goes down at once when the last that wanted so many is 5 min old", () => {
    const down = during(course, DROP, 2399);
    // The metric has been low since 15 s after the drop; the decision at the drop itself still wanted all.
    expect(down.filter(({ wanted }) => wanted === MANY).at(-1)!.second).toBe(DROP + 300 - 15);
    expect(down.find(({ second }) => second === DROP + 300)!.wanted).toBe(FEW);
    expect(down.at(-1)!.wanted).toBe(FEW);
  });

  test("does not move within the tolerance, and does beyond it", () => {
    const from = (share: number) =>
      run(written, (second) => (second < STEP ? 10 : 10 * share) * CAPACITY, 1500, 10).at(-1)!.wanted;
    expect([0.91, 1.09, 1.11, 0.89].map(from)).toEqual([10, 10, 12, 9]);
  });
});
