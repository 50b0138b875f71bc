import { describe, expect, it } from "vitest";
import { Cuts, drawTokens } from "../../../../src/core/demand/traffic/lengths.js";

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
    expect(new Cuts().output(drawTokens(drawing(drawn)), 100)).toBe(tokens);
  });

  it("counts what is cut, and not what just fits", () => {
    const cuts = new Cuts();
    expect([7, 8, 9].map((tokens) => cuts.prompt(tokens, 8))).toEqual([7, 8, 8]);
    expect([7, 8, 9, 10].map((tokens) => cuts.output(tokens, 8))).toEqual([7, 8, 8, 8]);
    expect([0, 8, 9].map((time) => cuts.thinkTime(time, 8))).toEqual([0, 8, 8]);
    expect(cuts).toEqual({ prompts: 1, outputs: 2, thinkTimes: 1 });
  });

  it("cuts to the bounds, a request of no token to one, which is none of the bounds", () => {
    const cuts = new Cuts();
    expect([0, 1, 7, 8].map((tokens) => cuts.output(tokens, 7))).toEqual([1, 1, 7, 7]);
    expect(cuts.outputs).toBe(1);
  });

  it("hands on what it counted, once", () => {
    const [sum, own] = [new Cuts(), new Cuts()];
    own.prompt(9, 8);
    own.output(9, 8);
    own.thinkTime(9, 8);
    sum.takeFrom(own);
    sum.takeFrom(own);
    expect([sum, own]).toEqual([
      { prompts: 1, outputs: 1, thinkTimes: 1 },
      { prompts: 0, outputs: 0, thinkTimes: 0 },
    ]);
  });
});
