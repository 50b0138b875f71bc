import { describe, expect, it } from "vitest";
import { kindSpec } from "../../../../src/core/results/metrics/kinds.js";
import { METRICS, metricNamed, unknownMetric } from "../../../../src/core/results/metrics/metrics.js";
import { ALL_OF_IT, tagsOf } from "../../../../src/core/results/metrics/sliced.js";
import { unitSpec } from "../../../../src/core/results/metrics/units.js";

describe("the metrics that thresholds may name", () => {
  it("have names of their own, by which they are found", () => {
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
    for (const metric of METRICS) expect(metricNamed(metric.name)).toBe(metric);
    expect(metricNamed("no_such_metric")).toBeUndefined();
  });

  it("are always estimated only in ways in which a threshold could ask for them", () => {
    for (const { name, kind, isOfEither, always, alwaysOfCallers = [] } of METRICS) {
      for (const { aggregation, per, percentile } of [...always, ...alwaysOfCallers]) {
        expect(kindSpec(kind).aggregations, name).toContain(aggregation);
        expect([per !== null, percentile !== null], name).toEqual([isOfEither, aggregation === "p"]);
      }
    }
  });

  it("are shares of one exactly where they are rates", () => {
    for (const { name, kind, unit } of METRICS) {
      expect([name, unitSpec(unit).range[1] === 1]).toEqual([name, kind === "rate"]);
    }
  });

  it("say nothing of a tier, a source or an account that is not there", () => {
    const nothing = {
      slices: { tier: [], source: [], account: [] },
      sessions: [],
      recovery: null,
      fleet: null,
    };
    for (const { of, sample } of METRICS) {
      for (const tag of tagsOf(of)) {
        const asked = { ...ALL_OF_IT, [tag]: "x", per: null, aggregation: "avg", percentile: null } as const;
        expect(sample(nothing, asked).value).toBeNull();
      }
    }
  });

  it("are proposed for a name that is nearly one", () => {
    expect(unknownMetric("overloded_rate")).toContain('did you mean "overloaded_rate"?');
    expect(unknownMetric("zzzzzzzz")).toContain("the metrics are overloaded_rate, ");
  });
});
