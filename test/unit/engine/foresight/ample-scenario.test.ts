import { describe, expect, it } from "vitest";
import { ampleScenario, foreseenPools } from "../../../../src/core/engine/foresight/ample-scenario.js";
import { parseScenario, type ScenarioInput, simulate } from "../../../../src/core/index.js";
import type { Scenario } from "../../../../src/core/scenario/schema.js";

type PoolInput = ScenarioInput["pools"][string];

const REPLICA: PoolInput["replica"] = {
  engine: "slots",
  slots: 1,
  tokensPerSecond: 10,
};

function scenarioOf(
  foreseen: Partial<PoolInput>,
  inventory: ScenarioInput["inventory"] = { gpus: 12 },
): ScenarioInput {
  return {
    schemaVersion: 1,
    duration: "10s",
    inventory,
    pools: {
      one: { replicas: 1, gpusPerReplica: 2, replica: REPLICA, ...foreseen },
      other: {
        replicas: 1,
        gpusPerReplica: 1,
        replica: REPLICA,
        autoscaler: "target-load",
      },
    },
    paths: {
      a: { model: "a", pool: "one", rank: 0 },
      b: { model: "b", pool: "other", rank: 0 },
    },
    traffic: {
      calls: {
        arrivals: { process: "poisson", rate: 5 },
        input: 1,
        output: 5,
        mix: { a: 0.5, b: 0.5 },
      },
    },
  };
}

const clairvoyant = (options: object) => ({
  autoscaler: { algorithm: "clairvoyant", ...options } as const,
});

describe("the scenario of an ample run", () => {
  it("gives a pool that is foreseen the most replicas that it may have, on GPUs of its own, all the time", () => {
    const { pools, inventory } = ampleScenario(parseScenario(scenarioOf(clairvoyant({}))));
    expect(pools["one"]).toMatchObject({ replicas: 6, warmPool: 0 });
    const { steps, min } = pools["one"]!.autoscaler as { steps?: unknown; min: number };
    expect([steps, min]).toEqual([[{ at: 0, replicas: 6 }], 0]);
    expect(inventory.gpus).toBe(24);
    expect(inventory.types.map(({ gpusPerNode, nodes }) => gpusPerNode * nodes)).toEqual([12, 12]);
    expect(pools["one"]!.nodes).toEqual([inventory.types[1]!.name]);
  });

  it("keeps to the bounds of its autoscaler", () => {
    const most = (options: object) =>
      ampleScenario(parseScenario(scenarioOf(clairvoyant(options)))).pools["one"]!.replicas;
    expect([most({ max: 4 }), most({ max: 9 }), most({ min: 0, max: 1 })]).toEqual([4, 6, 1]);
  });

  it("leaves other pools what they had, and nothing of what is there for those that are foreseen", () => {
    const scenario = parseScenario(scenarioOf(clairvoyant({})));
    const { pools, inventory } = ampleScenario(scenario);
    const { nodes, ...other } = pools["other"]!;
    expect(other).toEqual(scenario.pools["other"]);
    expect(nodes).toEqual([inventory.types[0]!.name]);
  });

  it("has such a pool from the start where its model is launched later", () => {
    const input = scenarioOf(clairvoyant({ max: 4 }));
    const launched = { ...input, paths: { ...input.paths, a: { ...input.paths["a"]!, launch: "8s" } } };
    expect(simulate(ampleScenario(parseScenario(launched))).pools[0]!.replicas).toBe(4);
    expect(simulate(launched).tiers[0]!.outcomes.completed).toBeGreaterThan(0);
  });

  it("is one that runs, and nobody in it foresees", () => {
    const ample = ampleScenario(parseScenario(scenarioOf(clairvoyant({ max: 4 }))));
    expect(foreseenPools(ample)).toEqual([undefined, undefined]);
    const [one] = simulate(ample).pools;
    expect(one!.replicas).toBe(4);
  });

  it("is looked at eight times from one decision to the next, but no more than a hundred times a second", () => {
    const finely = (interval: string) => foreseenPools(parseScenario(scenarioOf(clairvoyant({ interval }))));
    expect(finely("4s")).toEqual([500_000, undefined]);
    expect(finely("10m")).toEqual([1_000_000, undefined]);
    expect(finely("100ms")).toEqual([12_500, undefined]);
  });

  it.each<[string, Partial<ScenarioInput>]>([
    ["a node", { faults: { f: { fault: "node-loss", at: "3s", nodes: "100%" } } }],
    ["a rack", { faults: { f: { fault: "rack-loss", at: "3s", racks: "100%" } } }],
    ["an instance that crashes", { faults: { f: { fault: "instance-crash", at: "3s", instances: "100%" } } }],
    ["one that hangs, of all pools", { faults: { f: { fault: "hang", at: "3s", instances: "100%" } } }],
    [
      "one that slows down",
      { faults: { f: { fault: "slow-down", at: "3s", pool: "one", instances: "100%" } } },
    ],
    ["one by chance", { faults: { f: { fault: "instance-crash", mtbf: "1s", pool: "one" } } }],
    ["instances in an outage", { outages: [{ pool: "one", from: "3s", for: "5s", instances: 2 }] }],
  ])("loses nothing of what is foreseen to a fault: %s", (_, broken) => {
    const input = scenarioOf(clairvoyant({}), { nodes: { h: { count: 12, gpusPerNode: 1 } } });
    const served = (scenario: Scenario) => simulate(scenario).tiers[0];
    const whole = served(ampleScenario(parseScenario(input)));
    const struck = ampleScenario(parseScenario({ ...input, ...broken }));
    expect(served(struck)).toEqual(whole);
    const types = struck.inventory.types.map(({ isSpared, ...type }) => type);
    expect(served({ ...struck, inventory: { ...struck.inventory, types } })).not.toEqual(whole);
  });

  it.each<[string, Partial<ScenarioInput>]>([
    [
      "an incident",
      { faults: { f: { fault: "incident", at: "3s", pool: "one", least: "90%", most: "90%" } } },
    ],
    ["an outage of the pool", { outages: [{ pool: "one", from: "3s", for: "5s" }] }],
  ])("answers as the world does where that has nothing to do with capacity: %s", (_, broken) => {
    const struck = parseScenario({ ...scenarioOf(clairvoyant({})), ...broken });
    expect(simulate(ampleScenario(struck)).tiers[0]!.outcomes.unavailable).toBeGreaterThan(5);
  });

  it("gives up no instance that is foreseen to a pool that displaces it", () => {
    const { pools, ...input } = scenarioOf(clairvoyant({}), { nodes: { h: { count: 6, gpusPerNode: 1 } } });
    const steps = [
      { at: 0, replicas: 1 },
      { at: "1s", replicas: 6 },
    ];
    const other: PoolInput = {
      ...pools["other"]!,
      gpusPerReplica: 2,
      displaces: ["one"],
      autoscaler: { algorithm: "schedule", steps },
    };
    const [one] = simulate(ampleScenario(parseScenario({ ...input, pools: { ...pools, other } }))).pools;
    expect(one!.replicas).toBe(3);
  });
});
