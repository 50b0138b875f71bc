import { describe, expect, it } from "vitest";
import { TierColumns } from "../../../../src/core/results/ledger/tier-columns.js";
import type { JudgedRun } from "../../../../src/core/results/metrics/judged.js";
import { METRICS } from "../../../../src/core/results/metrics/metrics.js";
import { judgedSessions } from "../../../../src/core/results/metrics/sessions.js";
import { judgedSlice } from "../../../../src/core/results/metrics/tier.js";
import {
  measureKey,
  measureOf,
  measuresOf,
  rankedTrends,
  repeatedKey,
} from "../../../../src/core/results/verdict/measures.js";
import { parseThreshold, type Threshold } from "../../../../src/core/results/verdict/threshold.js";
import { sessionTotals } from "../shape/session-totals.js";

function threshold(metric: string, expression: string): Threshold {
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const ALL = {
  tiers: ["standard", "fast"],
  sources: ["agents", "chat"],
  accounts: ["agents-1"],
  sessions: ["agents"],
};
const NONE = { tiers: [], sources: [], accounts: [], sessions: [] };

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
    ["ttft{source:a}", "p(50)<1s", "ttft{source:a}", "p(50)", "seconds", "lower"],
    ["ttft{source:all}", "p(50)<1s", "ttft{tier:all}", "p(50)", "seconds", "lower"],
    [
      "rate_limited_rate{account:b-1}",
      "rate<1",
      "rate_limited_rate{account:b-1,per:attempt}",
      "rate",
      "share",
      "lower",
    ],
    ["session_cost{source:a}", "value<9", "session_cost{source:a}", "value", "dollars", "lower"],
    ["recovery_time", "value<9", "recovery_time", "value", "seconds", "lower"],
    ["goodput_after", "value>0.9", "goodput_after", "value", "ratio", "higher"],
  ])("of %s: %s has a name with all its tags", (metric, expression, name, aggregation, unit, better) => {
    expect(named(metric, expression)).toMatchObject({ metric: name, aggregation, unit, better });
  });

  it("has a name that a threshold may write, and that means the same again", () => {
    for (const measure of measuresOf(ALL, [])) {
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
    const [both, one, none] = [["a", "b"], ["a"], []].map((tiers) => keys({ ...NONE, tiers }, []));
    const each = none!.length;
    expect([one!.length, both!.length]).toEqual([2 * each, 3 * each]);
    expect(none).toContain("overloaded_rate{tier:all,per:request} rate");
    expect(both).toContain("ttft{tier:b} p(99)");
    expect(keys({ ...NONE, sessions: ["agents"] }, []).slice(each)).toEqual([
      "session_abandon_rate{source:agents} rate",
      "session_duration{source:agents} p(50)",
      "session_cost{source:agents} value",
    ]);
  });

  it("are what GPUs cost, too, where these have prices", () => {
    const each = keys(NONE, []).length;
    expect(keys({ ...NONE, hasPrices: true }, []).slice(each)).toEqual([
      "gpu_cost value",
      "cost_per_month value",
      "cost_per_million_tokens value",
    ]);
  });

  it("are how fair it was by tier, too, where several accounts are known", () => {
    const several = keys({ ...NONE, tiers: ["fast"], accounts: ["a", "b"] }, []);
    expect(several.filter((key) => /fairness|worst/.test(key))).toEqual([
      "worst_account_overloaded_rate{tier:fast} rate",
      "service_fairness{tier:fast} value",
      "max_min_fairness{tier:fast} value",
      "worst_account_overloaded_rate{tier:all} rate",
      "service_fairness{tier:all} value",
      "max_min_fairness{tier:all} value",
    ]);
    const alone = keys({ ...NONE, accounts: ["a"] }, []);
    expect(alone.filter((key) => /fairness|worst/.test(key))).toEqual([]);
  });

  it("are fewer of a source and of an account, the same of both", () => {
    const each = keys(NONE, []).length;
    const [source, account] = [{ sources: ["chat"] }, { accounts: ["chat"] }].map((some) =>
      keys({ ...NONE, ...some }, []).slice(each),
    );
    expect(source).toEqual([
      "overloaded_rate{source:chat,per:attempt} rate",
      "rate_limited_rate{source:chat,per:attempt} rate",
      "failure_rate{source:chat} rate",
      "ttft{source:chat} p(50)",
      "ttft{source:chat} p(99)",
      "tokens_per_second{source:chat} p(50)",
    ]);
    expect(account).toEqual(source!.map((key) => key.replace("source:", "account:")));
  });

  it("are also what thresholds ask for, once each and last", () => {
    const asked = [
      threshold("ttft{tier:a}", "p(95)<1s"),
      threshold("ttft{tier:a}", "p(95)<2s"),
      threshold("ttft{tier:a}", "p(99)<2s"),
      threshold("recovery_time", "value<9s"),
    ];
    const [with_, without] = [asked, []].map((thresholds) => keys({ ...NONE, tiers: ["a"] }, thresholds));
    expect(with_).toEqual([...without!, "ttft{tier:a} p(95)", "recovery_time value"]);
  });

  it("differ from each other", () => {
    const all = keys(ALL, []);
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

describe("the values of a run's trends", () => {
  const columns = new TierColumns();
  for (const value of [3, 1, 2]) columns.ttft.add(value);
  const slicesOf = (...names: string[]) =>
    names.map((name) => judgedSlice({ name, columns, cost: null, measured: 1 }));
  const slices = {
    tier: slicesOf("a", "all"),
    source: slicesOf("agents", "chat"),
    account: slicesOf("agents-1"),
  };
  const totals = sessionTotals([20, 10]);
  const sessions = ["agents", "all"].map((source) => judgedSessions(source, totals, true));
  const run: JudgedRun = { slices, sessions, recovery: null, fleet: null };
  const ranked = rankedTrends(run);

  it("are in order, under the names of their measures", () => {
    const values = (name: string) => [...ranked[name]!.values];
    expect(values("ttft{tier:a}")).toEqual([1, 2, 3]);
    expect(values("latency{tier:a}")).toEqual([]);
    expect(values("session_duration{source:agents}")).toEqual([10, 20]);
  });

  it("are of every trend, of every slice and source that occurred and of all together", () => {
    const trends = METRICS.filter(({ kind }) => kind === "trend");
    const names = trends.flatMap(({ name, of }) => {
      if (of === "sessions") return sessions.map(({ source }) => `${name}{source:${source}}`);
      return Object.entries(slices).flatMap(([tag, some]) =>
        some.map((one) => `${name}{${tag}:${one.name}}`),
      );
    });
    expect(Object.keys(ranked).sort()).toEqual(names.sort());
    expect(names.length).toBeGreaterThan(10);
    const fewer = { ...slices, tier: slices.tier.slice(1), account: [] };
    const less = Object.keys(rankedTrends({ ...run, sessions: [], slices: fewer }));
    expect(less.filter((name) => /session|tier:a\b|account/.test(name))).toEqual([]);
    expect(less).toContain("ttft{tier:all}");
  });
});
