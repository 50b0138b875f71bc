import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearProfile } from "../../../../../src/core/server/profile/linear.js";
import type { StepProfile } from "../../../../../src/core/server/profile/step-profile.js";
import { StepReplica } from "../../../../../src/core/server/replica/batching/step-replica.js";
import { FORMS, SIMPLE, start } from "./forms.js";

const GRAIN_BITS = 20n;

/** A real number of microseconds in grains of 2^-20, as a whole number. */
const grains = (micros: number) => BigInt(Math.round(micros * 2 ** 20));

/** Boundary k of an epoch: k first + increment k (k - 1) / 2 in exact integers, rounded once, half up. */
function boundary(first: bigint, increment: bigint, k: bigint): number {
  const sum = k * first + (increment * k * (k - 1n)) / 2n;
  return Number((sum + (1n << (GRAIN_BITS - 1n))) >> GRAIN_BITS);
}

describe("step by step", () => {
  it("wakes at the start and at the end of every step", () => {
    const run = start(StepReplica);
    run.arrive(500, { inputTokens: 100, outputTokens: 3 });
    run.run();
    expect([run.wakes, run.wakeCount]).toEqual([[500, 1700, 1700 + 1020, 1700 + 2040], 6]);
    expect(run.replica.work).toMatchObject({ steps: 3, epochs: 3 });
  });

  it("computes an epoch anew when the batch changes", () => {
    const run = start(StepReplica);
    run.arrive(0, { inputTokens: 100, outputTokens: 2 });
    run.arrive(0, { inputTokens: 100, outputTokens: 4 });
    run.run();
    expect(run.wakes).toEqual([0, 1400, 1400 + 1040, 2440 + 1020, 2440 + 2041]);
  });

  it.each([
    [1, { base: 6270.8137, perSequence: 0.5931, perContextToken: 0.04483, perPrefillToken: 3.3 }],
    [3, { base: 1 / 3, perSequence: 17.77777, perContextToken: 0.999999, perPrefillToken: 0.1 }],
    [7, { base: 123.456, perSequence: 1e-3, perContextToken: 2 ** -20 / 3, perPrefillToken: 0 }],
  ])("of %i sequences has every boundary at the rounded exact sum of its steps", (sequences, spec) => {
    const steps = 700;
    const profile = linearProfile(spec);
    const run = start(StepReplica, { profile });
    for (let id = 0; id < sequences; id++) run.arrive(0, { inputTokens: 50 + id, outputTokens: steps + 1 });
    run.run();
    const origin = run.times()[0]![0]!;
    const context = run.times().reduce((sum, _, id) => sum + 50 + id + 1, 0);
    const first = grains(profile.base(sequences, 0) + profile.slope(sequences) * context);
    const increment = grains(profile.slope(sequences) * sequences);
    const expected = Array.from(
      { length: steps },
      (_, k) => origin + boundary(first, increment, BigInt(k + 1)),
    );
    expect(run.wakes.filter((at) => at > origin)).toEqual(expected);
  });

  it("begins an epoch anew before sums could lose bits", () => {
    const length = 2 ** 32 + 0.25;
    const profile: StepProfile = {
      ...SIMPLE,
      base: (decoding) => (decoding > 0 ? length : 1),
      slope: () => 0,
    };
    const run = start(StepReplica, { profile });
    run.arrive(0, { inputTokens: 1, outputTokens: 6 });
    run.run();
    // Two steps would sum to 2^33 + 0.5, beyond the bound: each step is an epoch, rounded by itself.
    expect(run.wakes.slice(2).map((at) => at - 1)).toEqual([1, 2, 3, 4, 5].map((step) => step * 2 ** 32));
  });
});

describe.each(FORMS)("a replica (%s)", (_, form) => {
  const work = fc.record({
    gap: fc.nat({ max: 5000 }),
    inputTokens: fc.integer({ min: 1, max: 60 }),
    outputTokens: fc.integer({ min: 1, max: 80 }),
  });

  it.each([1, 4])("never generates faster than its own closed form (%i tokens a sequence)", (tokens) => {
    const profile: StepProfile = {
      ...linearProfile({ base: 1000, perSequence: 30, perContextToken: 0, perPrefillToken: 30 }),
      tokensPerSequence: tokens,
      acceptance: 0.9,
    };
    const most = 6;
    // A full batch: every sequence has all its drafts accepted in each step of 1000 + 30 n microseconds.
    const perMicrosecond = (tokens * most) / (1000 + 30 * most);
    const law = fc.property(fc.array(work, { minLength: 1, maxLength: 20 }), (works) => {
      const run = start(form, { profile, maxSequences: most, kvTokens: 1000 });
      let at = 0;
      for (const { gap, ...each } of works) {
        run.arrive(at, each);
        at += gap;
      }
      let isWithin = true;
      run.afterEvent = (now) => {
        const generated = works.reduce((sum, { outputTokens }, id) => {
          return (
            sum + (run.timeOf("completed", id) === undefined ? run.replica.generated(id, now) : outputTokens)
          );
        }, 0);
        // A microsecond for rounding.
        isWithin &&= generated <= (now + 1) * perMicrosecond;
      };
      run.run();
      return isWithin;
    });
    fc.assert(law, { numRuns: 60 });
  });

  it("comes up to it with a full batch", () => {
    const profile = linearProfile({ base: 1000, perSequence: 30, perContextToken: 0, perPrefillToken: 30 });
    const run = start(form, { profile, maxSequences: 6 });
    for (let id = 0; id < 6; id++) run.arrive(0, { inputTokens: 1, outputTokens: 1000 });
    expect(run.run().times()).toEqual(new Array(6).fill([1180, 1_180_000]));
  });
});
