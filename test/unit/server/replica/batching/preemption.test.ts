import { describe, expect, it } from "vitest";
import { Phase } from "../../../../../src/core/kernel/phase.js";
import { EVEN, FORMS, start } from "./forms.js";

describe.each(FORMS)("where memory runs out (%s)", (_, form) => {
  const tight = (kvTokens: number, changes = {}) => start(form, { profile: EVEN, kvTokens, ...changes });

  /** After t ms two of these hold 10 + t tokens each and want one more: the step that starts at 40 ms does not fit. */
  function twoInOneHundred() {
    const run = tight(100);
    run.arrive(0, { inputTokens: 10, outputTokens: 60 });
    run.arrive(0, { inputTokens: 10, outputTokens: 85, rank: 1 });
    return run;
  }

  it("the lower tier gives way at the start of a step, and is computed again, prompt and output", () => {
    const run = twoInOneHundred().run();
    expect(run.timeOf("preempted", 1)).toBe(40_000);
    // The other one ends at 60 ms; then one step for 50 tokens that yields the 41st, and 44 more.
    expect(run.times()).toEqual([
      [1000, 60_000],
      [1000, 105_000],
    ]);
    expect(run.replica.work).toMatchObject({ preemptions: 1, lostTokens: 50, steps: 105 });
  });

  it("the first token is told once, and tokens are kept", () => {
    const run = twoInOneHundred();
    const seen: number[] = [];
    run.probed = (now) => seen.push(run.replica.generated(1, now));
    for (const at of [39_500, 41_500, 60_500, 61_500]) run.probeAt(at);
    run.run();
    expect(seen).toEqual([39, 40, 40, 41]);
    expect(run.log.filter(({ what, id }) => what === "first" && id === 1)).toHaveLength(1);
  });

  it("no new sequence of their tier comes in before all are back", () => {
    const run = twoInOneHundred();
    run.arrive(50_500, { inputTokens: 5, outputTokens: 2, rank: 1 });
    const limits: number[] = [];
    run.probed = () => limits.push(run.replica.rankLimit);
    for (const at of [39_500, 40_500, 50_000, 60_500, 61_500]) run.probeAt(at);
    run.run();
    expect(limits).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
      0,
      Number.POSITIVE_INFINITY,
    ]);
    expect([run.timeOf("admitted", 2), run.timeOf("completed", 2)]).toEqual([61_000, 63_000]);
  });

  it("a higher tier comes in meanwhile, from the end of the step that took the memory", () => {
    const run = tight(100);
    for (const at of [0, 0]) run.arrive(at, { inputTokens: 10, outputTokens: 60, rank: 1 });
    run.arrive(40_500, { inputTokens: 5, outputTokens: 2, rank: 0 });
    run.arrive(40_500, { inputTokens: 5, outputTokens: 2, rank: 1 });
    run.run();
    expect([run.timeOf("preempted", 1), run.timeOf("admitted", 2), run.timeOf("admitted", 3)]).toEqual([
      40_000, 41_000, 61_000,
    ]);
  });

  it("the youngest of the lowest tier goes first, and they come back in order", () => {
    const run = tight(100);
    for (const rank of [1, 0, 1]) run.arrive(0, { inputTokens: 10, outputTokens: 60, rank });
    run.run();
    const preempted = run.log.filter(({ what }) => what === "preempted").map(({ id, at }) => [id, at]);
    // Three of 10 + t and one more: at 23 ms 34 each are too many; two: at 40 ms 51 each.
    expect(preempted).toEqual([
      [2, 23_000],
      [0, 40_000],
      // Back at 60 ms with 50 + 1 and 33 + 1 tokens, and again too many at 68 ms: 59 + 42.
      [2, 68_000],
    ]);
    expect([1, 0, 2].map((id) => run.timeOf("completed", id))).toEqual([60_000, 80_000, 109_000]);
  });

  it("what the host keeps comes back by a copy, and only the last token is computed again", () => {
    const kvOffload = { tokens: 60, loadPerToken: 100 };
    const run = tight(100, { kvOffload, maxBatchedTokens: 16 });
    run.arrive(0, { inputTokens: 10, outputTokens: 60 });
    run.arrive(0, { inputTokens: 10, outputTokens: 85, rank: 1 });
    run.run();
    // The prompts take two steps: it is preempted with 49 tokens at 40 ms, and waits until 61 ms. Back it comes in a
    // step of its own, with 48 tokens at 100 us each; computing 49 would have taken four steps.
    expect([run.timeOf("preempted", 1), run.replica.work.lostTokens]).toEqual([40_000, 1]);
    expect(run.times()).toEqual([
      [1000, 60_000],
      [2000, 107_000 - 1000 + 4800],
    ]);
    // Whose place in the host another one has, or that is not large enough, begins from nothing.
    const small = tight(100, { kvOffload: { ...kvOffload, tokens: 47 } });
    small.arrive(0, { inputTokens: 10, outputTokens: 60 });
    small.arrive(0, { inputTokens: 10, outputTokens: 85, rank: 1 });
    small.run();
    expect(small.replica.work.lostTokens).toBe(50);
  });

  it("a prompt half done starts again from nothing", () => {
    const run = tight(215, { maxBatchedTokens: 16 });
    run.arrive(0, { inputTokens: 10, outputTokens: 60 });
    run.arrive(0, { inputTokens: 200, outputTokens: 5 });
    run.run();
    // 11 + 201 tokens at first; the step from 4 ms on is one too many. Until then: 6 + 15 + 15 + 15 tokens.
    expect([run.timeOf("preempted", 1), run.replica.work.lostTokens]).toEqual([4000, 51]);
    expect(run.times()).toEqual([
      [1000, 60_000],
      [73_000, 77_000],
    ]);
  });

  it("a sequence that waits to come back may be cancelled, and takes its tokens along", () => {
    const run = twoInOneHundred();
    run.cancelAt(50_000, 1);
    let returned = -1;
    run.cancelled = (_id, generated) => {
      returned = generated;
    };
    run.arrive(50_500, { inputTokens: 5, outputTokens: 1 });
    run.run();
    expect([returned, run.replica.slotsBusy]).toEqual([40, 0]);
    expect([run.times()[0], run.timeOf("completed", 2)! <= 53_000]).toEqual([[1000, 60_000], true]);
  });

  it("where all go in the instant in which a step would start, none does, and what comes then waits for none", () => {
    for (const phase of [Phase.fault, Phase.timeout]) {
      const run = twoInOneHundred();
      for (const id of [0, 1]) run.cancelAt(40_000, id, phase);
      run.arrive(40_400, { inputTokens: 5, outputTokens: 1 });
      run.run();
      expect([run.timeOf("first", 2), run.replica.work.steps]).toEqual([41_400, 41]);
    }
  });

  it("a sequence alone is never preempted, if it fits at all", () => {
    const run = tight(100);
    run.arrive(0, { inputTokens: 40, outputTokens: 60 });
    expect(run.run().times()).toEqual([[1000, 60_000]]);
    expect(run.replica.work.preemptions).toBe(0);
  });
});
