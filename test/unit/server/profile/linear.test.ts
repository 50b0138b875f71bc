import { describe, expect, it } from "vitest";
import { linearProfile } from "../../../../src/core/server/profile/linear.js";

describe("linear profile", () => {
  const profile = linearProfile({ base: 5000, perSequence: 20, perContextToken: 0.05, perPrefillToken: 3 });

  it("adds up its four numbers", () => {
    expect([profile.base(0, 0), profile.base(4, 0), profile.base(4, 100)]).toEqual([5000, 5080, 5380]);
    expect([profile.slope(1), profile.slope(100)]).toEqual([0.05, 0.05]);
  });

  it("asks nothing for attention in prefill", () => {
    expect(profile.prefill(1e9, 1e6)).toBe(0);
  });

  it("yields one token a step", () => {
    expect(profile.tokensPerSequence).toBe(1);
  });
});
