import { describe, expect, it } from "vitest";
import { equalityText } from "../../../../src/core/report/text/equality.js";
import type { ThresholdResult } from "../../../../src/core/results/shape/result.js";
import { runResult } from "../../../support/run-result.js";

const METRIC = "overloaded_rate{tier:standard,per:attempt}";

function told(
  expression: string,
  verdict: ThresholdResult["verdict"],
  values: readonly (number | null)[],
  metric = METRIC,
) {
  const { thresholds, estimates } = runResult();
  const threshold = { ...thresholds[0]!, metric, expression, verdict, observed: 0.1 };
  return equalityText(threshold, {
    estimates: [
      { ...estimates[0]!, metric: "ttft{tier:all}" },
      { ...estimates[0]!, metric: METRIC, aggregation: "rate" },
    ],
    replications: values.map((value, run) => ({ seed: `s/${run}`, values: [0, value], weights: [1, 1] })),
  });
}

describe("why a threshold of == or != came out as it did", () => {
  it("is in how many runs the value was that, whichever way it is asked", () => {
    expect(told("rate!=0", "fail", [0, 0.1, 0, 0.2])).toBe("0 in 2 of 4 runs");
    expect(told("rate==0", "fail", [0, 0.1, 0, 0.2])).toBe("0 in 2 of 4 runs");
    expect(told("rate!=0", "pass", [0.1, 0.2])).toBe("0 in none of 2 runs");
    expect(told("rate == 0", "pass", [0, 0, 0])).toBe("0 in all 3 runs");
    expect(told("rate==10%", "fail", [0.1, 0.2])).toBe("10% in 1 of 2 runs");
  });

  it("is of the same measure however its selector is written, and of runs that have data", () => {
    const spaced = "overloaded_rate{ per:attempt, tier:standard }";
    expect(told("rate!=0", "fail", [0, null, 0.2], spaced)).toBe("0 in 1 of 2 runs");
  });

  it("is what all of them give together where each by itself holds", () => {
    expect(told("rate!=10%", "fail", [0.05, 0.15])).toBe("10% over all 2 runs together");
  });

  it("is nothing of one run, of a bound to one side, and of what is not decided", () => {
    expect(told("rate!=0", "fail", [0])).toBeUndefined();
    expect(told("rate<=5%", "fail", [0.1, 0.2])).toBeUndefined();
    expect(told("rate!=0", "undecided", [0.1, 0.2])).toBeUndefined();
  });
});
