import { describe, expect, it } from "vitest";
import type { Instant } from "../../../src/core/base/units.js";
import { type BatchingOptions, BatchingReplica } from "../../../src/core/replica/batching-replica.js";
import { linearProfile, type StepProfile } from "../../../src/core/replica/profile/step-profile.js";
import { ReplicaRun } from "../../conformance/replica-run.js";

// A step takes 1000 + 10 n + 2 P + S / 10 microseconds: whole sums, so that every time below can be worked out by hand.
const SIMPLE = linearProfile({ base: 1000, perSequence: 10, perContextToken: 0.1, perPrefillToken: 2 });
const OPTIONS: BatchingOptions = {
  profile: SIMPLE,
  maxSequences: 8,
  maxBatchedTokens: 2048,
  maxPrefillSequences: 8,
  kvTokens: 100_000,
};

const start = (changes: Partial<BatchingOptions> = {}) =>
  new ReplicaRun((clock, listener) => new BatchingReplica({ ...OPTIONS, ...changes }, clock, listener));

describe("a lone request", () => {
  it("has its first token after one prefill step, and the others step by step", () => {
    const run = start();
    run.arrive(500, { inputTokens: 100, outputTokens: 3 });
    run.run();
    // Prefill: 1000 + 2 x 100. Then n = 1 with S = 101 and 102: 1020.1 and 1020.2, summed before they are rounded.
    expect(run.wakes).toEqual([500, 1700, 1700 + 1020, 1700 + 2040]);
    expect(run.times()).toEqual([[1700, 3740]]);
  });

  it("ends with its prefill when it wants one token", () => {
    const run = start();
    run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    run.run();
    expect(run.times()).toEqual([[1020, 1020]]);
    expect(run.replica).toMatchObject({ slotsBusy: 0, kvUsed: 0 });
  });

  it("skips what is cached, but for the last token of the prompt", () => {
    const firstTokens = [0, 60, 99, 100].map((cachedTokens) => {
      const run = start();
      run.arrive(0, { inputTokens: 100, outputTokens: 1, cachedTokens });
      return run.run().times()[0]![0];
    });
    expect(firstTokens).toEqual([1200, 1080, 1002, 1002]);
  });
});

describe("chunked prefill", () => {
  it("fills the token budget of each step, the decoding sequences first", () => {
    const run = start({ maxBatchedTokens: 64 });
    run.arrive(0, { inputTokens: 10, outputTokens: 4 });
    run.arrive(1, { inputTokens: 150, outputTokens: 1 });
    run.run();
    // Steps: prefill 10; then 63, 63 and 24 tokens beside one decoding sequence of context 11, 12, 13.
    const ends = [1020, 1010 + 126 + 1.1, 1010 + 126 + 1.2, 1010 + 48 + 1.3];
    const [first, second, third, fourth] = ends.map(Math.round);
    const end = first! + second! + third! + fourth!;
    expect(run.times()).toEqual([
      [1020, end],
      [end, end],
    ]);
    expect(run.wakes).toEqual([0, 1020, 1020 + second!, 1020 + second! + third!, end]);
  });

  it("serves prompts in the order in which they came, several in a step", () => {
    const run = start({ maxBatchedTokens: 100 });
    for (const inputTokens of [70, 50, 60]) run.arrive(0, { inputTokens, outputTokens: 1 });
    run.run();
    // Step 1: 70 + 30. Step 2: 20 + 60.
    expect(run.times().map(([first]) => first)).toEqual([1200, 1200 + 1160, 1200 + 1160]);
  });

  it("has as many openings as may still prefill, or as there are slots", () => {
    const run = start({ maxPrefillSequences: 2, maxSequences: 3 });
    const openings = () => [run.replica.openings, run.replica.fits(1)];
    const seen = [openings()];
    run.afterEvent = () => seen.push(openings());
    for (let count = 0; count < 3; count++) run.arrive(0, { inputTokens: 10, outputTokens: 2 });
    run.run(1040 as Instant);
    // The three arrivals, the start of the step, and its end: then two decode and the third takes the last slot.
    expect(seen).toEqual([
      [2, true],
      [1, true],
      [0, false],
      [0, false],
      [0, false],
      [0, false],
      [0, false],
    ]);
    expect([run.inside, run.timeOf("admitted", 2)]).toEqual([[0, 1, 2], 1040]);
    expect(() =>
      run.replica.admit(9, { inputTokens: 1, cachedTokens: 0, outputTokens: 1 }, 0 as Instant),
    ).toThrow("LAW-12");
  });

  it("lets no more than maxPrefillSequences prefill in a step", () => {
    const run = start({ maxPrefillSequences: 2 });
    for (let count = 0; count < 3; count++) run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    run.run();
    expect(run.times().map(([first]) => first)).toEqual([1040, 1040, 1040 + 1020]);
  });

  it("tells the profile the area of the chunks and the context before them", () => {
    const asked: [area: number, prior: number][] = [];
    const profile: StepProfile = { ...SIMPLE, prefill: (area, prior) => asked.push([area, prior]) };
    const run = start({ profile, maxBatchedTokens: 100 });
    run.arrive(0, { inputTokens: 150, cachedTokens: 20, outputTokens: 1 });
    run.arrive(0, { inputTokens: 40, cachedTokens: 10, outputTokens: 1 });
    run.run();
    expect(asked).toEqual([
      [100 * (20 + 50.5), 20],
      [30 * (120 + 15.5) + 30 * (10 + 15.5), 130],
    ]);
  });
});

describe("joining a batch", () => {
  it("waits for the boundary of the step in progress", () => {
    const run = start();
    run.arrive(0, { inputTokens: 100, outputTokens: 5 });
    run.arrive(1200, { inputTokens: 10, outputTokens: 1 });
    run.arrive(1201, { inputTokens: 10, outputTokens: 1 });
    run.run();
    // The arrival at the boundary joins the step that starts there; the next one joins one step later.
    const joined = 1200 + Math.round(1000 + 10 + 20 + 10.1);
    expect(run.times().slice(1)).toEqual([
      [joined, joined],
      [joined + Math.round(1010 + 20 + 10.2), joined + Math.round(1010 + 20 + 10.2)],
    ]);
  });

  it("is for all who arrive at one instant, also at an idle replica", () => {
    const run = start();
    for (let count = 0; count < 3; count++) run.arrive(50, { inputTokens: 10, outputTokens: 1 });
    run.run();
    expect(run.times()).toEqual(new Array(3).fill([50 + 1060, 50 + 1060]));
    expect(run.wakes).toEqual([50, 1110]);
  });

  it("is for those who fit: the fifth waits for a slot, the large one for memory", () => {
    const run = start({ maxSequences: 4, kvTokens: 1000 });
    for (let count = 0; count < 5; count++) run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    run.arrive(5000, { inputTokens: 500, outputTokens: 2 });
    run.arrive(5001, { inputTokens: 498, outputTokens: 1 });
    run.run();
    expect([0, 4, 6].map((id) => run.timeOf("admitted", id))).toEqual([0, 1080, run.timeOf("completed", 5)]);
  });
});

describe("leaving a batch", () => {
  it("at one boundary is in the order of joining", () => {
    const run = start();
    for (const outputTokens of [4, 4, 2, 4]) run.arrive(0, { inputTokens: 10, outputTokens });
    run.arrive(1200, { inputTokens: 10, outputTokens: 1 });
    run.run();
    const completed = run.log.filter(({ what }) => what === "completed").map(({ id }) => id);
    expect(completed).toEqual([2, 4, 0, 1, 3]);
  });

  it("changes the steps that follow", () => {
    const run = start();
    run.arrive(0, { inputTokens: 100, outputTokens: 2 });
    run.arrive(0, { inputTokens: 100, outputTokens: 4 });
    run.run();
    // Prefill to 1400; one step of two with S = 202; then steps of one with S = 102 and 103, an epoch of their own.
    expect(run.wakes).toEqual([0, 1400, 1400 + 1040, 2440 + 1020, 2440 + 2041]);
    expect(run.times()).toEqual([
      [1400, 2440],
      [1400, 4481],
    ]);
  });

  it("by cancelling changes the steps after the one in progress", () => {
    const run = start();
    const ids = [0, 1].map(() => run.arrive(0, { inputTokens: 100, outputTokens: 3 }));
    run.cancelAt(1500, ids[1]!);
    let returned = -1;
    run.cancelled = (_, generated) => {
      returned = generated;
    };
    run.run();
    // Prefill to 1400; a step of two, 1020 + 20.2; then a step of one whose context is 102.
    expect([run.times()[0], returned]).toEqual([[1400, 1400 + 1040 + 1020], 1]);
  });

  it("by cancelling everyone ends nothing before the step is over", () => {
    const run = start();
    run.cancelAt(10, run.arrive(0, { inputTokens: 100, outputTokens: 3 }));
    run.arrive(20, { inputTokens: 100, outputTokens: 1 });
    run.run();
    expect(run.times()).toEqual([
      [undefined, undefined],
      [2400, 2400],
    ]);
  });
});

const GRAIN_BITS = 20n;

/** A real number of microseconds in grains of 2^-20, as a whole number. */
const grains = (micros: number) => BigInt(Math.round(micros * 2 ** 20));

/** Boundary k of an epoch: k first + increment k (k - 1) / 2 in exact integers, rounded once, half up. */
function boundary(first: bigint, increment: bigint, k: bigint): number {
  const sum = k * first + (increment * k * (k - 1n)) / 2n;
  return Number((sum + (1n << (GRAIN_BITS - 1n))) >> GRAIN_BITS);
}

describe("decode epochs", () => {
  it.each([
    [1, { base: 6270.8137, perSequence: 0.5931, perContextToken: 0.04483, perPrefillToken: 3.3 }],
    [3, { base: 1 / 3, perSequence: 17.77777, perContextToken: 0.999999, perPrefillToken: 0.1 }],
    [7, { base: 123.456, perSequence: 1e-3, perContextToken: 2 ** -20 / 3, perPrefillToken: 0 }],
  ])("of %i sequences have every boundary at the rounded exact sum of its steps", (sequences, spec) => {
    const steps = 700;
    const profile = linearProfile(spec);
    const run = start({ profile });
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

  it("begin anew before their sums could lose bits", () => {
    const length = 2 ** 32 + 0.25;
    const profile: StepProfile = {
      ...SIMPLE,
      base: (decoding) => (decoding > 0 ? length : 1),
      slope: () => 0,
    };
    const run = start({ profile });
    run.arrive(0, { inputTokens: 1, outputTokens: 6 });
    run.run();
    // Two steps would sum to 2^33 + 0.5, beyond the bound: each step is an epoch, rounded by itself.
    expect(run.wakes.slice(2).map((at) => at - 1)).toEqual([1, 2, 3, 4, 5].map((step) => step * 2 ** 32));
  });
});

describe("the KV cache", () => {
  it("is claimed by the whole prompt and then by each token, and reserved from the start", () => {
    const run = start({ maxBatchedTokens: 64 });
    run.arrive(0, { inputTokens: 150, cachedTokens: 20, outputTokens: 3 });
    const seen: [at: number, claimed: number, reserved: number][] = [];
    run.afterEvent = (now) => seen.push([now, run.replica.kvClaimed, run.replica.kvUsed]);
    run.run();
    const claims = seen.map(([, claimed]) => claimed);
    expect(claims).toEqual([150, 150, 150, 150, 150, 150, 151, 151, 152, 152, 0]);
    expect(new Set(seen.map(([, , reserved]) => reserved))).toEqual(new Set([153, 0]));
  });

  it("holds nothing of whoever is cancelled, in prefill or after it", () => {
    const run = start({ maxBatchedTokens: 64 });
    run.cancelAt(1200, run.arrive(0, { inputTokens: 150, outputTokens: 3 }));
    run.cancelAt(9000, run.arrive(5000, { inputTokens: 10, outputTokens: 100 }));
    const left: number[] = [];
    run.cancelled = () => left.push(run.replica.kvClaimed);
    run.run();
    expect([left, run.replica.kvUsed]).toEqual([[0, 0], 0]);
  });
});

describe("what a batching replica refuses", () => {
  const work = { inputTokens: 60, cachedTokens: 0, outputTokens: 40 };

  it("is a sequence whose memory is not there", () => {
    const { replica } = start({ kvTokens: 199 });
    replica.admit(0, work, 0 as Instant);
    expect([replica.fits(99), replica.fits(100)]).toEqual([true, false]);
    expect(() => replica.admit(1, work, 0 as Instant)).toThrow("LAW-12");
  });

  it("is a step that takes no time", () => {
    const run = start({ profile: { ...SIMPLE, base: () => 0.4, slope: () => 0 } });
    run.arrive(0, { inputTokens: 1, outputTokens: 1 });
    expect(() => run.run()).toThrow("LAW-2");
  });
});
