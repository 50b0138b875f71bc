import { expect, it } from "vitest";
import type { Duration } from "../../../../src/core/base/units.js";
import { parseScenario } from "../../../../src/core/engine/experiment/simulate.js";
import { candidateOverrides, fleetCost } from "../../../../src/core/tools/planning/demand.js";
import { PLANNED } from "../../../support/planned.js";

const scenario = parseScenario(PLANNED[0]!.scenario);

it("scales arrivals and lets the inventory grow with the pools", () => {
  const set = candidateOverrides(scenario, [["pools.shared.replicas", "9"]], 1.5);
  expect(set).toEqual(["pools.shared.replicas=9", "inventory.gpus=9", "traffic.calls.arrivals.rate=60"]);
  expect(candidateOverrides(scenario, [], 1)).toEqual([]);
});

it("lets the inventory grow as far as a schedule needs it beside the replicas of the start", () => {
  const other = {
    ...scenario.pools["shared"]!,
    replicas: 1,
    schedule: [{ at: 60e6 as Duration, replicas: 5 }],
  };
  const both = { ...scenario, pools: { ...scenario.pools, other } };
  expect(candidateOverrides(both, [["pools.shared.replicas", "9"]], 1)).toContain("inventory.gpus=14");
});

it("weighs a pool's GPUs by their cost", () => {
  expect(fleetCost(scenario, [["pools.shared.replicas", "9"]], { shared: 2 })).toEqual({ gpus: 9, cost: 18 });
});
