import { describe, expect, it } from "vitest";
import { memoised } from "../../../../src/core/server/profile/memoised.js";
import { profileByName } from "../../../../src/core/server/profile/registry.js";

describe("a memoised profile", () => {
  it("answers what the profile answers, and asks it for each batch size of decode steps once", () => {
    const profile = profileByName("llama-3.1-8b-h100");
    let asked = 0;
    const counting = {
      ...profile,
      base: (n: number, tokens: number) => profile.base(n, tokens) + 0 * asked++,
    };
    const quick = memoised(counting, 64);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n <= 64; n++) {
        expect([quick.base(n, 0), quick.slope(n)]).toEqual([profile.base(n, 0), profile.slope(n)]);
      }
    }
    expect(asked).toBe(65);
    expect([quick.base(3, 100), quick.base(3, 500)]).toEqual([profile.base(3, 100), profile.base(3, 500)]);
  });
});
