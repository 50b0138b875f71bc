import { describe, expect, it } from "vitest";
import { FLEET_COLUMNS } from "../../../../src/core/results/metrics/fleet.js";
import { metricNamed } from "../../../../src/core/results/metrics/metrics.js";
import { ALL_OF_IT } from "../../../../src/core/results/metrics/sliced.js";
import { summaryCsv } from "../../../../src/node/results/summary-files.js";
import { runResult } from "../../../support/run-result.js";

describe("GPU-seconds of a fleet", () => {
  const asked = { ...ALL_OF_IT, per: null, aggregation: "count", percentile: null } as const;

  it("are asked for together, but for those of GPUs that no instance held", () => {
    const gpuSeconds = { free: 1000, gone: 20, ready: 70, draining: 5, lost: 0.5 };
    const fleet = { gpus: 8, gpuSeconds, scaling: null, isPriced: false, costs: null };
    const run = { slices: { tier: [], source: [], account: [] }, sessions: [], recovery: null, fleet };
    expect(metricNamed("gpu_seconds")!.sample(run, asked)).toEqual({ value: 75.5, weight: 1 });
  });

  it("stand in the row of all tiers, a column for each state, 0 for one that did not occur", () => {
    const gpuSeconds = { free: 150, ready: 250, gone: 7 };
    const base = runResult();
    const [header, ...rows] = summaryCsv({ ...base, fleet: { ...base.fleet, gpuSeconds } })
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const columns = FLEET_COLUMNS.map(({ name }) => name);
    const cells = (row: readonly string[]) => columns.map((name) => row[header!.indexOf(name)]);
    expect(new Set(rows.slice(0, -1).flatMap(cells))).toEqual(new Set([""]));
    const states = cells(rows.at(-1)!).slice(0, 11);
    expect(states).toEqual(["150", "0", "0", "0", "0", "250", "0", "0", "0", "0", "7"]);
    // Nothing is known of what it cost and of how it was scaled.
    expect(new Set(cells(rows.at(-1)!).slice(11))).toEqual(new Set([""]));
  });
});
