import { describe, expect, it } from "vitest";
import { buildPools, type Pools } from "../../../../src/core/engine/world/build-pools.js";
import { buildPaths } from "../../../../src/core/engine/world/paths.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { profileByName } from "../../../../src/core/server/profile/registry.js";
import { MacroReplica } from "../../../../src/core/server/replica/batching/macro-replica.js";
import { StepReplica } from "../../../../src/core/server/replica/batching/step-replica.js";
import { tinyScenario } from "../tiny.js";

type Replica = ScenarioInput["pools"][string]["replica"];

function build(replica: Replica, stepByStep = false): Pools {
  const scenario = parseScenario(tinyScenario({ pool: { replicas: 2, replica } }));
  const listener = { firstToken: () => undefined, completed: () => undefined, preempted: () => undefined };
  return buildPools(scenario, buildPaths(scenario), {
    seed: "1",
    events: new EventQueue(),
    listener,
    stepByStep,
  });
}

const PROFILE = "llama-3.1-8b-h100";

describe("the pools of a run", () => {
  it("have of their profile what the scenario leaves out", () => {
    const { node } = profileByName(PROFILE);
    const [replica] = build({ engine: "batching", profile: PROFILE }).replicas;
    const blocks = Math.floor(node!.kvTokens! / 16);
    expect([replica!.slots, replica!.kvTokens]).toEqual([node!.maxSequences, blocks * 16]);
    const stated = build({
      engine: "batching",
      profile: PROFILE,
      maxSequences: 5,
      kvTokens: 1000,
      kvBlockTokens: 10,
    });
    expect([stated.replicas[0]!.slots, stated.replicas[0]!.kvTokens]).toEqual([5, 1000]);
  });

  it("work in macro-steps unless told to go step by step", () => {
    const replica = { engine: "batching", profile: PROFILE } as const;
    expect(
      build(replica)
        .replicas.slice(0, 2)
        .every((each) => each instanceof MacroReplica),
    ).toBe(true);
    expect(
      build(replica, true)
        .replicas.slice(0, 2)
        .every((each) => each instanceof StepReplica),
    ).toBe(true);
  });

  it("have no profile where replicas have no steps, and one row of replicas over all pools", () => {
    const pools = build({ engine: "slots", slots: 3, tokensPerSecond: 1 });
    expect([pools.profiles, [...pools.poolOfReplica], pools.firstReplica]).toEqual([
      [undefined, undefined],
      [0, 0, 1],
      [0, 2],
    ]);
  });

  it("are refused where the token budget of a step is below what its sequences take", () => {
    const replica = { engine: "batching", profile: PROFILE, maxBatchedTokens: 4 } as const;
    expect(() => build(replica)).toThrow(/replica\.maxBatchedTokens: a step gives each of \d+ sequences/);
  });
});
