import { expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/engine/experiment/simulate.js";
import { candidateOverrides, fleetCost } from "../../../../src/core/tools/planning/demand.js";
import { PLANNED } from "../../../support/planned.js";

const scenario = parseScenario(PLANNED[0]!.scenario);

it("scales arrivals and lets the inventory grow with the pools", () => {
  const set = candidateOverrides(scenario, [["pools.shared.replicas", "9"]], 1.5);
  expect(set).toEqual(["pools.shared.replicas=9", "inventory.gpus=9", "traffic.calls.arrivals.rate=60"]);
  expect(candidateOverrides(scenario, [], 1)).toEqual([]);
});

it("weighs a pool's GPUs by their cost", () => {
  expect(fleetCost(scenario, [["pools.shared.replicas", "9"]], { shared: 2 })).toEqual({ gpus: 9, cost: 18 });
});
