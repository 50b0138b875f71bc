import { describe, expect, it } from "vitest";
import {
  firstTokenByPrompt,
  pairsOf,
  tokenTimeByBatch,
} from "../../../../src/core/tools/validation/pairs.js";
import { request } from "./requests.js";

describe("pairsOf", () => {
  it("finds each request beside its replay, and leaves out those that one side lost", () => {
    const recorded = [0, 1, 2].map((arrival) => request({ arrival, promptTokens: 10 + arrival }));
    const simulated = [recorded[2]!, recorded[0]!].map((one) => ({ ...one, arrival: one.arrival + 1e-7 }));
    expect(pairsOf(recorded, simulated).map((pair) => pair.recorded.arrival)).toEqual([0, 2]);
    expect(pairsOf(recorded, simulated)[1]!.simulated.promptTokens).toBe(12);
  });

  it("tells those of one instant apart by their lengths", () => {
    const recorded = [30, 10, 20].map((promptTokens) => request({ promptTokens }));
    const pairs = pairsOf(recorded, [recorded[2]!, recorded[0]!]);
    expect(pairs.map((pair) => [pair.recorded.promptTokens, pair.simulated.promptTokens])).toEqual([
      [20, 20],
      [30, 30],
    ]);
  });
});

describe("groups", () => {
  it("are thirds by the prompt that had to be computed", () => {
    const recorded = [100, 200, 300].map((promptTokens, index) =>
      request({ arrival: index, promptTokens, cachedTokens: 50, firstToken: index + promptTokens / 1000 }),
    );
    const simulated = recorded.map((one) => ({ ...one, firstToken: one.firstToken + 0.1 }));
    const thirds = firstTokenByPrompt(pairsOf(recorded, simulated));
    expect(thirds.map(({ from, to, requests }) => [from, to, requests])).toEqual([
      [50, 50, 1],
      [150, 150, 1],
      [250, 250, 1],
    ]);
    expect(thirds[1]!.mean).toEqual({
      recorded: expect.closeTo(0.2, 9),
      simulated: expect.closeTo(0.3, 9),
      error: expect.closeTo(0.5, 9),
    });
  });

  it("are thirds by how many decode beside a request", () => {
    // One by one, then three, then six at a time.
    const starts = [0, 100, 200, 300, 300, 300, 400, 400, 400, 400, 400, 400];
    const recorded = starts.map((arrival, index) => request({ arrival, promptTokens: index + 1 }));
    const byBatch = tokenTimeByBatch(pairsOf(recorded, recorded));
    expect(byBatch.map(({ from, to }) => [from, to])).toEqual([
      [1, 3],
      [3, 6],
      [6, 6],
    ]);
    expect(byBatch[0]!.mean.error).toBe(0);
  });
});
