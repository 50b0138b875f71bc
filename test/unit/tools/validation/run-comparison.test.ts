import { describe, expect, it } from "vitest";
import { compareRun } from "../../../../src/core/tools/validation/run-comparison.js";
import { request, served } from "./requests.js";

const SETTINGS = {
  replicas: 1,
  maxSequences: 4,
  maxBatchedTokens: 64,
  maxPrefillSequences: 8,
  kvTokens: 1000,
};
// One decodes from 1 to 11, the other from 13 to 23; each reserves two pages of 64 tokens.
const RUN = [request(), request({ arrival: 12, scheduled: 12 })];
const STEPS = [0, 1, 3].map((start) => ({ start, end: start + 1 }));

describe("compareRun", () => {
  it("measures both runs by the same rule", () => {
    const { batch, kvPages, steps, waitShare, binSeconds } = compareRun(
      served(RUN),
      { ...served(RUN), steps: STEPS },
      SETTINGS,
      undefined,
    );
    expect(binSeconds).toBeCloseTo(23 / 24, 9);
    expect(batch.mean).toEqual({ recorded: null, simulated: 2 / 3, error: null });
    expect(batch.history.recorded).toEqual(batch.history.simulated);
    expect(kvPages.most).toEqual({ recorded: 2, simulated: 2, error: 0 });
    expect(kvPages.mean.recorded).toBeCloseTo((2 * 22) / 23, 6);
    expect(steps.perSecond.simulated).toBeCloseTo(3 / 23, 9);
    expect(steps.meanMillis.simulated).toBe(1000);
    expect(waitShare).toBe(0);
  });

  it("takes batch, memory and steps of the recorded run from its log where there is one", () => {
    const log = {
      start: Float64Array.of(0, 11.5),
      duration: Float64Array.of(11_500, 11_500),
      decoding: Float64Array.of(3, 1),
      pages: Float64Array.of(8, 4),
    };
    const { batch, kvPages, steps } = compareRun(
      served(RUN),
      { ...served(RUN), steps: STEPS },
      SETTINGS,
      log,
    );
    expect([batch.mean.recorded, batch.history.recorded[0], batch.history.recorded[23]]).toEqual([
      2,
      expect.closeTo(3, 9),
      expect.closeTo(1, 9),
    ]);
    expect([kvPages.mean.recorded, kvPages.most.recorded]).toEqual([expect.closeTo(6, 9), 8]);
    expect([steps.meanMillis.recorded, steps.perSecond.recorded]).toEqual([11_500, 2 / 23]);
  });

  it("knows how much of the wait for a first token was waiting for a place", () => {
    const late = served([request({ scheduled: 3 })]);
    const { waitShare } = compareRun(late, { ...late, steps: STEPS }, SETTINGS, undefined);
    expect(waitShare).toBe(0.75);
  });

  it("takes it from what was recorded where that is not told: no model is excused by its own queue", () => {
    const shareOf = (recorded: number, scheduled: number, simulated: number) =>
      compareRun(
        served([request({ firstToken: recorded, finish: 20 })]),
        { ...served([request({ scheduled, firstToken: simulated, finish: 20 })]), steps: STEPS },
        SETTINGS,
        undefined,
      ).waitShare;
    expect(shareOf(1, 9, 10)).toBe(0);
    expect(shareOf(10, 9, 10)).toBeCloseTo(0.9, 9);
    expect(shareOf(10, 0, 1)).toBeCloseTo(0.9, 9);
  });
});
