import { describe, expect, it } from "vitest";
import { Outcome } from "../../../../src/core/base/outcome.js";
import { parseScenario } from "../../../../src/core/engine/experiment/simulate.js";
import { type Scenario, Simulation } from "../../../../src/core/index.js";
import { type Branch, Trajectory } from "../../../../src/core/tools/rare/trajectory.js";
import { smallPool } from "./small-pool.js";

/** Crowding after every event, and what was counted in the end. */
function story(scenario: Scenario, branches: readonly Branch[], tier = 0) {
  const trajectory = new Trajectory({ scenario, tier, outcome: Outcome.overloaded }, "5", branches);
  const from = trajectory.events;
  const crowding = [trajectory.crowding];
  while (trajectory.step()) crowding.push(trajectory.crowding);
  return { from, crowding, attempts: trajectory.attempts, hits: trajectory.hits };
}

const batching = parseScenario({
  schemaVersion: 1,
  duration: "40s",
  warmup: "10s",
  inventory: { gpus: 2 },
  pools: {
    engine: {
      replicas: 2,
      replica: {
        engine: "batching",
        profile: "llama-3.1-8b-h100",
        maxSequences: 4,
        kvTokens: 40_000,
      },
      admission: { policy: "tail-drop", maxQueue: 6 },
    },
  },
  paths: { standard: { model: "m", pool: "engine", rank: 0 } },
  traffic: {
    agents: { arrivals: { profile: "agentic", rate: 1 }, accounts: { count: 5 }, mix: { standard: 1 } },
  },
});

describe.each([
  ["slots", smallPool(), 0],
  ["batches, and agents that go on from answers", batching, 0],
] as const)("a trajectory on %s", (_, scenario, tier) => {
  const plain = story(scenario, []);

  it("is a plain run where it does not branch", () => {
    const simulation = new Simulation(scenario, { seed: "5" });
    simulation.run();
    const row = simulation.result().tiers[tier]!;
    expect([plain.attempts, plain.hits]).toEqual([row.attempts, row.outcomes.overloaded]);
    expect(plain.attempts).toBeGreaterThan(10);
    expect(plain.crowding.length - 1).toBe(simulation.work.events);
  });

  it("repeats itself up to a branch, and only what comes after is another story, the same every time", () => {
    const after = Math.floor(plain.crowding.length / 2);
    const [one, again, other] = ["a", "a", "b"].map((id) => story(scenario, [{ after, id }]));
    expect(one!.from).toBe(after);
    expect(one!.crowding[0]).toBe(plain.crowding[after]);
    expect(one).toEqual(again);
    const rest = plain.crowding.slice(after);
    expect(one!.crowding).not.toEqual(rest);
    expect(other!.crowding).not.toEqual(rest);
    expect(other!.crowding).not.toEqual(one!.crowding);
  });

  it("branches off a branch", () => {
    const first = { after: Math.floor(plain.crowding.length / 3), id: "a" };
    const before = story(scenario, [first]);
    const second = { after: first.after + 20, id: "b" };
    const later = story(scenario, [first, second]);
    expect(later.from).toBe(second.after);
    expect(later.crowding[0]).toBe(before.crowding[20]);
    expect(later.crowding).not.toEqual(before.crowding.slice(20));
  });
});
