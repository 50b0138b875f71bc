import { describe, expect, it } from "vitest";
import { Cuts, cutTokens, drawTokens } from "../../../../src/core/demand/traffic/lengths.js";

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
    expect(cutTokens(drawTokens(drawing(drawn)), 100)).toBe(tokens);
  });

  it("counts what is cut, and not what just fits", () => {
    const cuts = new Cuts();
    expect([7, 8, 9].map((tokens) => cuts.prompt(tokens, 8))).toEqual([7, 8, 8]);
    expect([7, 8, 9, 10].map((tokens) => cuts.output(tokens, 8))).toEqual([7, 8, 8, 8]);
    expect([0, 8, 9].map((time) => cuts.thinkTime(time, 8))).toEqual([0, 8, 8]);
    expect(cuts).toEqual({ prompts: 1, outputs: 2, thinkTimes: 1 });
  });

  it("cuts to the bounds", () => {
    expect([0, 1, 7, 8].map((tokens) => cutTokens(tokens, 7))).toEqual([1, 1, 7, 7]);
  });
});
