import { describe, expect, it } from "vitest";
import { FLEET_ROWS, fleetResult } from "../../../../src/core/results/metrics/fleet.js";
import { metricNamed } from "../../../../src/core/results/metrics/metrics.js";
import { pooledRows } from "../../../../src/core/results/metrics/rows.js";
import { ALL_OF_IT } from "../../../../src/core/results/metrics/sliced.js";
import { fleetOf, gpuCosts, pooledFrom } from "./fleets.js";

const asked = { ...ALL_OF_IT, per: null, aggregation: "value", percentile: null } as const;
const sampleOf = (name: string, costs: ReturnType<typeof gpuCosts> | null) =>
  metricNamed(name)!.sample(fleetOf({ costs }), asked);
const resultOf = (costs: ReturnType<typeof gpuCosts> | null) => fleetResult(fleetOf({ costs }).fleet!);

describe("what GPUs cost", () => {
  it("is told by the hour, the month, the tokens and the sessions", () => {
    expect(resultOf(gpuCosts({ sessions: 12 })).gpuCost).toEqual({
      ...{ total: 6, unused: 0, hours: 0.5, tokens: 3e6, sessions: 12 },
      ...{ perHour: 12, perMonth: 12 * 730, perMillionTokens: 2, perSession: 0.5 },
    });
    const { gpuCost } = resultOf(gpuCosts({ tokens: 0 }));
    expect([gpuCost!.perMillionTokens, gpuCost!.perSession]).toEqual([null, null]);
    expect(resultOf(null).gpuCost).toBeNull();
  });

  it("can be asked for by a threshold: a rate weighs as much as what it is by", () => {
    const costs = gpuCosts({ sessions: 12 });
    expect(sampleOf("gpu_cost", costs)).toEqual({ value: 6, weight: 1 });
    expect(sampleOf("cost_per_hour", costs)).toEqual({ value: 12, weight: 0.5 });
    expect(sampleOf("cost_per_month", costs)).toEqual({ value: 8760, weight: 0.5 / 730 });
    expect(sampleOf("cost_per_million_tokens", costs)).toEqual({ value: 2, weight: 3 });
    expect(sampleOf("cost_per_session", costs)).toEqual({ value: 0.5, weight: 12 });
    expect(sampleOf("cost_per_session", gpuCosts({}))).toEqual({ value: null, weight: 0 });
    expect(sampleOf("gpu_cost", null).value).toBeNull();
  });

  it("over replications is a sum, by sums of what there was: each as often as its seed stands for", () => {
    const rows = [gpuCosts({ total: 2, tokens: 1e6 }), gpuCosts({ total: 4, tokens: 9e6 })].map(resultOf);
    expect(pooledRows(FLEET_ROWS, rows, pooledFrom(2, [3, 1])).gpuCost).toMatchObject({
      ...{ total: 10, hours: 2, tokens: 12e6, sessions: null },
      ...{ perHour: 5, perMillionTokens: 10 / 12, perSession: null },
    });
  });

  it("is not known of all where it is not of one", () => {
    expect(pooledRows(FLEET_ROWS, [gpuCosts({}), null].map(resultOf), pooledFrom(2)).gpuCost).toBeNull();
  });
});
