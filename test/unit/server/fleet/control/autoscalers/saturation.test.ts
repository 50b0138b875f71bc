// Golden cases worked by hand from llm-d's saturation-analyzer.md: thresholds 0.8 and 5, triggers 0.1 and 3.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { make, sample, viewOf } from "./views.js";

interface Given {
  readonly starting?: number;
  readonly wanted?: number;
  readonly options?: object;
}

function says(kvShares: readonly number[], queued: number, given: Given = {}) {
  const ready = kvShares.length;
  const seen = sample(0, { ready, queued, kvShares, starting: given.starting ?? 0 });
  return make({ algorithm: "saturation", ...given.options }).recommend(
    viewOf([seen], given.wanted ?? ready + (given.starting ?? 0)),
  );
}

describe("llm-d's saturation scaling by its published rule", () => {
  it("adds one when those that are not saturated spare less than 10 % of KV on average", () => {
    // 0.85 is saturated and does not count: (0.05 + 0.13) / 2 = 0.09.
    expect(says([0.75, 0.67, 0.85], 0)).toBe(4);
    // (0.05 + 0.15) / 2 = 0.10 is enough, and too much to lose one.
    expect(says([0.75, 0.65, 0.85], 0)).toBeUndefined();
  });

  it("adds one when fewer than 3 more could wait", () => {
    expect(says([0.3, 0.3], 4)).toBeUndefined();
    expect(says([0.3, 0.3], 4.1)).toBe(3);
  });

  it("adds one when all are saturated, by KV or by queue", () => {
    expect(says([0.8, 0.9], 0)).toBe(3);
    expect(says([0.1, 0.1], 10)).toBe(3);
  });

  it("takes one away when the others could take its load and still spare that", () => {
    // 0.3 + 0.3 + 0.3 over two is 0.45: 0.35 to spare.
    expect(says([0.3, 0.3, 0.3], 0)).toBe(2);
    // 1.4 over two is exactly 0.7.
    expect(says([0.4, 0.5, 0.5], 0)).toBe(2);
    expect(says([0.4, 0.5, 0.51], 0)).toBeUndefined();
    // 6 waiting over 3 would be 3 each of 2: 2 to spare.
    expect(says([0.1, 0.1, 0.1], 6)).toBeUndefined();
    expect(says([0.1, 0.1, 0.1], 4)).toBe(2);
  });

  it("does not count what is exactly at a threshold", () => {
    // 0.68 for the one that is left; with the saturated one it would be 0.74 each of two.
    expect(says([0.8, 0.34, 0.34], 0)).toBe(2);
    expect(says([0.1, 0.1], 10, { options: { queueSpare: 0 } })).toBe(3);
    expect(says([0.1, 0.1], 9, { options: { queueSpare: 0 } })).toBeUndefined();
  });

  it("takes none away on the sight of one that is already going", () => {
    expect(says([0.1, 0.1, 0.1], 0, { wanted: 2 })).toBeUndefined();
  });

  it("needs two that are not saturated to take one away", () => {
    expect(says([0.1], 0)).toBeUndefined();
    expect(says([0.1, 0.9], 0)).toBeUndefined();
  });

  it("adds none while one is on its way, and says nothing while none is ready", () => {
    expect(says([0.9, 0.9], 20, { starting: 1 })).toBeUndefined();
    expect(says([0.9, 0.9], 20, { wanted: 3 })).toBeUndefined();
    expect(says([], 20, { starting: 1 })).toBeUndefined();
  });

  it("never takes away what it would then add", () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 });
    const law = fc.property(shares, fc.nat({ max: 100 }), (kvShares, queued) => {
      const replicas = kvShares.length;
      if (says(kvShares, queued) !== replicas - 1) return true;
      const free = kvShares.filter((kv) => kv < 0.8);
      const saturated = kvShares.filter((kv) => kv >= 0.8);
      const shared = free.reduce((sum, kv) => sum + kv, 0) / (free.length - 1);
      const after = [...saturated, ...free.slice(1).map(() => shared)];
      return says(after, (queued * after.length) / replicas) !== replicas;
    });
    fc.assert(law);
  });
});
