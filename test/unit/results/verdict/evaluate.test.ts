import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import type { JudgedRun } from "../../../../src/core/results/metrics/judged.js";
import { OPERATORS, type Operator } from "../../../../src/core/results/metrics/kinds.js";
import { judgedTier } from "../../../../src/core/results/metrics/tier.js";
import { holds, observe, thresholdResult, verdictOf } from "../../../../src/core/results/verdict/evaluate.js";
import { measureOf } from "../../../../src/core/results/verdict/measures.js";
import { parseThreshold } from "../../../../src/core/results/verdict/threshold.js";
import { gear } from "../../../support/mode.js";
import { stated } from "../../../support/stated-threshold.js";

const MIRRORED: Readonly<Record<Operator, Operator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

const verdict = (operator: Operator, bound: number, value: number | null, low?: number, high?: number) =>
  verdictOf(
    { operator, bound },
    {
      value,
      low: low ?? null,
      high: high ?? null,
      method: low === undefined ? "none" : "replications",
    },
    false,
  );

describe("the result of a threshold", () => {
  const estimate = { low: 1, high: 3, n: 4, method: "replications" } as const;
  const measured = (value: number) => {
    const threshold = stated("ttft{tier:fast}", "p(50) < 250ms");
    const { unit, better, metric, aggregation } = measureOf(threshold.parsed);
    return thresholdResult(threshold, { ...estimate, unit, better, metric, aggregation, value }, "fail");
  };

  it("has the threshold as written and as it is meant", () => {
    expect(measured(2)).toEqual({
      metric: "ttft{tier:fast}",
      expression: "p(50) < 250ms",
      bound: { operator: "<", value: 0.25, unit: "seconds" },
      verdict: "fail",
      observed: 2,
      ...estimate,
    });
  });

  it("observes nothing where the value never came", () => {
    expect(measured(Number.POSITIVE_INFINITY).observed).toBeNull();
  });
});

describe("a verdict", () => {
  it.each<[Operator, number, number, string]>([
    ["<", 1, 3, "pass"],
    ["<", 1, 4, "undecided"],
    ["<=", 1, 4, "pass"],
    ["<", 4, 5, "fail"],
    ["<=", 4, 5, "undecided"],
    [">", 5, 6, "pass"],
    [">", 4, 6, "undecided"],
    [">=", 4, 6, "pass"],
    [">", 1, 4, "fail"],
    [">=", 1, 4, "undecided"],
  ])("on %s 4 of an interval from %d to %d is %s", (operator, low, high, wanted) => {
    expect(verdict(operator, 4, (low + high) / 2, low, high)).toBe(wanted);
  });

  it("on equality is of what was observed, whatever the interval says", () => {
    expect([verdict("==", 0, 0, 0, 0.1), verdict("==", 0, 0.01, 0, 0.1)]).toEqual(["pass", "fail"]);
    expect([verdict("!=", 0, 0, 0, 0.1), verdict("!=", 0, 0.01, 0, 0.1)]).toEqual(["fail", "pass"]);
  });

  it("without an interval is of what was observed, and without data none", () => {
    expect([verdict("<", 4, 3), verdict("<", 4, 5), verdict("<", 4, null)]).toEqual([
      "pass",
      "fail",
      "no-data",
    ]);
    const nothing = { value: null, low: null, high: null, method: "none" } as const;
    expect(verdictOf({ operator: "<", bound: 4 }, nothing, true)).toBe("pass");
  });

  it("is open where more would give an interval, but for equality and for what never came", () => {
    const few = (operator: Operator, value: number) =>
      verdictOf({ operator, bound: 4 }, { value, low: null, high: null, method: "too-few" }, false);
    expect([few("<", 3), few("<", 5)]).toEqual(["undecided", "undecided"]);
    expect([few("==", 4), few("==", 5), few("<", Number.POSITIVE_INFINITY)]).toEqual([
      "pass",
      "fail",
      "fail",
    ]);
  });

  it("on zero events is open until there were enough trials", () => {
    const seen = (high: number) =>
      verdictOf({ operator: "<", bound: 0.001 }, { value: 0, low: 0, high, method: "zero-events" }, false);
    expect([seen(0.002), seen(0.0005)]).toEqual(["undecided", "pass"]);
  });

  const number = fc.integer({ min: -20, max: 20 });
  const sorted = (count: number) =>
    fc.array(number, { minLength: count, maxLength: count }).map((all) => all.sort((a, b) => a - b));

  it("never turns from one decision to the other as the interval narrows", () => {
    const choice = fc.tuple(sorted(5), number, fc.constantFrom<Operator>("<", "<=", ">", ">="));
    fc.assert(
      fc.property(choice, ([[low, from, value, to, high], bound, operator]) => {
        const wide = verdict(operator, bound, value!, low!, high!);
        const narrow = verdict(operator, bound, value!, from!, to!);
        return wide === "undecided" || narrow === wide;
      }),
      { numRuns: gear(500, 2000) },
    );
  });

  it("is the same with both sides mirrored, and agrees with the value where it is decided", () => {
    const choice = fc.tuple(sorted(3), number, fc.constantFrom(...OPERATORS));
    fc.assert(
      fc.property(choice, ([[low, value, high], bound, operator]) => {
        const found = verdict(operator, bound, value!, low!, high!);
        const mirrored = verdict(MIRRORED[operator], -bound, -value!, -high!, -low!);
        const isDecided = found !== "undecided";
        return found === mirrored && (!isDecided || (found === "pass") === holds(value!, operator, bound));
      }),
      { numRuns: gear(500, 2000) },
    );
  });
});

describe("what a run says of a rate", () => {
  /** Three requests in five attempts: one completed at once, one after a 503, one gave up after two 503. */
  function run(): JudgedRun {
    const columns = new TierColumns();
    columns.attempts = 5;
    columns.requestsOffered = 3;
    columns.requestAttempts = 5;
    const shed = reasonCode("overloaded_capacity");
    for (const _ of [1, 2, 3]) columns.attemptFailed(shed);
    for (const _ of [1, 2]) columns.attemptCompleted(4, 10);
    for (const reason of [reasonCode("none"), reasonCode("none"), shed]) columns.requestEnded(reason);
    const tier = judgedTier({ tier: "standard", columns, cost: null, measured: 10 });
    return { tiers: [tier], sessions: [], recovery: null, fleet: null };
  }
  const sample = (metric: string, expression: string) => {
    const parsed = parseThreshold(metric, expression);
    if (!parsed.ok) throw new Error(parsed.problem);
    return observe(measureOf(parsed.value).subject, run());
  };

  it.each([
    ["overloaded_rate{tier:standard,per:attempt}", "rate<1", { value: 3 / 5, weight: 5 }],
    ["overloaded_rate{tier:standard,per:request}", "rate<1", { value: 1 / 3, weight: 3 }],
    ["rate_limited_rate{tier:standard,per:request}", "rate<1", { value: 0, weight: 3 }],
    ["completed_rate{tier:standard,per:attempt}", "rate<1", { value: 2 / 5, weight: 5 }],
    ["completed_rate{tier:standard,per:request}", "rate<1", { value: 2 / 3, weight: 3 }],
    ["timed_out_rate{tier:standard,per:attempt}", "rate<1", { value: 0, weight: 5 }],
    ["timed_out_rate{tier:standard,per:request}", "rate<1", { value: 0, weight: 3 }],
    ["give_up_rate{tier:standard}", "rate<1", { value: 1 / 3, weight: 3 }],
    ["amplification{tier:standard}", "value<9", { value: 5 / 3, weight: 3 }],
    ["latency{tier:standard}", "p(50)<9", { value: 4, weight: 1 }],
    ["ttft{tier:standard}", "p(50)<9", { value: null, weight: 1 }],
    ["overloaded_rate{tier:other}", "rate<1", { value: null, weight: 0 }],
    ["session_duration", "p(50)<9", { value: null, weight: 0 }],
    ["recovery_time", "value<9", { value: null, weight: 1 }],
  ])("%s: %s comes with what it is a share of", (metric, expression, wanted) => {
    expect(sample(metric, expression)).toEqual(wanted);
  });
});
