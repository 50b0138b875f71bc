import { expect, it } from "vitest";
import type { RunResult, ThresholdVerdict } from "../../../../src/core/results/shape/result.js";
import { probeConfidence, probeOf } from "../../../../src/core/tools/planning/probe.js";

const resultOf = (...verdicts: ThresholdVerdict[]) =>
  ({
    thresholds: verdicts.map((verdict) => ({ verdict })),
    all: { requests: { offered: 7 } },
  }) as unknown as RunResult;

it.each([
  [["pass", "pass"], "pass"],
  [["pass", "undecided"], "undecided"],
  [["undecided", "fail"], "fail"],
  [["pass", "no-data"], "fail"],
] as const)("%j is %s", (verdicts, verdict) => {
  expect(probeOf(resultOf(...verdicts))).toMatchObject({ verdict, requests: 7 });
});

it("splits the error over probes, and over more than two thresholds", () => {
  expect(probeConfidence(0.95, 10, 1)).toBeCloseTo(0.995, 12);
  expect(probeConfidence(0.95, 10, 4)).toBeCloseTo(0.9975, 12);
});
