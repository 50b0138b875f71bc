import { describe, expect, it } from "vitest";
import { cutTokens, drawTokens } from "../../../../src/core/demand/traffic/lengths.js";

const drawing = (value: number) => ({ mean: value, sample: () => value });

describe("lengths", () => {
  it.each([
    [0, 1],
    [0.4, 1],
    [1.4, 1],
    [1.5, 2],
    [99.6, 100],
    [100.6, 100],
    [Number.POSITIVE_INFINITY, 100],
  ])("a draw of %d becomes %i whole tokens of at most 100", (drawn, tokens) => {
    expect(drawTokens(drawing(drawn), 100)).toBe(tokens);
  });

  it("cuts to the bounds", () => {
    expect([0, 1, 7, 8].map((tokens) => cutTokens(tokens, 7))).toEqual([1, 1, 7, 7]);
  });
});
