import { expect, it } from "vitest";
import type { RunResult, ThresholdVerdict } from "../../../../src/core/results/shape/result.js";
import { probeConfidence, probeOf } from "../../../../src/core/tools/planning/probe.js";

const resultOf = (verdicts: readonly ThresholdVerdict[], load = "steady", seeds = 2) =>
  ({
    thresholds: verdicts.map((verdict) => ({ verdict })),
    all: { requests: { offered: 7 } },
    load: { verdict: load },
    replications: Array.from({ length: seeds }),
  }) as unknown as RunResult;

it.each([
  [["pass", "pass"], "pass"],
  [["pass", "undecided"], "undecided"],
  [["undecided", "fail"], "fail"],
  [["pass", "no-data"], "fail"],
] as const)("%j is %s", (verdicts, verdict) => {
  expect(probeOf(resultOf(verdicts))).toMatchObject({ verdict, requests: 7 });
});

it.each([
  ["steady", 2, "pass"],
  ["warming-up", 2, "pass"],
  ["growing", 20, "fail"],
  ["unknown", 20, "undecided"],
  ["steady", 1, "undecided"],
] as const)("a load that is %s on %i seeds is no more than %s", (load, seeds, verdict) => {
  expect(probeOf(resultOf(["pass"], load, seeds)).verdict).toBe(verdict);
});

it("splits the error over probes", () => {
  expect(probeConfidence(0.95, 1)).toBe(0.95);
  expect(probeConfidence(0.95, 10)).toBeCloseTo(0.995, 12);
});
