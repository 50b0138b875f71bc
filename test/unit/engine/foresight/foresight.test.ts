// What a run of an autoscaler that foresees shows, from the scenario to the result.
import { describe, expect, it } from "vitest";
import { Engine } from "../../../../src/core/engine/engine.js";
import {
  parseScenario,
  type RunResult,
  type ScenarioInput,
  Simulation,
  simulate,
} from "../../../../src/core/index.js";
import type { Foresight } from "../../../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import { BranchingStreams } from "../../../../src/core/tools/rare/branching-streams.js";
import { RareEstimation } from "../../../../src/core/tools/rare/estimate.js";
import { gear } from "../../../support/mode.js";

type PoolInput = ScenarioInput["pools"][string];
type Source = ScenarioInput["traffic"][string];

const LENGTHS = { input: 10, output: { dist: "exponential", mean: 100 }, mix: { plain: 1 } } as const;

/** Ten calls a second for a minute, one a second for the next, and so on; starts take 20 s. */
const BURSTS = {
  arrivals: {
    process: "poisson",
    phases: [
      { duration: "60s", arrivalRate: 1 },
      { duration: "60s", arrivalRate: 10 },
    ],
    repeat: true,
  },
  ...LENGTHS,
} satisfies Source;

const CALLERS = {
  arrivals: { process: "closed", callers: 30, think: { dist: "exponential", mean: 20 } },
  ...LENGTHS,
} satisfies Source;

function worldOf(
  autoscaler: NonNullable<PoolInput["autoscaler"]>,
  traffic: Source = BURSTS,
  replica: PoolInput["replica"] = {
    engine: "slots",
    slots: 4,
    tokensPerSecond: 20,
  },
): ScenarioInput {
  return {
    schemaVersion: 1,
    duration: "6m",
    warmup: "30s",
    inventory: { gpus: 30 },
    pools: {
      shared: {
        replicas: 6,
        replica,
        gpusPerReplica: 1,
        coldStart: { preset: "warm", init: "20s" },
        admission: { policy: "tail-drop", maxQueue: 8, queueTimeout: "2s" },
        autoscaler,
      },
    },
    paths: { plain: { model: "m", pool: "shared", rank: 0 } },
    traffic: { calls: traffic },
  };
}

const ALL = { algorithm: "clairvoyant", target: 1 } as const;
const shed = ({ all }: RunResult) => all.outcomes.overloaded;

describe("a run that is foreseen", () => {
  it("has the replicas when they are needed: nothing is shed, and nobody waits", () => {
    for (const traffic of [BURSTS, CALLERS]) {
      const found = simulate(worldOf(ALL, traffic));
      expect([shed(found), found.all.queueWait.max]).toEqual([0, 0]);
      expect(found.pools[0]!.replicas!).toBeLessThan(20);
    }
    expect(shed(simulate(worldOf({ algorithm: "target-load", downWindow: "30s" })))).toBeGreaterThan(100);
  });

  it("is the same again, also beside others, and another one with another seed", () => {
    const scenario = parseScenario(worldOf({ ...ALL, leastUse: 0.4 }));
    const text = (run: Simulation) => JSON.stringify(run.result());
    const alone = new Simulation(scenario, { seed: "1" });
    alone.run();
    const [one, other] = [new Simulation(scenario, { seed: "1" }), new Simulation(scenario, { seed: "2" })];
    let [isOver, isOtherOver] = [false, false];
    while (!isOver || !isOtherOver) {
      if (!isOver) isOver = one.run(7);
      if (!isOtherOver) isOtherOver = other.run(11);
    }
    const expected = text(alone);
    expect(text(one)).toBe(expected);
    expect(text(other)).not.toBe(expected);
  });

  it("has the demand that it would have had: what open-loop sources send does not change with what is known", () => {
    const counts = [ALL, { algorithm: "target-load" } as const].map((autoscaler) => {
      const { all } = simulate(worldOf(autoscaler));
      return [all.attempts, all.requests.offered];
    });
    expect(counts[0]).toEqual(counts[1]);
  });

  it("is the same step by step (LAW-5)", () => {
    const replica = {
      engine: "batching",
      profile: "llama-3.1-8b-h100",
      maxSequences: 8,
      kvTokens: 8000,
    } as const;
    // One burst: what is step by step is slow.
    const world = worldOf({ ...ALL, target: 0.8 }, { ...BURSTS, output: 500 }, replica);
    const scenario = { ...world, duration: gear("2m", "6m") };
    const [macro, micro] = [false, true].map((stepByStep) => simulate(scenario, { stepByStep }));
    expect({ ...macro, work: 0 }).toEqual({ ...micro, work: 0 });
    expect(macro!.pools[0]!.replicas!).toBeGreaterThan(1);
  });

  it("shows what a seam makes of it", () => {
    const blind = (foresight: Foresight): Foresight => ({
      ...foresight,
      mostLoad: () => 0,
    });
    const simulation = new Simulation(parseScenario(worldOf({ ...ALL, min: 2 })), {
      seams: { foresight: blind },
    });
    simulation.run();
    expect(simulation.result().pools[0]!.replicas).toBe(2);
  });

  it("cannot branch: rare events are refused, and an engine on branching chance is a fault of ours", () => {
    const scenario = parseScenario(worldOf(ALL));
    expect(() => new RareEstimation(scenario, { tier: "plain" })).toThrow(
      'the autoscaler of pool "shared", clairvoyant, foresees the run',
    );
    expect(() => new Engine(scenario, { seed: new BranchingStreams("1") })).toThrow("that of its seed");
  });
});
