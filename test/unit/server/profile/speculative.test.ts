import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import type { MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import { profileByName } from "../../../../src/core/server/profile/registry.js";
import { expectedTokens } from "../../../../src/core/server/profile/speculative.js";
import { MEASURED } from "./files.js";

const FAST: MeasuredFile = {
  ...MEASURED,
  speculative: {
    tokens: 3,
    acceptance: 0.7,
    draft: { base: 1, perSequence: 0.01, perContextToken: 1e-5, perPrefillToken: 0.002 },
  },
};

describe("a step with speculative decoding", () => {
  const profile = buildProfile(FAST);

  it("drafts token by token and verifies one row more than it drafted", () => {
    expect([profile.tokensPerSequence, profile.acceptance]).toEqual([4, 0.7]);
    // 2 sequences of 4 rows: 8 rows, 4.08; three passes of the draft, 1.02 each; the host 0.1 + 2 x 0.002.
    expect(profile.base(2, 0)).toBeCloseTo(4080 + 3 * 1020 + 104, 9);
  });

  it("reads context once to verify and once for each pass of the draft", () => {
    expect(profile.slope(2)).toBeCloseTo(0.05 + 3 * 0.01, 12);
  });

  it("takes prompts through the draft too, with the first of its passes", () => {
    // 2 x 4 + 50 rows are 64: 1 + 3.2 beats 4 + 0.64 not, so 4.64; the draft 1.02 + 50 x 0.002, then 2 x 1.02.
    expect(profile.base(2, 50)).toBeCloseTo(4640 + 1120 + 2040 + 404, 9);
    expect(profile.base(0, 50)).toBeCloseTo(4640 + 1100 + 400, 9);
  });

  it("verifies at measured costs where there are some, and at no less than computing takes", () => {
    const verify = {
      weights: { constant: 5, perRow: 0.01 },
      compute: { constant: 0, perRow: 0 },
      perContextToken: 6e-5,
    };
    const measured = buildProfile({ ...FAST, speculative: { ...FAST.speculative!, verify } });
    expect(measured.base(2, 0)).toBeCloseTo(5080 + 3060 + 104, 9);
    expect(measured.base(100, 0)).toBeCloseTo(1000 + 50 * 400 + 3 * 2000 + 300, 9);
    expect(measured.slope(2)).toBeCloseTo(0.06 + 0.03, 12);
  });
});

describe("expectedTokens", () => {
  it("is one without luck, all with certainty", () => {
    expect([expectedTokens(3, 0), expectedTokens(3, 1), expectedTokens(0, 0.5)]).toEqual([1, 4, 1]);
  });

  it("is the sum of the chances that each token comes to be", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 16 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tokens, chance) => {
          let sum = 0;
          for (let index = 0; index <= tokens; index++) sum += chance ** index;
          expect(expectedTokens(tokens, chance)).toBeCloseTo(sum, 9);
        },
      ),
    );
  });
});

it("the Fast form of the 8B model is twice as quick a request as Standard at its load, and 100 tokens/s at least", () => {
  const fast = profileByName("llama-3.1-8b-fast-h100");
  const context = 1024;
  const rate = (count: number) =>
    (expectedTokens(3, fast.acceptance) * 1e6) / (fast.base(count, 0) + fast.slope(count) * count * context);
  // Standard at 85 % Poisson load gives a request 60 tokens/s: surgefleet H100 measurements, 2026-11.
  expect(rate(fast.node!.maxSequences)).toBeGreaterThan(120);
});
