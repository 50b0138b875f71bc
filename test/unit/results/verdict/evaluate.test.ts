import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../../src/core/base/outcome.js";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import type { JudgedRun } from "../../../../src/core/results/metrics/judged.js";
import { OPERATORS, type Operator } from "../../../../src/core/results/metrics/kinds.js";
import { judgedSlice } from "../../../../src/core/results/metrics/tier.js";
import {
  INTERVAL_METHODS,
  type IntervalMethod,
  isInterval,
} from "../../../../src/core/results/shape/interval-method.js";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
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

type Bounds = Partial<Pick<Estimate, "low" | "high" | "method">>;

const judged = (operator: Operator, bound: number, value: number | null, found: Bounds = {}) =>
  verdictOf({ operator, bound }, { value, low: null, high: null, method: "replications", ...found }, false);
const verdict = (operator: Operator, bound: number, value: number, low: number, high: number) =>
  judged(operator, bound, value, { low, high });

/** Of which an interval was wanted and none was to be had. */
const SILENT = (Object.keys(INTERVAL_METHODS) as IntervalMethod[]).filter(
  (method) => !isInterval(method) && !["extreme", "never", "no-data"].includes(method),
);

describe("the result of a threshold", () => {
  const estimate = { low: 1, high: 3, n: 4, method: "replications" } as const;
  const measured = (value: number) => {
    const threshold = stated("ttft{tier:fast}", "p(50) < 250ms");
    const { unit, better, metric, aggregation } = measureOf(threshold.parsed);
    const named = { unit, better, metric, aggregation, oneRun: null };
    return thresholdResult(threshold, { ...estimate, ...named, value }, "fail");
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

  it.each(SILENT)("is open where there is no interval, %s, whatever was observed", (method) => {
    for (const operator of ["<", "<=", ">", ">="] as const) {
      const found = [-1e9, 3, 4, 5, 1e9].map((value) => judged(operator, 4, value, { method }));
      expect(found).toEqual(found.map(() => "undecided"));
    }
    expect([judged("==", 4, 4, { method }), judged("==", 4, 5, { method })]).toEqual(["pass", "fail"]);
    expect([judged("!=", 4, 4, { method }), judged("!=", 4, 5, { method })]).toEqual(["fail", "pass"]);
  });

  it("has silent methods to be open on", () => {
    expect(SILENT).toEqual(["one-seed", "swings", "too-few", "open", "growing"]);
  });

  it("on an extreme is of what was observed: no interval ever shows one", () => {
    const extreme = { method: "extreme" } as const;
    const found = [3, 4, 5].map((value) => judged("<", 4, value, extreme));
    expect(found).toEqual(["pass", "fail", "fail"]);
    expect([3, 4, 5].map((value) => judged(">=", 4, value, extreme))).toEqual(["fail", "pass", "pass"]);
  });

  it("fails on what never came, where it had to come soon", () => {
    const never = { method: "never" } as const;
    expect(judged("<", 4, Number.POSITIVE_INFINITY, never)).toBe("fail");
    expect(judged(">", 4, Number.POSITIVE_INFINITY, never)).toBe("pass");
  });

  it("is none without data, or a pass where that is allowed", () => {
    expect(judged("<", 4, null, { method: "no-data" })).toBe("no-data");
    const nothing = { value: null, low: null, high: null, method: "no-data" } as const;
    expect(verdictOf({ operator: "<", bound: 4 }, nothing, true)).toBe("pass");
  });

  it.each<[Operator, number | null, number | null, string]>([
    ["<", null, 3, "pass"],
    ["<", null, 5, "undecided"],
    ["<", 5, null, "fail"],
    ["<", 3, null, "undecided"],
    ["<=", null, 4, "pass"],
    ["<=", 4, null, "undecided"],
    [">", 5, null, "pass"],
    [">", 3, null, "undecided"],
    [">", null, 3, "fail"],
    [">", null, 4, "fail"],
    [">=", null, 4, "undecided"],
    [">", null, 5, "undecided"],
  ])("on %s 4 of an interval from %s to %s, open to one side, is %s", (operator, low, high, wanted) => {
    expect(judged(operator, 4, low ?? high, { low, high })).toBe(wanted);
  });

  it("on zero events is open until there were enough trials", () => {
    const seen = (high: number) =>
      verdictOf({ operator: "<", bound: 0.001 }, { value: 0, low: 0, high, method: "zero-events" }, false);
    expect([seen(0.002), seen(0.0005)]).toEqual(["undecided", "pass"]);
  });

  const number = fc.integer({ min: -20, max: 20 });
  const sorted = (count: number) =>
    fc.array(number, { minLength: count, maxLength: count }).map((all) => all.sort((a, b) => a - b));

  it("of a half-open interval is that of one that reaches as far as can be there", () => {
    const choice = fc.tuple(sorted(2), number, fc.constantFrom(...OPERATORS), fc.boolean());
    fc.assert(
      fc.property(choice, ([[value, end], bound, operator, isOpenBelow]) => {
        const [open, closed] = isOpenBelow
          ? [
              { low: null, high: end! },
              { low: -1e300, high: end! },
            ]
          : [
              { low: -end!, high: null },
              { low: -end!, high: 1e300 },
            ];
        const at = isOpenBelow ? value! : -value!;
        return judged(operator, bound, at, open) === judged(operator, bound, at, closed);
      }),
    );
  });

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
    const tier = judgedSlice({ name: "standard", columns, cost: null, measured: 10 });
    return { slices: { tier: [tier], source: [], account: [] }, sessions: [], recovery: null, fleet: null };
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
    ["latency{tier:standard}", "avg<9", { value: 4, weight: 2 }],
    ["latency{tier:standard}", "count<9", { value: 2, weight: 1 }],
    ["ttft{tier:standard}", "p(50)<9", { value: null, weight: 1 }],
    ["overloaded_rate{tier:other}", "rate<1", { value: null, weight: 0 }],
    ["session_duration", "p(50)<9", { value: null, weight: 0 }],
    ["recovery_time", "value<9", { value: null, weight: 1 }],
  ])("%s: %s comes with what it is a share of", (metric, expression, wanted) => {
    expect(sample(metric, expression)).toEqual(wanted);
  });
});
