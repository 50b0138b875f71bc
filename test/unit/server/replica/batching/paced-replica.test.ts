import { describe, expect, it } from "vitest";
import { type Instant, instant } from "../../../../../src/core/base/units.js";
import type { StepProfile } from "../../../../../src/core/server/profile/step-profile.js";
import { stretched } from "../../../../../src/core/server/replica/batching/paced-replica.js";
import { forWorlds } from "../../../../support/laws.js";
import { gear } from "../../../../support/mode.js";
import { randomReplica } from "../../../../support/random-replica.js";
import { EVEN, FORMS, SIMPLE, start } from "./forms.js";

it("what is left of a step is stretched in whole microseconds, and is never nothing", () => {
  const ends = [
    [100, 2],
    [100, 1 / 3],
    [101, 1000],
    [101, 0.001],
  ].map(([end, times]) => stretched(instant(end!), instant(90), times!));
  expect(ends).toEqual([110, 93, 11_090, 91]);
});

describe.each(FORMS)("a replica whose steps take a millisecond (%s)", (_, form) => {
  const WORK = { inputTokens: 10, outputTokens: 1000 };

  it.each([
    // In the prefill: 500 of it are left, and 999 steps.
    [[[500, 0.5]], [1500, 1_999_500]],
    // From where one step ends to where another does: two steps instead of four.
    [
      [
        [1000, 0.5],
        [5000, 1],
      ],
      [1000, 1_002_000],
    ],
    // Steps end at 10, 11.5, 13.5 ... 19.5 ms, and the one in progress has 1300 of 2000 left: 650 at full speed.
    [
      [
        [10_500, 0.5],
        [20_200, 1],
      ],
      [1000, 1_004_850],
    ],
    // A quarter from the middle of a step on, told in two parts: 250 left, then 1000.
    [
      [
        [2500, 0.5],
        [2500, 0.25],
      ],
      [1000, 2500 + 2000 + 997 * 4000],
    ],
    // Back again within the step: 400 of 1000 left, 100 of which are done while it is slow.
    [
      [
        [2600, 0.5],
        [2800, 1],
      ],
      [1000, 1_000_100],
    ],
    // One microsecond left at the slowest, then as good as none of it: still one.
    [
      [
        [999, 0.001],
        [1500, 1],
      ],
      [1501, 1_000_501],
    ],
  ])("at speeds of %j has its tokens at %j", (changes, expected) => {
    const run = start(form, { profile: EVEN });
    run.arrive(0, WORK);
    for (const [at, speed] of changes) run.setSpeedAt(at!, speed!);
    expect(run.run().times()).toEqual([expected]);
  });

  it.each([10_000, 10_001, 10_500, 10_999])(
    "that hangs at %i holds what is inside and then goes on",
    (at) => {
      const run = start(form, { profile: EVEN });
      run.arrive(0, WORK);
      run.setSpeedAt(at, 0);
      run.setSpeedAt(at + 20_000, 1);
      const seen: number[][] = [];
      run.probed = (now) => seen.push([run.replica.generated(0, now), run.replica.kvUsed(now), run.alarms]);
      for (const later of [0, 1, 5000, 19_999]) run.probeAt(at + later);
      expect(run.run().times()).toEqual([[1000, 1_020_000]]);
      // The token in progress counts, once its step has begun.
      const used = 20 + (at > 10_000 ? 1 : 0);
      expect(seen).toEqual(Array(4).fill([10, used, 0]));
    },
  );

  it("that hangs lets sequences in, which have to wait for it", () => {
    const run = start(form, { profile: EVEN });
    run.arrive(0, WORK);
    run.setSpeedAt(10_500, 0);
    const [late, gone] = [12_000, 13_000].map((at) => run.arrive(at, { inputTokens: 5, outputTokens: 2 }));
    run.cancelAt(14_000, gone!);
    run.setSpeedAt(30_500, 1);
    run.run();
    // The step in progress ends at 31 ms, and the next one has the prefill.
    expect([run.timeOf("admitted", late!), run.times()[late!]]).toEqual([12_000, [32_000, 33_000]]);
    expect([run.timeOf("cancelled", gone!), run.timeOf("completed", 0)]).toEqual([14_000, 1_020_000]);
  });

  it("that hangs while it is empty starts when it goes on, at the speed that it then has", () => {
    const run = start(form, { profile: EVEN });
    run.setSpeedAt(0, 0);
    run.arrive(50, { inputTokens: 5, outputTokens: 3 });
    run.setSpeedAt(1000, 0.5);
    expect(run.run().times()).toEqual([[3000, 7000]]);
  });

  it("hands back what was inside when it is lost while it hangs", () => {
    const run = start(form, { profile: EVEN });
    run.arrive(0, WORK);
    run.setSpeedAt(10_500, 0);
    run.arrive(11_000, { inputTokens: 5, outputTokens: 3 });
    run.haltAt(90_000);
    expect(run.run().halted).toEqual([
      { sequence: 0, prefilled: 10, generated: 10 },
      { sequence: 1, prefilled: 0, generated: 0 },
    ]);
    expect([run.alarms, run.replica.slotsBusy]).toEqual([0, 0]);
  });

  it("is none the later for a speed that it has for no time", () => {
    const run = start(form, { profile: EVEN });
    run.arrive(0, WORK);
    for (const speed of [0.5, 0, 1]) run.setSpeedAt(10_500, speed);
    expect(run.run().times()).toEqual([[1000, 1_000_000]]);
  });

  it("refuses a speed that is none", () => {
    const { replica } = start(form);
    for (const speed of [-1, 2, 1e-9, Number.NaN])
      expect(() => replica.setSpeed(speed, 0 as Instant)).toThrow("a speed is");
  });
});

describe.each(FORMS)("a replica at half speed (%s)", (_, form) => {
  /** All steps take twice as long. */
  function slowed(profile: StepProfile): StepProfile {
    const { clock } = profile;
    return {
      ...profile,
      base: (decoding, prefill) => 2 * profile.base(decoding, prefill),
      slope: (decoding) => 2 * profile.slope(decoding),
      prefill: (area, prior) => 2 * profile.prefill(area, prior),
      ...(clock && {
        clock: {
          ...clock,
          boost: (decoding, prefill) => 2 * clock.boost(decoding, prefill),
          drag: (decoding, prefill) => 2 * clock.drag(decoding, prefill),
        },
      }),
    };
  }

  it("is one whose steps take twice as long, bit for bit, in random worlds", () => {
    let told = 0;
    forWorlds(
      (seed) => {
        const { arrivals, cancels, options } = randomReplica(seed);
        const [slow, half] = [slowed(options.profile), options.profile].map((profile) => {
          const { options: fresh } = randomReplica(seed);
          const { tokens, loadPerToken } = fresh.kvOffload ?? { tokens: 0, loadPerToken: 0 };
          const times = profile === options.profile ? 1 : 2;
          const kvOffload = { tokens, loadPerToken: times * loadPerToken };
          const run = start(form, { ...fresh, profile, kvOffload });
          if (profile === options.profile) run.setSpeedAt(0, 0.5);
          for (const { at, work } of arrivals) run.arrive(at, work);
          for (const { at, id } of cancels) run.cancelAt(at, id);
          return run.run().log;
        });
        told += half!.length;
        expect(half).toEqual(slow);
      },
      gear(60, 300),
    );
    expect(told).toBeGreaterThan(500);
  });

  it("for a while is later by half of that, whatever the steps and wherever it begins", () => {
    const times = (from: number, until: number) => {
      const run = start(form, { profile: SIMPLE, maxSequences: 3 });
      for (const outputTokens of [100, 300, 200, 150, 40]) run.arrive(0, { inputTokens: 50, outputTokens });
      if (until > from) run.setSpeedAt(from, 0.5);
      if (until > from) run.setSpeedAt(until, 1);
      return run.run().log.map(({ at }) => at);
    };
    const whole = times(0, 0);
    for (const from of [1, 777, 50_000, 123_456, 300_001]) {
      const until = from + 80_000;
      const wrong = times(from, until).filter((at, index) => {
        const late = Math.min(Math.max(0, at - from), 80_000) / 2;
        // One for what is left of each step of either change, and what the epochs behind are rounded by.
        return Math.abs(at - whole[index]! - late) > 4;
      });
      expect(wrong).toEqual([]);
    }
  });
});
