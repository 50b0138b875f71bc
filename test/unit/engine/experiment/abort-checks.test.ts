import { describe, expect, it } from "vitest";
import { NEVER } from "../../../../src/core/base/units.js";
import { AbortChecks } from "../../../../src/core/engine/experiment/abort-checks.js";
import { parseScenario, type ScenarioInput, Simulation, simulate } from "../../../../src/core/index.js";
import { lossSystem } from "../../../support/oracle.js";

const system = (threshold: NonNullable<ScenarioInput["thresholds"]>[string]): ScenarioInput => ({
  ...lossSystem({
    slots: 4,
    rates: { standard: 8 },
    admission: { policy: "tail-drop", maxQueue: 0 },
    duration: "1000s",
    warmup: "10s",
  }),
  thresholds: { overloaded_rate: threshold },
});
const hopeless = "rate<1%";

describe("a threshold with abortOnFail", () => {
  it("ends the run soon after it has failed for certain, and marks it partial", () => {
    const result = simulate(system({ threshold: hopeless, abortOnFail: true }));
    expect(result.partial).toBe(true);
    expect(result.time.simulated).toBeLessThan(500);
    expect(result.thresholds[0]!.verdict).toBe("fail");
  });

  it("waits as long as it is told to", () => {
    const result = simulate(system({ threshold: hopeless, abortOnFail: true, delayAbortEval: "600s" }));
    expect(result.partial).toBe(true);
    expect(result.time.simulated).toBeGreaterThan(610);
  });

  it("does not end it for a count that is still growing, and does for one that is past its bound", () => {
    const counted = (metric: string, threshold: string) => {
      const { thresholds: _, ...plain } = system(hopeless);
      return simulate({ ...plain, thresholds: { [metric]: { threshold, abortOnFail: true } } });
    };
    expect(counted("completed", "count>=1000").partial).toBe(false);
    expect(counted("completed", "count<1000").partial).toBe(true);
    expect(counted("overloaded_rate", "rate==0").partial).toBe(true);
    expect(counted("completed", "count==0.5").partial).toBe(false);
  });

  it("makes no difference where it is met", () => {
    const met = simulate(system({ threshold: "rate<99%", abortOnFail: true }));
    expect([met.time.measured, met.partial]).toEqual([990, false]);
  });

  it("ends at the same instant in whatever slices the run is driven", () => {
    const scenario = parseScenario(system({ threshold: hopeless, abortOnFail: true }));
    const ends = [7, 1000, Number.POSITIVE_INFINITY].map((slice) => {
      const simulation = new Simulation(scenario);
      while (!simulation.run(slice));
      return [simulation.aborted, simulation.now];
    });
    expect(ends[0]![0]).toBe(true);
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  it("ends at the same instant where replicas work step by step, and by then has no more than a look behind it", () => {
    const chatty = {
      ...system({ threshold: "rate<50%", abortOnFail: true }),
      sampling: { interval: "100s" },
      pools: {
        shared: {
          replicas: 1,
          replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 1, kvTokens: 100_000 },
          admission: { policy: "tail-drop", maxQueue: 0 },
        },
      },
    } as const;
    const result = (stepByStep: boolean) => {
      const simulation = new Simulation(parseScenario(chatty), { stepByStep });
      simulation.run();
      return [simulation.aborted, simulation.now, simulation.result().all];
    };
    const [aborted, now] = result(false);
    expect([aborted, now]).toEqual([true, expect.any(Number)]);
    expect(result(true)).toEqual(result(false));
  });

  it("looks no more once the window is over, and ever more rarely where its length is not known", () => {
    const looks = (duration: string | undefined, until: number) => {
      const { duration: _, ...rest } = system({ threshold: "rate<99%", abortOnFail: true });
      const endless = { ...rest, traffic: { calls: { arrivals: { trace: "t" }, mix: { standard: 1 } } } };
      const scenario = duration === undefined ? endless : { ...rest, duration };
      const checks = new AbortChecks(parseScenario(scenario as ScenarioInput), false);
      let count = 0;
      while (checks.nextAt < Math.min(until, NEVER)) {
        checks.look(checks.nextAt, () => []);
        count++;
      }
      return count;
    };
    expect(looks("1000s", Number.POSITIVE_INFINITY)).toBe(19);
    expect(looks(undefined, 1200e6)).toBe(19);
    expect(looks(undefined, 1e6 * 1e9)).toBeLessThan(500);
  });

  it("ends no replication, whose study looks itself", () => {
    const scenario = parseScenario(system({ threshold: hopeless, abortOnFail: true }));
    const simulation = new Simulation(scenario, { neverAborts: true });
    simulation.run();
    expect([simulation.aborted, simulation.result().time.measured]).toEqual([false, 990]);
  });
});
