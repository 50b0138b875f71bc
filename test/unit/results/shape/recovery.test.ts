import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Series } from "../../../../src/core/results/metrics/series.js";
import { recoveryOf, type Trigger } from "../../../../src/core/results/shape/recovery.js";

const TRIGGER: Trigger = { from: 100, until: 120, window: 20, share: 0.9 };

/** Completions by bin of so many seconds, in two tiers that share them. */
function history(completed: readonly number[], interval = 10, queued: readonly number[] = []): Series {
  const none = completed.map(() => 0);
  const counts = {
    attempts: none,
    rateLimited: none,
    overloaded: none,
    unavailable: none,
    outputTokens: none,
  };
  const half = completed.map((count) => count / 2);
  const tiers = ["one", "two"].map((tier) => ({ tier, completed: half, ...counts }));
  const pool = { pool: "shared", queued, slotsBusy: none, replicas: none, kvUsed: none };
  return { interval, tiers, pools: queued.length === 0 ? [] : [pool] };
}

const bins = (count: number, each: number) => Array.from({ length: count }, () => each);
/** Five requests a second before the trigger, times the scale. */
const judge = (after: readonly number[], trigger = TRIGGER, scale = 1) => {
  const completed = [...bins(10, 50), 10, 10, ...after].map((count) => count * scale);
  return recoveryOf(history(completed), trigger, { from: 0, until: completed.length * 10 });
};
/** A load of five a second that loses most, and what waits meanwhile, by bin. */
const judgeBacklog = (after: readonly number[], waits: readonly number[]) => {
  const completed = [...bins(10, 50), 10, 10, ...after];
  const queued = [...[4, 6, 5, 5, 4, 6, 5, 5, 4, 6], 50, 100, ...waits];
  return recoveryOf(history(completed, 10, queued), TRIGGER, { from: 0, until: completed.length * 10 });
};

describe("recovery from a trigger", () => {
  it("tells goodput before, during and after, per second of all tiers", () => {
    const { goodputBefore, goodputDuring, goodputAfter } = judge([...bins(6, 20), ...bins(4, 60)]);
    expect([goodputBefore, goodputDuring, goodputAfter]).toEqual([5, 1, 6]);
  });

  it("leaves the warm-up out of what was before", () => {
    const completed = [...bins(5, 500), ...bins(5, 50), 10, 10, ...bins(10, 50)];
    const { goodputBefore } = recoveryOf(history(completed), TRIGGER, { from: 50, until: 220 });
    expect(goodputBefore).toBe(5);
  });

  it("is recovered at once where nothing is missing", () => {
    expect(judge(bins(10, 50))).toMatchObject({ recoveryTime: 0, verdict: "recovered" });
  });

  it("takes as long as it takes until a whole window is back", () => {
    expect(judge([...bins(4, 10), ...bins(8, 50)])).toMatchObject({ recoveryTime: 40, verdict: "recovered" });
  });

  it("does not take what is done of a backlog for a recovery, when goodput falls again", () => {
    const { recoveryTime, verdict } = judge([...bins(2, 80), ...bins(12, 5)]);
    expect([recoveryTime, verdict]).toEqual([null, "stuck"]);
  });

  it("forgives a dip of a random load", () => {
    expect(judge([...bins(5, 52), ...bins(2, 30), ...bins(9, 52)])).toMatchObject({ recoveryTime: 0 });
  });

  it("is stuck when goodput stays down", () => {
    expect(judge(bins(10, 44), TRIGGER, 1000)).toMatchObject({ recoveryTime: null, verdict: "stuck" });
    expect(judge(bins(10, 45), TRIGGER, 1000)).toMatchObject({ recoveryTime: 0, verdict: "recovered" });
    expect(judge(bins(10, 0)).verdict).toBe("stuck");
  });

  it("puts down to chance what so few requests do not show", () => {
    expect(judge(bins(10, 44)).verdict).toBe("recovered");
    expect(judge(bins(10, 38)).verdict).toBe("unknown");
    expect(judge(bins(10, 25)).verdict).toBe("stuck");
  });

  it("takes completions that come in clumps for fewer than they are", () => {
    const verdictOf = (before: readonly number[]) => {
      const completed = [...before, 10, 10, ...bins(10, 55)];
      return recoveryOf(history(completed), TRIGGER, { from: 0, until: completed.length * 10 }).verdict;
    };
    expect(verdictOf(bins(10, 100))).toBe("stuck");
    expect(verdictOf(bins(10, 0).map((_, bin) => (bin % 2) * 200))).toBe("recovered");
  });

  it("is recovering while its backlog falls, stuck where that stays, and recovered once it is gone", () => {
    const falling = Array.from({ length: 20 }, (_, bin) => 400 - 10 * bin);
    expect(judgeBacklog(bins(20, 5), falling)).toMatchObject({ verdict: "recovering", recoveryTime: null });
    expect(judgeBacklog(bins(20, 5), bins(20, 400)).verdict).toBe("stuck");
    const slowly = falling.map((level) => 2000 + level / 40);
    expect(judgeBacklog(bins(20, 5), slowly).verdict).toBe("stuck");
    const drained = [...falling.slice(0, 10).map((level) => level - 300), ...bins(10, 5)];
    expect(judgeBacklog([...bins(12, 5), ...bins(8, 50)], drained)).toMatchObject({ recoveryTime: 120 });
  });

  it("counts callers that will try again into the backlog", () => {
    const completed = [...bins(10, 50), 10, 10, ...bins(20, 5)];
    const series = history(completed, 10, bins(32, 5));
    const stretch = { from: 0, until: 320 };
    const waiting = completed.map((_, bin) => (bin < 10 ? bin % 2 : 400 - 10 * (bin - 12)));
    expect(recoveryOf(series, TRIGGER, stretch).verdict).toBe("stuck");
    expect(recoveryOf(series, TRIGGER, stretch, waiting).verdict).toBe("recovering");
  });

  it.each<[string, Partial<Trigger>, readonly number[]]>([
    ["the run ends with the trigger", {}, []],
    ["what is left is shorter than settling and a window", {}, bins(7, 5)],
    ["the trigger comes after the run", { from: 1000, until: 1010 }, bins(10, 5)],
    ["nothing is known of before", { from: 10, until: 120 }, bins(10, 5)],
  ])("does not know where %s", (_, changes, after) => {
    const { recoveryTime, verdict } = judge(after, { ...TRIGGER, ...changes });
    expect([recoveryTime, verdict]).toEqual([null, "unknown"]);
  });

  it("is not fooled by bins that do not fall on the trigger's edges", () => {
    const completed = [...bins(25, 20), ...bins(5, 4), ...bins(25, 20)];
    const trigger = { ...TRIGGER, from: 100, until: 120 };
    const found = recoveryOf(history(completed, 4), trigger, { from: 0, until: 220 });
    expect(found).toMatchObject({ goodputBefore: 5, goodputDuring: 1, goodputAfter: 5, recoveryTime: 0 });
    const halves = recoveryOf(history([...bins(3, 320), ...bins(1, 64), ...bins(4, 320)], 32), TRIGGER, {
      from: 0,
      until: 256,
    });
    expect(halves).toMatchObject({ goodputDuring: 2, recoveryTime: expect.closeTo(8, 9) });
  });

  it("stays stuck however many more requests show it, and takes longer for a higher share", () => {
    const after = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 9, maxLength: 40 });
    fc.assert(
      fc.property(after, fc.integer({ min: 2, max: 9 }), (counts, scale) => {
        const completed = [...bins(10, 50), 10, 10, ...counts];
        const stretch = { from: 0, until: completed.length * 10 };
        const one = recoveryOf(history(completed), TRIGGER, stretch);
        const many = recoveryOf(history(completed.map((count) => count * scale)), TRIGGER, stretch);
        if (one.verdict === "stuck") expect(many.verdict).toBe("stuck");
        const strict = recoveryOf(history(completed), { ...TRIGGER, share: 1 }, stretch);
        expect(strict.recoveryTime ?? Infinity).toBeGreaterThanOrEqual(one.recoveryTime ?? Infinity);
        expect(one.verdict === "recovered").toBe(one.recoveryTime !== null);
      }),
    );
  });
});
