import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import { MEASURED, ROOFLINE, TABLE } from "./files.js";

describe("buildProfile", () => {
  it("adds the host to every kind, more where a step prefills", () => {
    const host = { step: 1, prefill: 10, perSequence: 100, perPrefillToken: 0.5 };
    for (const file of [MEASURED, TABLE, ROOFLINE]) {
      const { host: _, ...bare } = file;
      const [without, profile] = [buildProfile(bare), buildProfile({ ...file, host })];
      expect(profile.base(3, 0) - without.base(3, 0)).toBeCloseTo(301_000, 6);
      expect(profile.base(3, 64) - without.base(3, 64)).toBeCloseTo(343_000, 6);
    }
  });

  it("says whether it is an estimate, and for which replica", () => {
    const node = { gpus: 2, kvTokens: 1000, maxSequences: 4, maxBatchedTokens: 64 };
    expect(buildProfile({ ...MEASURED, node }).node).toEqual(node);
    expect([MEASURED, TABLE, ROOFLINE].map((file) => buildProfile(file).estimate)).toEqual([
      false,
      false,
      true,
    ]);
    expect(buildProfile(TABLE).node).toBe(undefined);
  });

  it("lets a table draft", () => {
    const draft = { base: 1, perSequence: 0, perContextToken: 1e-6, perPrefillToken: 0 };
    const fast = buildProfile({ ...TABLE, speculative: { tokens: 2, acceptance: 0.5, draft } });
    // Verifying three rows of three sequences costs what nine sequences do.
    expect(fast.base(3, 0)).toBeCloseTo(buildProfile(TABLE).base(9, 0) + 2000, 9);
  });

  it("refuses a profile in which some step takes no time, or none that can be told", () => {
    const lines = { constant: 0, perRow: 0 };
    const gpu = { ...MEASURED.gpu, weights: lines, compute: lines };
    expect(() => buildProfile({ ...MEASURED, host: { step: 0, prefill: 1, perSequence: 0 }, gpu })).toThrow(
      "profile by-hand: a step of 1 decoding sequences and 0 prefill tokens would take 0 us",
    );
    const broken = { ...MEASURED.gpu, perContextToken: Number.NaN };
    expect(() => buildProfile({ ...MEASURED, gpu: broken })).toThrow("attention to context takes NaN us");
    const negative = { ...MEASURED.gpu, perArea: -1, perPriorToken: -1 };
    expect(() => buildProfile({ ...MEASURED, gpu: negative })).toThrow("attention to prefill takes -");
  });
});
