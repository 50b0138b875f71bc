import { describe, expect, it } from "vitest";
import {
  measureKey,
  measureOf,
  measuresOf,
  repeatedKey,
} from "../../../../src/core/results/verdict/measures.js";
import { parseThreshold, type Threshold } from "../../../../src/core/results/verdict/threshold.js";

function threshold(metric: string, expression: string): Threshold {
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const named = (metric: string, expression: string) => measureOf(threshold(metric, expression));

describe("a measure", () => {
  it.each([
    ["overloaded_rate", "rate<1", "overloaded_rate{tier:all,per:attempt}", "rate", "share", "lower"],
    [
      "overloaded_rate{per:request,tier:fast}",
      "rate<1",
      "overloaded_rate{tier:fast,per:request}",
      "rate",
      "share",
      "lower",
    ],
    ["completed_rate", "rate>0", "completed_rate{tier:all,per:attempt}", "rate", "share", "higher"],
    ["ttft{ tier : fast }", "p(99.9)<1s", "ttft{tier:fast}", "p(99.9)", "seconds", "lower"],
    ["ttft", "count>9", "ttft{tier:all}", "count", "count", "none"],
    ["tokens_per_second", "p(5)>9", "tokens_per_second{tier:all}", "p(5)", "tokens_per_second", "higher"],
    ["attempts", "count>9", "attempts{tier:all}", "count", "count", "none"],
    ["cost", "value<9", "cost{tier:all}", "value", "dollars", "none"],
    ["session_cost{source:a}", "value<9", "session_cost{source:a}", "value", "dollars", "lower"],
    ["recovery_time", "value<9", "recovery_time", "value", "seconds", "lower"],
    ["goodput_after", "value>0.9", "goodput_after", "value", "ratio", "higher"],
  ])("of %s: %s has a name with all its tags", (metric, expression, name, aggregation, unit, better) => {
    expect(named(metric, expression)).toMatchObject({ metric: name, aggregation, unit, better });
  });

  it("has a name that a threshold may write, and that means the same again", () => {
    for (const measure of measuresOf(["standard", "fast"], ["agents"], [])) {
      expect(named(measure.metric, `${measure.aggregation}<0.5`)).toEqual(measure);
    }
  });

  it("is told from others by its name and its aggregation", () => {
    const [half, most, bound] = ["p(50)<1", "p(99)<1", "p(50)>7"].map((text) => named("ttft", text));
    expect(measureKey(half!)).not.toBe(measureKey(most!));
    expect(measureKey(half!)).toBe(measureKey(bound!));
  });
});

describe("the measures of a run", () => {
  const keys = (...args: Parameters<typeof measuresOf>) => measuresOf(...args).map(measureKey);

  it("are the same of every tier and of all together, and others of every source", () => {
    const [both, one, none] = [["a", "b"], ["a"], []].map((tiers) => keys(tiers, [], []));
    const each = none!.length;
    expect([one!.length, both!.length]).toEqual([2 * each, 3 * each]);
    expect(none).toContain("overloaded_rate{tier:all,per:request} rate");
    expect(both).toContain("ttft{tier:b} p(99)");
    expect(keys([], ["agents"], []).slice(each)).toEqual([
      "session_abandon_rate{source:agents} rate",
      "session_duration{source:agents} p(50)",
      "session_cost{source:agents} value",
    ]);
  });

  it("are also what thresholds ask for, once each and last", () => {
    const asked = [
      threshold("ttft{tier:a}", "p(95)<1s"),
      threshold("ttft{tier:a}", "p(95)<2s"),
      threshold("ttft{tier:a}", "p(99)<2s"),
      threshold("recovery_time", "value<9s"),
    ];
    const [with_, without] = [keys(["a"], [], asked), keys(["a"], [], [])];
    expect(with_).toEqual([...without, "ttft{tier:a} p(95)", "recovery_time value"]);
  });

  it("differ from each other", () => {
    const all = keys(["a", "b"], ["s"], []);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("what a measure of all may repeat", () => {
  const tiers = [
    "ttft{tier:a}",
    "overloaded_rate{tier:a,per:attempt}",
    "session_cost{source:s}",
    "recovery_time",
  ];
  it.each([
    ["ttft{tier:all}", tiers, "ttft{tier:a} rate"],
    ["overloaded_rate{tier:all,per:attempt}", tiers, "overloaded_rate{tier:a,per:attempt} rate"],
    ["session_cost{source:all}", tiers, "session_cost{source:s} rate"],
    ["ttft{tier:all}", [...tiers, "ttft{tier:b}"], undefined],
    ["ttft{tier:a}", tiers, undefined],
    ["recovery_time", tiers, undefined],
  ])("%s beside %j: %s", (metric, metrics, repeated) => {
    expect(repeatedKey({ metric, aggregation: "rate" }, metrics)).toBe(repeated);
  });
});
