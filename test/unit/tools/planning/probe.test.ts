import { describe, expect, it } from "vitest";
import type { RunResult, ThresholdVerdict } from "../../../../src/core/results/shape/result.js";
import { probeOf, riskOfTrial } from "../../../../src/core/tools/planning/probe.js";
import { stated } from "../../../support/stated-threshold.js";

const resultOf = (verdicts: readonly ThresholdVerdict[], load = "steady", seeds = 2) =>
  ({
    thresholds: verdicts.map((verdict) => ({ verdict, observed: null })),
    all: { requests: { offered: 7 } },
    load: { verdict: load },
    estimates: [],
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

describe("the risk of a trial", () => {
  const threshold = (expression: string) => stated("overloaded_rate{tier:standard}", expression);
  const own = {
    ...{ seed: "s", most: 64, confidence: 0.95 },
    thresholds: [threshold("rate<1%"), threshold("rate<2%")],
  };
  const search = { kind: "search", probes: 24 } as const;

  it("of a search is for failures of all its probes, on a quarter of the runs", () => {
    expect(riskOfTrial(search, own)).toEqual({
      ...{ kind: "search", seed: "s", confidence: 0.95, share: 1, family: 48 },
      ...{ isFixed: false, isCompared: false, first: 5, most: 16 },
    });
    expect([4, 20].map((most) => riskOfTrial(search, { ...own, most }).most)).toEqual([4, 8]);
  });

  it("of values that are compared is on equally many runs each", () => {
    const compared = (most: number) => riskOfTrial({ ...search, isCompared: true }, { ...own, most });
    expect([8, 16, 64].map((most) => [compared(most).isFixed, compared(most).most])).toEqual([
      ...[
        [true, 8],
        [true, 16],
        [true, 16],
      ],
    ]);
  });

  it("of what is certified is split over attempts, on seeds of its own", () => {
    const certified = [0, 1, 2].map((attempts) => riskOfTrial({ kind: "certify", attempts }, own));
    for (const [k, { share, ...rest }] of certified.entries()) {
      expect(share).toBeCloseTo(1 / ((k + 1) * (k + 2)), 12);
      expect(rest).toEqual({
        ...{ kind: "certify", seed: "s/certified", confidence: 0.95, family: 20 },
        ...{ isFixed: false, isCompared: false, first: 8, most: 64 },
      });
    }
  });

  it("of what seemed to break the order is half of it, on seeds that neither has seen, equally many of each", () => {
    expect(riskOfTrial({ kind: "order" }, own)).toEqual({
      ...{ kind: "order", seed: "s/order", confidence: 0.95, share: 0.5, family: 2 },
      ...{ isFixed: true, isCompared: true, first: 8, most: 64 },
    });
  });

  it("of what a threshold asserts of all runs takes all of them", () => {
    const certified = (thresholds: typeof own.thresholds) =>
      riskOfTrial({ kind: "certify", attempts: 0 }, { ...own, thresholds });
    expect(certified([threshold("rate<1%"), threshold("rate==0")])).toMatchObject({
      isFixed: true,
      most: 64,
    });
    expect(certified([stated("ttft{tier:standard}", "max<1s")]).isFixed).toBe(true);
  });
});

it("one run is enough where nothing in it is drawn", () => {
  const only = resultOf(["pass"], "steady", 1);
  const ofBatches = { ...only, estimates: [{ method: "batches" }] } as unknown as RunResult;
  expect(probeOf({ ...only, estimates: [] }, {}).verdict).toBe("undecided");
  expect(probeOf(ofBatches, {}).verdict).toBe("pass");
});
