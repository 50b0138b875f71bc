import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput, settledScenario, simulate } from "../../../src/core/index.js";
import { lossSystem } from "../../support/oracle.js";

/** A hundred slots that fill within a few services of 20 s each. */
const system = (changes: Partial<ScenarioInput>): ScenarioInput => ({
  ...lossSystem({
    slots: 100,
    rates: { standard: 4 },
    service: { dist: "exponential", mean: 20e6 },
    admission: { policy: "tail-drop", maxQueue: 0 },
    duration: "1000s",
    warmup: "0s",
  }),
  ...changes,
});

describe("warmup: auto", () => {
  it("leaves out the time in which the slots fill, and not much more", () => {
    const scenario = settledScenario(parseScenario(system({ warmup: "auto" })));
    const seconds = scenario.warmup / 1e6;
    expect(scenario.findsWarmup).toBe(false);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThan(500);
  });

  it("is what a run then has", () => {
    expect(simulate(system({ warmup: "auto" })).time.warmup).toBeGreaterThanOrEqual(20);
  });

  it("leaves a scenario alone that names its warm-up", () => {
    const scenario = parseScenario(system({ warmup: "50s" }));
    expect(settledScenario(scenario)).toBe(scenario);
  });

  it("refuses a run that is over before it has settled", () => {
    const short = parseScenario(system({ warmup: "auto", duration: "40s" }));
    expect(() => settledScenario(short)).toThrow(/warmup: auto: the run is too short to tell/);
  });
});
