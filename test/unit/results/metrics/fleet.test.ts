import { describe, expect, it } from "vitest";
import { FLEET_COLUMNS } from "../../../../src/core/results/metrics/fleet.js";
import { metricNamed } from "../../../../src/core/results/metrics/metrics.js";
import { ALL_OF_IT } from "../../../../src/core/results/metrics/sliced.js";
import { summaryCsv } from "../../../../src/node/results/summary-files.js";
import { runResult } from "../../../support/run-result.js";

describe("GPU-seconds of a fleet", () => {
  const asked = { ...ALL_OF_IT, per: null, aggregation: "count", percentile: null } as const;

  it("are asked for together, but for those of GPUs that no instance held", () => {
    const fleet = { gpuSeconds: { free: 1000, ready: 70, draining: 5, lost: 0.5 } };
    const run = { slices: { tier: [], source: [], account: [] }, sessions: [], recovery: null, fleet };
    expect(metricNamed("gpu_seconds")!.sample(run, asked)).toEqual({ value: 75.5, weight: 1 });
  });

  it("stand in the row of all tiers, a column for each state, 0 for one that did not occur", () => {
    const [header, ...rows] = summaryCsv(runResult())
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const cells = (row: readonly string[]) => FLEET_COLUMNS.map(({ name }) => row[header!.indexOf(name)]);
    expect(new Set(rows.slice(0, -1).flatMap(cells))).toEqual(new Set([""]));
    expect(cells(rows.at(-1)!)).toEqual(["150", "0", "0", "0", "0", "250", "0", "0", "0", "0"]);
  });
});
