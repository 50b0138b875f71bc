import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GPU_STATES, InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { StateTimes } from "../../../../src/core/server/fleet/state-times.js";

const at = (micros: number) => micros as Instant;
const { free, ready, draining } = InstanceState;

describe("state times", () => {
  it("are those of all instances together, by state, in GPU-seconds", () => {
    const times = new StateTimes();
    times.move(free, ready, START);
    times.move(free, ready, at(1_000_000));
    times.move(ready, draining, at(3_000_000));
    times.move(draining, free, at(3_500_000));
    expect([times.count(ready), times.count(draining)]).toEqual([1, 0]);
    expect(times.gpuSeconds(8, at(10_000_000))).toEqual({ ready: 8 * (10 + 2), draining: 4 });
    expect([ready, draining].map((state) => times.seconds(state, at(10_000_000)))).toEqual([12, 0.5]);
  });

  it("begin anew with the measured window", () => {
    const times = new StateTimes();
    times.move(free, ready, START);
    times.reset(at(7));
    expect(times.gpuSeconds(2, at(7))).toEqual({});
    expect(times.gpuSeconds(2, at(1_500_007))).toEqual({ ready: 3 });
    expect(() => times.reset(at(8))).toThrow("LAW-2");
  });

  it("are exact for a fleet that is more microseconds than a double counts", () => {
    const times = new StateTimes();
    const instances = 99_999;
    for (let count = 0; count < instances; count++) times.move(free, ready, START);
    // 90 days and a microsecond, in pieces that are no whole seconds.
    const end = 90 * 86_400_000_000 + 1;
    for (let piece = 1; piece < 1000; piece++) times.gpuSeconds(1, at(Math.floor((end / 1000) * piece)));
    const exact = (BigInt(end) * BigInt(instances)) % 1_000_000n;
    const whole = (BigInt(end) * BigInt(instances)) / 1_000_000n;
    expect(BigInt(end) * BigInt(instances) > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(times.gpuSeconds(1, at(end))["ready"]).toBe(Number(whole) + Number(exact) / 1e6);
  });

  it("LAW-15: account every GPU-second to one state, whatever the moves", () => {
    const states = fc.constantFrom(...Object.values(InstanceState).filter((state) => state !== free));
    const moves = fc.array(
      fc.record({ gap: fc.nat({ max: 2_000_000 }), to: states, which: fc.nat({ max: 4 }) }),
    );
    fc.assert(
      fc.property(moves, (given) => {
        const times = new StateTimes();
        const inState: number[] = [];
        const micros = new Map<number, number>();
        let now = 0;
        for (const { gap, to, which } of given) {
          for (const state of inState) micros.set(state, (micros.get(state) ?? 0) + gap);
          now += gap;
          const from = inState[which] ?? free;
          times.move(from as InstanceState, to, at(now));
          if (from === free) inState.push(to);
          else inState[which] = to;
        }
        const seconds = times.gpuSeconds(1, at(now)) as Record<string, number>;
        return GPU_STATES.every((name) => {
          const state = InstanceState[name];
          const expected = micros.get(state) ?? 0;
          return Math.round((seconds[name] ?? 0) * 1e6) === expected;
        });
      }),
      { numRuns: 200 },
    );
  });
});
