import { expect, it } from "vitest";
import type { RunResult, ThresholdVerdict } from "../../../../src/core/results/shape/result.js";
import { probeOf, riskOfTrial } from "../../../../src/core/tools/planning/probe.js";

const resultOf = (verdicts: readonly ThresholdVerdict[], load = "steady", seeds = 2) =>
  ({
    thresholds: verdicts.map((verdict) => ({ verdict, observed: null })),
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
  expect(probeOf(resultOf(verdicts), {})).toMatchObject({ verdict, requests: 7 });
});

it.each([
  ["steady", 2, "pass"],
  ["warming-up", 2, "pass"],
  ["growing", 20, "fail"],
  ["unknown", 20, "undecided"],
  ["steady", 1, "undecided"],
] as const)("a load that is %s on %i seeds is no more than %s", (load, seeds, verdict) => {
  expect(probeOf(resultOf(["pass"], load, seeds), {}).verdict).toBe(verdict);
});

it.each([
  ["<", 0.04, "pass", true],
  ["<", 0.06, "pass", true],
  ["<", 0.04, "undecided", true],
  ["<", 0.06, "undecided", false],
  [">", 0.06, "undecided", true],
  ["<", 0.04, "fail", false],
  ["<", null, "no-data", false],
] as const)("what is %s 5 %% at %s and %s seems enough: %s", (operator, observed, verdict, seemsEnough) => {
  const bound = { operator, value: 0.05 };
  const result = { ...resultOf([]), thresholds: [{ verdict, observed, bound }] } as unknown as RunResult;
  expect(probeOf(result, {}).seemsEnough).toBe(seemsEnough);
});

it("splits failures over the probes of a search, and passes over attempts to certify", () => {
  const own = { seed: "s", most: 64, confidence: 0.95, thresholds: 2 };
  const search = { kind: "search", probes: 24 } as const;
  expect(riskOfTrial(search, own)).toEqual({
    ...{ seed: "s", confidence: 0.95, family: 48, first: 5, most: 16 },
  });
  expect([4, 20].map((most) => riskOfTrial(search, { ...own, most }).most)).toEqual([4, 8]);
  const certified = [0, 1, 2].map((attempts) => riskOfTrial({ kind: "certify", attempts }, own));
  expect(certified.map(({ seed, family, first, most }) => [seed, family, first, most])).toEqual(
    certified.map(() => ["s/certified", 2, 8, 64]),
  );
  const risks = certified.map(({ confidence }) => 1 - confidence);
  for (const [k, risk] of risks.entries()) expect(risk).toBeCloseTo(0.05 / ((k + 1) * (k + 2)));
});
