import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import type { Replication, RunResult } from "../../../../src/core/results/shape/result.js";
import { axisOf, readRange } from "../../../../src/core/tools/planning/axis.js";
import type { Planning } from "../../../../src/core/tools/planning/candidate.js";
import { planWith, pointOf } from "../../../../src/core/tools/planning/plan-points.js";
import { PLANNED } from "../../../support/planned.js";
import { runResult } from "../../../support/run-result.js";

const axis = axisOf(readRange("pools.shared.replicas=1..10"), { kind: "whole" });
const scenario = parseScenario(PLANNED[0]!.scenario);
const planning: Planning = {
  ...{ scenario, seed: "s", confidence: 0.95, most: 64, gpuCost: { shared: 2 } },
  probe: async () => undefined,
};

function point(index: number, runs: number, requests: number) {
  const replications = Array.from(
    { length: runs },
    (): Replication => ({ seed: "", values: [], weights: [] }),
  );
  const result: RunResult = runResult({ replications });
  const probe = { verdict: "pass", seemsEnough: true, result, clusters: {}, requests } as const;
  return pointOf([[axis, index]], probe, planning);
}

describe("points of a plan", () => {
  it("say what was tried, what it costs and what it took", () => {
    expect(point(3, 5, 700)).toMatchObject({
      values: [{ path: "pools.shared.replicas", text: "4", value: 4 }],
      ...{ gpus: 4, cost: 8, verdict: "pass", objective: null, replications: 5, requests: 700 },
    });
  });

  it("are counted, those that were tried again as well, against all values tried as often as the one that took most", () => {
    const [points, certified] = [[point(3, 4, 400), point(4, 6, 600)], [point(4, 10, 1000)]];
    const seen = { answer: certified[0]!, points, certified, finished: true };
    const plan = planWith("least", [axis], seen, 10, planning);
    expect(plan.work).toEqual({
      ...{ probes: 3, replications: 20, requests: 2000 },
      bruteForce: { values: 10, replications: 10, requests: 10_000 },
    });
    expect(plan).toMatchObject({
      ...{
        schemaVersion: 2,
        kind: "least",
        seed: "s",
        partial: false,
        answer: certified[0],
        points,
        certified,
      },
      range: [{ path: "pools.shared.replicas", from: "1", to: "10" }],
    });
    expect(planWith("least", [axis], { ...seen, finished: false }, 10, planning).partial).toBe(true);
  });

  it("are none where nothing was tried", () => {
    const nothing = { answer: null, points: [], certified: [], finished: false };
    expect(planWith("load", [axis], nothing, 10, planning).work).toMatchObject({
      ...{ probes: 0, bruteForce: { values: 10, replications: 0, requests: 0 } },
    });
  });
});
