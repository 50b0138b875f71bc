import { expect, it } from "vitest";
import { readRecordedSteps } from "../../../../src/core/tools/validation/recorded-steps.js";

it("reads when steps began and how full they were", () => {
  const text = "start_s,n_decode,duration_ms\n0.5,3,7.5\n0.6,4,8\n";
  const steps = readRecordedSteps([text], "s.csv");
  expect([[...steps!.start], [...steps!.duration], [...steps!.decoding]]).toEqual([
    [0.5, 0.6],
    [7.5, 8],
    [3, 4],
  ]);
  expect(steps!.pages).toBeUndefined();
});

it("has nothing of a log of single timed steps", () => {
  expect(readRecordedSteps(["n_decode,step_ms_p50\n3,7.5\n"], "s.csv")).toBeUndefined();
});
