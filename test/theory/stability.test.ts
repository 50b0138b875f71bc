// What `stability` says of fleets whose fate is known: a trigger that does nothing is no storm at any rate, and neither
// is a backlog that takes long to go.
import { describe, expect, test } from "vitest";
import {
  parseScenario,
  type ScenarioInput,
  Simulation,
  seedOutcome,
  stabilityOf,
} from "../../src/core/index.js";
import { gear } from "../support/mode.js";
import { lossSystem } from "../support/oracle.js";

const SEEDS = 20;

function stabilities(scenario: ScenarioInput, experiments: number) {
  const parsed = parseScenario(scenario);
  return Array.from({ length: experiments }, (_, experiment) => {
    const outcomes = Array.from({ length: SEEDS }, (__, seed) => {
      const simulation = new Simulation(parsed, { seed: `stability/${experiment}/${seed}`, batches: false });
      simulation.run();
      return seedOutcome(simulation.result());
    });
    return stabilityOf("known", outcomes);
  });
}

/** Fifteen minutes with a trigger in the fifth that nothing follows. */
const idle = (rate: number, slots: number, services: number): ScenarioInput => ({
  ...lossSystem({
    slots,
    rates: { standard: rate },
    admission: { policy: "none" },
    service: { dist: "exponential", mean: services * 1e6 },
    duration: "900s",
    warmup: "60s",
  }),
  trigger: { from: "300s", for: "10s" },
});

describe("a trigger that does nothing", () => {
  test.each<[string, ScenarioInput]>([
    ["0.5 requests a second", idle(0.5, 1000, 1)],
    ["1 request a second", idle(1, 1000, 1)],
    ["2 requests a second at a load of 0.9", idle(2, 9, 4.05)],
    ...gear<[string, ScenarioInput][]>([], [["5 requests a second", idle(5, 1000, 1)]]),
  ])("leaves %s stable", (_, scenario) => {
    const found = stabilities(scenario, gear(2, 40));
    const wrong = found.filter(({ verdict }) => verdict !== "stable").length;
    expect(wrong).toBeLessThanOrEqual(0.05 * found.length);
  });
});

/** Ten slots at a load of 0.9, a push of so many a second for ten, and callers who wait for twenty seconds. */
function drain(push: number, seconds: number): ScenarioInput {
  const scenario = lossSystem({
    slots: 10,
    rates: { standard: 9 },
    admission: { policy: "none" },
    duration: `${seconds}s`,
    warmup: "60s",
    client: { preset: "none", timeout: "20s", onTimeout: "abandon" },
  });
  const callers = scenario.traffic["callers"]!;
  const phases = [{ pause: "300s" }, { duration: "10s", arrivalRate: push }, { pause: "10h" }];
  const burst = { ...callers, client: "none", arrivals: { process: "poisson", phases } } as const;
  return { ...scenario, traffic: { callers, burst }, trigger: { from: "300s", for: "10s" } };
}

describe("a backlog that drains slowly, and is computed in vain meanwhile", () => {
  test("is not stuck while the run ends before it is gone", () => {
    for (const { stuck } of stabilities(drain(200, 1500), gear(1, 10))) expect(stuck).toBe(0);
  });

  test("has recovered in a run that sees it gone", () => {
    for (const one of stabilities(drain(60, 1500), gear(1, 10))) expect(one.verdict).toBe("stable");
  });
});
