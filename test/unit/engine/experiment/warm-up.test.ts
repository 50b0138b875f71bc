import { describe, expect, it } from "vitest";
import { settledScenario } from "../../../../src/core/engine/experiment/warm-up.js";
import { parseScenario, type ScenarioInput, simulate } from "../../../../src/core/index.js";
import { lossSystem } from "../../../support/oracle.js";

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
  const scenario = settledScenario(parseScenario(system({ warmup: "auto" })));

  it("leaves out the time in which the slots fill, and not much more", () => {
    const seconds = scenario.warmup / 1e6;
    expect(scenario.findsWarmup).toBe(false);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThan(500);
  });

  it("leaves hardly anything of the start in a window of some ten services", () => {
    // Slots fill as 1 - exp(-t), in services; answers of at most five mean lengths are 0.7 % shorter on average.
    const seeds = ["1", "2", "3", "4", "5", "6"];
    const left = seeds.map((seed) => {
      const short = parseScenario(system({ warmup: "auto", duration: "320s", seed }));
      const [from, until] = [settledScenario(short).warmup / 20e6, 16];
      return (Math.exp(-from) - Math.exp(-until)) / (until - from);
    });
    expect(Math.max(...left)).toBeLessThan(0.01);
  });

  it("is what a run then has", () => {
    expect(simulate(system({ warmup: "auto" })).time.warmup).toBeGreaterThanOrEqual(20);
  });

  it("shows no observer the attempts of its pilots", () => {
    let told = 0;
    const result = simulate(system({ warmup: "auto" }), { onAttempt: () => told++ });
    // Each attempt of the run itself, those of its warm-up included: some 4 a second for 1000 s.
    expect(told).toBeGreaterThanOrEqual(result.all.attempts);
    expect(told).toBeLessThan(6000);
  });

  it("lets no threshold end a pilot, which would be taken for a short run", () => {
    const thresholds = { overloaded_rate: { threshold: "rate>99%", abortOnFail: true } };
    const judged = settledScenario(parseScenario(system({ warmup: "auto", thresholds })));
    expect(judged.warmup).toBe(scenario.warmup);
  });

  it("leaves a scenario alone that names its warm-up", () => {
    const named = parseScenario(system({ warmup: "50s" }));
    expect(settledScenario(named)).toBe(named);
  });

  it("refuses a run that is over before it has settled", () => {
    const short = parseScenario(system({ warmup: "auto", duration: "40s" }));
    expect(() => settledScenario(short)).toThrow(/warmup: auto: the run is too short to tell/);
  });
});
