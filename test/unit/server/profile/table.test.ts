import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import { tablePass } from "../../../../src/core/server/profile/table.js";
import { TABLE } from "./files.js";

const pass = tablePass(TABLE);
const decode = (sequences: number, context: number) =>
  pass.base(sequences, 1, 0) + pass.slope(sequences, 1) * context;
const prefill = (tokens: number, prior: number) =>
  pass.base(0, 1, tokens) + pass.prefill(tokens * (prior + (tokens + 1) / 2), prior);

describe("a table profile", () => {
  it("gives its own points back", () => {
    for (const { sequences, context, ms } of TABLE.decode)
      expect(decode(sequences, context)).toBeCloseTo(ms, 9);
    for (const { tokens, prior, ms } of TABLE.prefill) expect(prefill(tokens, prior)).toBeCloseTo(ms, 9);
  });

  it("joins constants and slopes by straight lines", () => {
    // Lines: 4.9 + 0.0001 S at 1 sequence, 5.5 + 0.0002 S at 9; half way at 5.
    expect([pass.base(5, 1, 0), pass.slope(5, 1)]).toEqual([
      expect.closeTo(5.2, 9),
      expect.closeTo(0.00015, 12),
    ]);
  });

  it("goes on beyond its last point as between the last two, with the last slope", () => {
    expect(pass.base(17, 1, 0)).toBeCloseTo(6.1, 9);
    expect(pass.slope(1000, 1)).toBeCloseTo(0.0002, 12);
    expect(pass.base(0, 1, 500)).toBeGreaterThan(pass.base(0, 1, 300));
  });

  it("takes a prefill beside a batch for a prefill of all the rows, and for no less than the batch alone", () => {
    expect(pass.base(10, 1, 290)).toBe(pass.base(0, 1, 300));
    expect(pass.base(2000, 1, 1)).toBeGreaterThanOrEqual(pass.base(2000, 1, 0));
  });

  it("lends a slope to a number of sequences that has but one context", () => {
    const lent = tablePass({ ...TABLE, decode: TABLE.decode.slice(0, 3) });
    expect(lent.slope(9, 1)).toBeCloseTo(0.0001, 12);
    expect(lent.base(9, 1, 0) + lent.slope(9, 1) * 9000).toBeCloseTo(7.3, 9);
  });

  it("rises with sequences, tokens and context, whatever noise its points have", () => {
    const noisy = fc.array(fc.double({ min: 0.96, max: 1.04, noNaN: true }), { minLength: 7, maxLength: 7 });
    const sizes = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(noisy, sizes, sizes, (noise, one, other) => {
        const file = {
          ...TABLE,
          decode: TABLE.decode.map((point, index) => ({ ...point, ms: point.ms * noise[index]! })),
          prefill: TABLE.prefill.map((point, index) => ({ ...point, ms: point.ms * noise[index + 4]! })),
        };
        const profile = buildProfile(file);
        const [small, large] = [0, 1].map((place) => [one[place]!, other[place]!].sort((a, b) => a - b));
        expect(profile.base(large![0]!, 0)).toBeLessThanOrEqual(profile.base(large![1]!, 0));
        expect(profile.base(small![0]!, large![0]!)).toBeLessThanOrEqual(
          profile.base(small![1]!, large![1]!),
        );
        expect(profile.slope(small![0]!)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
