import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeOf, unitOf } from "../../../../src/core/results/metrics/asks.js";
import { aggregationText, kindSpec, OPERATORS } from "../../../../src/core/results/metrics/kinds.js";
import { METRICS } from "../../../../src/core/results/metrics/metrics.js";
import {
  type KnownNames,
  parseThreshold,
  type Threshold,
} from "../../../../src/core/results/verdict/threshold.js";

function problemOf(...given: Parameters<typeof parseThreshold>): string | undefined {
  const parsed = parseThreshold(...given);
  return parsed.ok ? undefined : parsed.problem;
}

const KNOWN: KnownNames = {
  tiers: ["standard", "priority", "fast"],
  sources: ["agents", "chat"],
  accountProblem: (account) => (account === "acme" ? undefined : `no account ${account}`),
};

function read(metric: string, expression: string): Threshold {
  const parsed = parseThreshold(metric, expression, KNOWN);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe("a threshold", () => {
  it.each<[string, string, Partial<Threshold>]>([
    [
      "overloaded_rate{tier:standard}",
      "rate<0.1%",
      {
        metric: "overloaded_rate",
        tier: "standard",
        per: "attempt",
        aggregation: "rate",
        percentile: null,
        operator: "<",
        bound: 0.001,
      },
    ],
    [
      "completed_rate{ per:request , tier:fast}",
      "rate>=99%",
      {
        metric: "completed_rate",
        tier: "fast",
        per: "request",
        aggregation: "rate",
        percentile: null,
        operator: ">=",
        bound: 0.99,
      },
    ],
    [
      "ttft",
      "p(99) <= 250ms",
      { metric: "ttft", tier: "all", aggregation: "p", percentile: 99, operator: "<=", bound: 0.25 },
    ],
    [
      " tokens_per_second { tier : fast } ",
      " p( 5 )>=0.1k ",
      {
        metric: "tokens_per_second",
        tier: "fast",
        aggregation: "p",
        percentile: 5,
        operator: ">=",
        bound: 100,
      },
    ],
    [
      "latency{tier:all}",
      "count!=1.5M",
      {
        metric: "latency",
        tier: "all",
        aggregation: "count",
        percentile: null,
        operator: "!=",
        bound: 1_500_000,
      },
    ],
    [
      "cost",
      "value<12.5",
      { metric: "cost", tier: "all", aggregation: "value", percentile: null, operator: "<", bound: 12.5 },
    ],
    [
      "queue_wait",
      "p(99.9)<5us",
      {
        metric: "queue_wait",
        tier: "all",
        aggregation: "p",
        percentile: 99.9,
        operator: "<",
        bound: 0.000005,
      },
    ],
    [
      "session_duration{source:agents}",
      "p(50)<20s",
      {
        metric: "session_duration",
        source: "agents",
        aggregation: "p",
        percentile: 50,
        operator: "<",
        bound: 20,
      },
    ],
    [
      "overloaded_rate{account:acme,per:request}",
      "rate<5%",
      {
        metric: "overloaded_rate",
        account: "acme",
        per: "request",
        aggregation: "rate",
        percentile: null,
        operator: "<",
        bound: 0.05,
      },
    ],
    [
      "latency{source:chat}",
      "avg<5s",
      { metric: "latency", source: "chat", aggregation: "avg", percentile: null, operator: "<", bound: 5 },
    ],
    [
      "session_abandon_rate",
      "rate<5%",
      { metric: "session_abandon_rate", aggregation: "rate", percentile: null, operator: "<", bound: 0.05 },
    ],
    [
      "recovery_time",
      "value<120s",
      { metric: "recovery_time", aggregation: "value", percentile: null, operator: "<", bound: 120 },
    ],
  ])("%s: %s", (metric, expression, wanted) => {
    const { isPerOpen: _, ...found } = read(metric, expression);
    expect(found).toEqual({ tier: "all", source: "all", account: "all", per: null, ...wanted });
  });

  it.each([
    ["overloded_rate", "rate<1%", 'unknown metric "overloded_rate"; did you mean "overloaded_rate"?'],
    ["zzzzzzzzzzzzz", "rate<1%", /^unknown metric "zzzzzzzzzzzzz"; the metrics are overloaded_rate, /],
    ["", "rate<1%", /is not a metric/],
    ["ttft{tier:standard", "p(99)<1s", /is not a metric/],
    ["ttft{pool:shared}", "p(99)<1s", 'unknown tag "pool"; the tags are "tier", "source", "account"'],
    [
      "ttft{source:agents,tier:fast}",
      "p(99)<1s",
      '"tier" and "source" cannot be combined: a metric is asked by tier, by source or by account, marginals only',
    ],
    ["overloaded_rate{tier:all,per:attempt,account:acme}", "rate<1%", /^"tier" and "account" cannot be comb/],
    ["overloaded_rate{account:acme,source:chat}", "rate<1%", /marginals only$/],
    ["ttft{source:agens}", "p(99)<1s", 'unknown source "agens"; did you mean "agents"?'],
    ["ttft{source:unrouted}", "p(99)<1s", 'unknown source "unrouted"; the sources are agents, chat'],
    ["ttft{account:umbrella}", "p(99)<1s", "no account umbrella"],
    ["ttft{account:}", "p(99)<1s", /needs a value, as in ttft{account:agents-1}/],
    [
      "session_cost{account:acme}",
      "value<1",
      'unknown tag "account"; the only tag of a metric of sessions is "source"',
    ],
    ["gpu_seconds{account:acme}", "count<1", "gpu_seconds is of the whole run and takes no tag"],
    [
      "session_duration{tier:standard}",
      "p(99)<1s",
      'unknown tag "tier"; the only tag of a metric of sessions is "source"',
    ],
    [
      "service_fairness{source:agents}",
      "value>0.9",
      'unknown tag "source"; the only tag of a metric of accounts is "tier"',
    ],
    ["service_fairness", "rate>0.9", "service_fairness is a value and takes value, not rate"],
    ["session_requests{source:agens}", "avg<9", 'unknown source "agens"; did you mean "agents"?'],
    ["sessions{source:zzzzzzz}", "count>9", 'unknown source "zzzzzzz"; the sources are agents, chat'],
    ["recovery_time{tier:standard}", "value<9s", "recovery_time is of the whole run and takes no tag"],
    ["ttft{tier:}", "p(99)<1s", /needs a value/],
    ["ttft{per:attempt}", "p(99)<1s", 'ttft takes no tag "per": it can only be of one thing'],
    ["failure_rate{per:request}", "rate<1%", /failure_rate takes no tag "per"/],
    ["overloaded_rate{per:token}", "rate<1%", '"per" is attempt or request, not "token"'],
    ["overloaded_rate{per:attempt,per:request}", "rate<1%", 'the tag "per" is written twice'],
    ["overloaded_rate{tier:fast,tier:fast}", "rate<1%", 'the tag "tier" is written twice'],
    [
      "overloaded_rate{pool:shared}",
      "rate<1%",
      'unknown tag "pool"; the tags are "tier", "source", "account" besides "per"',
    ],
    ["overloaded_rate{tier:fast,}", "rate<1%", /is not a metric/],
    ["ttft{tier:standart}", "p(99)<1s", 'unknown tier "standart"; did you mean "standard"?'],
    [
      "ttft{tier:background}",
      "p(99)<1s",
      'unknown tier "background"; the tiers are standard, priority, fast',
    ],
    ["ttft", "rate<1s", "ttft is a trend and takes avg, min, med, max, p(N), count, not rate"],
    ["overloaded_rate", "p(99)<1%", "overloaded_rate is a rate and takes rate, not p(N)"],
    ["attempts", "value>5", "attempts is a counter and takes count, not value"],
    ["ttft", "averge<1s", /^unknown aggregation "averge"/],
    ["ttft", "p99<1s", /is not a threshold/],
    ["ttft", "p(101)<1s", /number from 0 to 100/],
    ["ttft", "p()<1s", /number from 0 to 100/],
    ["ttft", "p<1s", /number from 0 to 100/],
    ["ttft", "avg(3)<1s", "avg takes no number in brackets"],
    ["ttft", "avg=1s", '"avg=1s" compares with "="; did you mean "=="?'],
    ["ttft", "avg<", /is not a threshold/],
    ["ttft", "avg<fast", '"fast" is not a number'],
    ["ttft", "avg<1s || true", /is not a number/],
    ["ttft", "avg<10%", /the unit "%" in "10%" does not fit; a bare number, us or ms or s fits here/],
    ["ttft", "avg<1m", /the unit "m"/],
    ["overloaded_rate", "rate<1ms", /does not fit/],
    ["amplification", "value<2k", /write a bare number/],
    [
      "overloaded_rate",
      "rate<5",
      '"rate<5" can only go one way: a rate is from 0 to 1, write 5% for a percentage',
    ],
    ["overloaded_rate", "rate<150%", '"rate<150%" can only go one way: a rate is from 0 to 1'],
    ["service_fairness", "value<1.5", '"value<1.5" can only go one way: service_fairness is from 0 to 1'],
    ["overloaded_rate", "rate>-0.1", '"rate>-0.1" can only go one way: a rate is from 0 to 1'],
    ["ttft", "p(99)<-1s", '"p(99)<-1s" can only go one way: a time is never below 0'],
    ["ttft", "count>-1", '"count>-1" can only go one way: a count is never below 0'],
    ["attempts", "count<1e999", /too large/],
  ])("%s: %s is a problem", (metric, expression, wanted) => {
    expect(problemOf(metric, expression, KNOWN) ?? "").toMatch(
      typeof wanted === "string" ? exactly(wanted) : wanted,
    );
  });

  it("accepts any tier where the tiers are not known", () => {
    expect(problemOf("ttft{tier:background}", "p(99)<1s")).toBeUndefined();
  });

  it("means what was written, for every metric, aggregation, operator and bound", () => {
    const choice = fc.record({
      metric: fc.constantFrom(...METRICS),
      pick: fc.nat(),
      operator: fc.constantFrom(...OPERATORS),
      percentile: fc.integer({ min: 0, max: 100 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      space: fc.constantFrom("", " "),
    });
    fc.assert(
      fc.property(choice, ({ metric, pick, operator, percentile, part, space }) => {
        const allowed = kindSpec(metric.kind).aggregations;
        const aggregation = allowed[pick % allowed.length]!;
        const call = aggregationText(aggregation).replace("N", String(percentile));
        const unit = unitOf(metric, aggregation);
        const most = unit === metric.unit ? Math.min(1e6, rangeOf(metric)[1]) : 1e6;
        const bound = part * most;
        const threshold = read(metric.name, [call, operator, String(bound)].join(space));
        const parts = [threshold.metric, threshold.aggregation, threshold.operator, threshold.bound];
        const same = [metric.name, aggregation, operator, bound].every(
          (written, index) => written === parts[index],
        );
        return same && threshold.percentile === (aggregation === "p" ? percentile : null);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws, whatever is written", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (metric, expression) => {
        const problem = problemOf(metric, expression);
        return problem === undefined || problem.length > 0;
      }),
      { numRuns: 500 },
    );
  });
});

describe("a selector that leaves `per` open", () => {
  it.each([
    ["overloaded_rate", "rate<1%", true],
    ["completed_rate{tier:standard}", "rate<1%", true],
    ["overloaded_rate{per:attempt}", "rate<1%", false],
    ["overloaded_rate{per:attempt,tier:standard}", "rate<1%", false],
    ["rate_limited_rate{ tier:standard , per : request }", "rate<1%", false],
    ["failure_rate", "rate<1%", false],
    ["ttft{tier:standard}", "p(50)<1s", false],
  ])("%s %s: %s", (metric, expression, wanted) => {
    expect(read(metric, expression).isPerOpen).toBe(wanted);
  });
});

describe("the catalogue of metrics", () => {
  it("counts in counts, whatever the metric measures", () => {
    const ttft = METRICS.find((metric) => metric.name === "ttft")!;
    expect([unitOf(ttft, "count"), unitOf(ttft, "avg")]).toEqual(["count", "seconds"]);
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
