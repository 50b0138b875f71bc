import { describe, expect, it } from "vitest";
import { requestsPerSquare } from "../../../../src/core/engine/experiment/heavy-tail.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { lossSystem } from "../../../support/oracle.js";

const system = lossSystem({
  slots: 4,
  rates: { standard: 1 },
  admission: { policy: "none" },
  duration: "60s",
  warmup: "1s",
});
type Traffic = ScenarioInput["traffic"];
const callers = system.traffic["callers"]!;
const of = (traffic: Traffic) => requestsPerSquare(parseScenario({ ...system, traffic }));

describe("how many requests say of the longest as much as one", () => {
  it("is told by sources, whatever they are called, as far as their outputs go", () => {
    const long = { dist: "lognormal", mean: 200, sigma: 1.5 } as const;
    const told = of({
      alike: { ...callers, output: 100 },
      spread: { ...callers, output: { dist: "exponential", mean: 100 } },
      long: { ...callers, output: long, maxOutput: 1e8 },
      other: { ...callers, output: long, maxOutput: 1e8 },
      cut: { ...callers, output: long, maxOutput: 1000 },
    });
    expect(told).toEqual({
      ...{ alike: 1, spread: expect.closeTo(6, 2), cut: expect.any(Number) },
      ...{ long: expect.closeTo(Math.exp(9), -1), other: told["long"] },
    });
    expect(told["cut"]).toBeLessThan(20);
  });

  it("is not known of a population, whose lengths are those of its accounts", () => {
    expect(of({ people: { arrivals: { workload: "agentic", rate: 1 }, mix: { standard: 1 } } })).toEqual({});
  });
});
