import { describe, expect, it } from "vitest";
import { type Instant, START } from "../../../../../src/core/base/units.js";
import type { StepProfile } from "../../../../../src/core/server/profile/step-profile.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { type Changes, EVEN, FORMS, SIMPLE, start } from "./forms.js";

describe.each(FORMS)("a lone request (%s)", (_, form) => {
  it("has its first token after one prefill step, and the others step by step", () => {
    const run = start(form);
    run.arrive(500, { inputTokens: 100, outputTokens: 3 });
    // Prefill: 1000 + 2 x 100. Then n = 1 with S = 101 and 102: 1020.1 and 1020.2, summed before they are rounded.
    expect(run.run().times()).toEqual([[1700, 1700 + 2040]]);
  });

  it.each([
    [1, 1, 4096],
    [1000, 1, 64],
    [777, 500, 256],
    [5000, 2000, 2048],
    [31, 20_000, 16],
  ])("of %i tokens in and %i out with %i a step takes what the profile says, in closed form", (...tokens) => {
    const [inputTokens, outputTokens, maxBatchedTokens] = tokens;
    const run = start(form, { maxBatchedTokens });
    run.arrive(500, { inputTokens, outputTokens });
    const chunks = Math.ceil(inputTokens / maxBatchedTokens);
    const first = 500 + 1000 * chunks + 2 * inputTokens;
    // Steps of n = 1 whose context goes from I + 1 to I + O - 1, summed up in tenths of a microsecond.
    const steps = outputTokens - 1;
    const context = steps * (inputTokens + 1) + (steps * (steps - 1)) / 2;
    const decode = Math.round(1010 * steps + context / 10);
    const [[firstAt, completedAt] = []] = run.run().times();
    expect(firstAt).toBe(first);
    // The tenth of a microsecond is rounded to a multiple of 2^-20.
    expect(Math.abs(completedAt! - first - decode)).toBeLessThanOrEqual(1 + context * 2 ** -21);
  });

  it("ends with its prefill when it wants one token", () => {
    const run = start(form);
    run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    expect(run.run().times()).toEqual([[1020, 1020]]);
    expect([run.replica.slotsBusy, run.replica.kvUsed(1020 as Instant)]).toEqual([0, 0]);
  });

  it("skips what is cached, but for the last token of the prompt", () => {
    const firstTokens = [0, 60, 99, 100].map((cachedTokens) => {
      const run = start(form);
      run.arrive(0, { inputTokens: 100, outputTokens: 1, cachedTokens });
      return [run.run().times()[0]![0], run.skipped[0]];
    });
    expect(firstTokens).toEqual([
      [1200, 0],
      [1080, 60],
      [1002, 99],
      [1002, 99],
    ]);
  });
});

describe.each(FORMS)("chunked prefill (%s)", (_, form) => {
  it("fills the token budget of each step, the decoding sequences first", () => {
    const run = start(form, { maxBatchedTokens: 64 });
    run.arrive(0, { inputTokens: 10, outputTokens: 4 });
    run.arrive(1, { inputTokens: 150, outputTokens: 1 });
    // Steps: prefill 10; then 63, 63 and 24 tokens beside one decoding sequence of context 11, 12, 13.
    const ends = [1020, 1010 + 126 + 1.1, 1010 + 126 + 1.2, 1010 + 48 + 1.3];
    const end = ends.reduce((sum, step) => sum + Math.round(step), 0);
    expect(run.run().times()).toEqual([
      [1020, end],
      [end, end],
    ]);
  });

  it("serves prompts in the order in which they came, several in a step", () => {
    const run = start(form, { maxBatchedTokens: 100 });
    for (const inputTokens of [70, 50, 60]) run.arrive(0, { inputTokens, outputTokens: 1 });
    // Step 1: 70 + 30. Step 2: 20 + 60.
    expect(
      run
        .run()
        .times()
        .map(([first]) => first),
    ).toEqual([1200, 1200 + 1160, 1200 + 1160]);
  });

  it("has as many openings as may still prefill, or as there are slots", () => {
    const run = start(form, { maxPrefillSequences: 2, maxSequences: 3 });
    const work = aloneWork({ inputTokens: 10, outputTokens: 2 });
    const openings = (now: Instant) => [run.replica.openings, run.replica.fits(work, now)];
    const seen = [openings(START)];
    for (let id = 0; id < 2; id++) {
      run.replica.admit(id, work, START);
      seen.push(openings(START));
    }
    expect(seen).toEqual([
      [2, true],
      [1, true],
      [0, false],
    ]);
    run.run(1040 as Instant);
    // Two decode, and one slot is left.
    expect(openings(1040 as Instant)).toEqual([1, true]);
    run.replica.admit(2, work, 1040 as Instant);
    expect(() => run.replica.admit(9, work, 1040 as Instant)).toThrow("a sequence starts only");
  });

  it("lets no more than maxPrefillSequences prefill in a step", () => {
    const run = start(form, { maxPrefillSequences: 2 });
    for (let count = 0; count < 3; count++) run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    const firsts = run.run().times();
    expect(firsts.map(([first]) => first)).toEqual([1040, 1040, 1040 + 1020]);
  });

  it("tells the profile the area of the chunks and the context before them", () => {
    const asked = new Set<string>();
    const profile: StepProfile = {
      ...SIMPLE,
      prefill: (area, prior) => {
        asked.add(`${area} ${prior}`);
        return 0;
      },
    };
    const run = start(form, { profile, maxBatchedTokens: 100 });
    run.arrive(0, { inputTokens: 150, cachedTokens: 20, outputTokens: 1 });
    run.arrive(0, { inputTokens: 40, cachedTokens: 10, outputTokens: 1 });
    run.run();
    expect([...asked]).toContain(`${100 * (20 + 50.5)} 20`);
    expect([...asked].at(-1)).toBe(`${30 * (120 + 15.5) + 30 * (10 + 15.5)} 130`);
  });
});

describe.each(FORMS)("joining a batch (%s)", (_, form) => {
  it("waits for the boundary of the step in progress", () => {
    const run = start(form);
    run.arrive(0, { inputTokens: 100, outputTokens: 5 });
    run.arrive(1200, { inputTokens: 10, outputTokens: 1 });
    run.arrive(1201, { inputTokens: 10, outputTokens: 1 });
    // The arrival at the boundary joins the step that starts there; the next one joins one step later.
    const joined = 1200 + Math.round(1000 + 10 + 20 + 10.1);
    const later = joined + Math.round(1010 + 20 + 10.2);
    expect(run.run().times().slice(1)).toEqual([
      [joined, joined],
      [later, later],
    ]);
  });

  it("is for all who arrive at one instant, also at an idle replica", () => {
    const run = start(form);
    for (let count = 0; count < 3; count++) run.arrive(50, { inputTokens: 10, outputTokens: 1 });
    expect(run.run().times()).toEqual(new Array(3).fill([50 + 1060, 50 + 1060]));
  });

  it("is for those who fit: the fifth waits for a slot, the large one for memory", () => {
    const run = start(form, { maxSequences: 4, kvTokens: 1000 });
    for (let count = 0; count < 5; count++) run.arrive(0, { inputTokens: 10, outputTokens: 1 });
    run.arrive(5000, { inputTokens: 500, outputTokens: 2 });
    run.arrive(5001, { inputTokens: 499, outputTokens: 1 });
    run.run();
    expect([0, 4, 6].map((id) => run.timeOf("admitted", id))).toEqual([0, 1080, run.timeOf("completed", 5)]);
  });
});

describe.each(FORMS)("leaving a batch (%s)", (_, form) => {
  it("at one boundary is in the order of joining", () => {
    const run = start(form);
    for (const outputTokens of [4, 4, 2, 4]) run.arrive(0, { inputTokens: 10, outputTokens });
    run.arrive(1200, { inputTokens: 10, outputTokens: 1 });
    run.run();
    const completed = run.log.filter(({ what }) => what === "completed").map(({ id }) => id);
    expect(completed).toEqual([2, 4, 0, 1, 3]);
  });

  it("changes the steps that follow", () => {
    const run = start(form);
    run.arrive(0, { inputTokens: 100, outputTokens: 2 });
    run.arrive(0, { inputTokens: 100, outputTokens: 4 });
    // Prefill to 1400; one step of two with S = 202; then steps of one with S = 102 and 103, an epoch of their own.
    expect(run.run().times()).toEqual([
      [1400, 1400 + 1040],
      [1400, 2440 + 2041],
    ]);
  });

  it("by cancelling changes the steps after the one in progress", () => {
    const run = start(form);
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

  it("by cancelling all sequences ends nothing before the step is over", () => {
    const run = start(form);
    run.cancelAt(10, run.arrive(0, { inputTokens: 100, outputTokens: 3 }));
    run.arrive(20, { inputTokens: 100, outputTokens: 1 });
    expect(run.run().times()).toEqual([
      [undefined, undefined],
      [2400, 2400],
    ]);
  });
});

describe.each(FORMS)("the memory of a batch (%s)", (_, form) => {
  it("is the whole prompt from admission on, and a token more for each in progress", () => {
    const run = start(form, { profile: EVEN, maxBatchedTokens: 64 });
    run.arrive(0, { inputTokens: 150, cachedTokens: 20, outputTokens: 3 });
    const seen: number[] = [];
    run.probed = (now) => seen.push(run.replica.kvUsed(now));
    for (const at of [0, 500, 2500, 3000, 3001, 4000, 4001, 5000]) run.probeAt(at);
    run.run();
    // 130 tokens in three steps; the first token at 3 ms has its place already, the second from then on, and so forth.
    expect(seen).toEqual([151, 151, 151, 151, 152, 152, 153, 0]);
  });

  it("is full of whole blocks, and free but for what a start leaves free", () => {
    const fits = (changes: Changes, inputTokens: number) => {
      const { replica } = start(form, { kvTokens: 175, kvBlockTokens: 16, ...changes });
      const first = aloneWork({ inputTokens: 79, outputTokens: 1 });
      replica.admit(0, first, START);
      return replica.fits({ ...first, inputTokens }, START);
    };
    // Ten blocks of 16 in all, five of them taken: five are left for a prompt and its first token.
    expect([fits({}, 79), fits({}, 80)]).toEqual([true, false]);
    expect([fits({ kvWatermark: 0.19 }, 63), fits({ kvWatermark: 0.19 }, 64)]).toEqual([true, false]);
    expect(start(form, { kvTokens: 175, kvBlockTokens: 16 }).replica.kvTokens).toBe(160);
  });

  it("leaves nothing free where it is empty", () => {
    const { replica } = start(form, { kvTokens: 160, kvBlockTokens: 16, kvWatermark: 0.5 });
    const fits = (inputTokens: number) => replica.fits(aloneWork({ inputTokens, outputTokens: 1 }), START);
    expect([fits(159), fits(160)]).toEqual([true, false]);
  });

  it("holds nothing of a cancelled sequence, in prefill or after it", () => {
    const run = start(form, { maxBatchedTokens: 64 });
    run.cancelAt(1200, run.arrive(0, { inputTokens: 150, outputTokens: 3 }));
    run.cancelAt(9000, run.arrive(5000, { inputTokens: 10, outputTokens: 100 }));
    const left: number[] = [];
    run.cancelled = (_id, _generated, now) => left.push(run.replica.kvUsed(now));
    run.run();
    expect(left).toEqual([0, 0]);
  });

  it("remembers the most that it was, until told to forget", () => {
    const run = start(form, { profile: EVEN });
    run.arrive(0, { inputTokens: 10, outputTokens: 5 });
    run.arrive(0, { inputTokens: 20, outputTokens: 2 });
    const seen: number[] = [];
    run.probed = (now) => {
      seen.push(run.replica.kvPeak(now));
      run.replica.forgetPeak(now);
      seen.push(run.replica.kvPeak(now));
    };
    for (const at of [500, 2500, 9000]) run.probeAt(at);
    run.run();
    // Prompts of 10 and 20 and a token each; 12 and 22 in the step to 2 ms, then 13 of the first alone; at last 15.
    expect(seen).toEqual([32, 32, 34, 13, 15, 0]);
  });

  it("has no room for a sequence whose memory is not there", () => {
    const { replica } = start(form, { kvTokens: 199 });
    const work = aloneWork({ inputTokens: 99, outputTokens: 40 });
    replica.admit(0, work, START);
    expect([98, 99].map((inputTokens) => replica.fits({ ...work, inputTokens }, START))).toEqual([
      true,
      false,
    ]);
  });
});

describe.each(FORMS)("a step (%s)", (_, form) => {
  it("that takes no time is refused", () => {
    const run = start(form, { profile: { ...SIMPLE, base: () => 0.4, slope: () => 0 } });
    run.arrive(0, { inputTokens: 1, outputTokens: 1 });
    expect(() => run.run()).toThrow("LAW-2");
  });

  it("after a pause is quicker where the profile says so, and less so the longer the work goes on", () => {
    // Compute-bound prefills of 1000 us that save up to 100 us; the clock goes down in 10 ms and comes back in 50.
    const profile: StepProfile = {
      ...EVEN,
      clock: {
        boost: (_, prefill) => (prefill > 8 ? 100 : 0),
        drag: (_, prefill) => (prefill > 8 ? 0 : 40),
        decodeDrag: 0,
        memory: 10_000,
        rest: 50_000,
      },
    };
    const run = start(form, { profile, maxBatchedTokens: 16 });
    run.arrive(0, { inputTokens: 48, outputTokens: 1 });
    run.arrive(10_000, { inputTokens: 8, outputTokens: 1 });
    run.arrive(20_000, { inputTokens: 16, outputTokens: 1 });
    const ends = run
      .run()
      .times()
      .map(([first]) => first!);
    const decay = (x: number) => 1 / (1 + x + (x * x) / 2);
    let [at, low] = [0, 0];
    for (let step = 0; step < 3; step++) {
      const micros = Math.round(1000 - 100 * (1 - low));
      at += micros;
      low = (1 - (1 - Math.sqrt(low)) * decay(micros / 10_000)) ** 2;
    }
    const downAt = (time: number) => low * decay((time - at) / 50_000);
    const dragged = 10_000 + Math.round(1000 + 40 * downAt(10_000));
    expect(ends).toEqual([at, dragged, 20_000 + Math.round(1000 - 100 * (1 - downAt(20_000)))]);
    expect(at).toBeGreaterThan(2700);
    expect(dragged).toBeGreaterThan(11_000);
  });

  it("that only decodes is longer after hot work where the profile says so, and ever less so", () => {
    const clock = { boost: () => 100, drag: () => 0, decodeDrag: 0.2, memory: 100, rest: 5000 };
    const run = start(form, { profile: { ...EVEN, clock }, maxBatchedTokens: 16 });
    run.arrive(0, { inputTokens: 16, outputTokens: 21 });
    const [first, last] = run.run().times()[0]!;
    const decay = (x: number) => 1 / (1 + x + (x * x) / 2);
    const low = (1 - decay(900 / 100)) ** 2;
    expect([first, last]).toEqual([
      900,
      900 + Math.round(20_000 + 0.2 * low * 5000 * (1 - decay(20_000 / 5000))),
    ]);
  });
});

describe.each(FORMS)("a replica that is lost (%s)", (_, form) => {
  it("hands back what it had done of each sequence, and remembers how full it was", () => {
    const run = start(form, { maxBatchedTokens: 100, maxSequences: 3 });
    run.arrive(0, { inputTokens: 40, outputTokens: 50 });
    run.arrive(1500, { inputTokens: 150, outputTokens: 2 });
    // Prefill to 1080; a step of one to 2094; then a mixed one with 99 tokens of the second prompt, to 3306.
    run.haltAt(3400);
    run.run();
    expect([run.halted, run.replica.kvPeak(3400 as Instant)]).toEqual([
      [
        { sequence: 0, prefilled: 40, generated: 3 },
        { sequence: 1, prefilled: 99, generated: 0 },
      ],
      44 + 151,
    ]);
  });
});
