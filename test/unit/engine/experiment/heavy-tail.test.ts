import { describe, expect, it } from "vitest";
import { requestsPerSquare } from "../../../../src/core/engine/experiment/heavy-tail.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { lossSystem } from "../../../support/oracle.js";

type Output = ScenarioInput["traffic"][string]["output"];

const system = lossSystem({
  slots: 4,
  rates: { standard: 1 },
  admission: { policy: "none" },
  duration: "60s",
  warmup: "1s",
});
const withOutput = (output: Output, maxOutput = 1e8) =>
  requestsPerSquare(
    parseScenario({
      ...system,
      traffic: { callers: { ...system.traffic["callers"]!, output: output!, maxOutput } },
    }),
  );

describe("how many requests say of the longest as much as one", () => {
  it("is one of outputs that are all alike", () => {
    expect(withOutput(100)).toBe(1);
  });

  it.each([
    ["exponential: 4! / 2!²", { dist: "exponential", mean: 200 }, 6],
    [
      "gamma with a cv of a half: (k + 3) (k + 2) / ((k + 1) k), k = 4",
      { dist: "gamma", mean: 200, cv: 0.5 },
      2.1,
    ],
    ["lognormal: exp(4 sigma²)", { dist: "lognormal", mean: 200, sigma: 0.6 }, Math.exp(4 * 0.36)],
  ] as const)("is that of moments: %s", (_, output, wanted) => {
    expect(withOutput(output) / wanted).toBeGreaterThan(0.93);
    expect(withOutput(output) / wanted).toBeLessThan(1.07);
  });

  it("is large where a few hold most of it, unless they are cut", () => {
    const output = { dist: "lognormal", mean: 200, sigma: 1.5 } as const;
    expect(withOutput(output)).toBeGreaterThan(300);
    expect(withOutput(output, 1000)).toBeLessThan(20);
  });

  it("is that of the worst source, and not of what is not drawn by request", () => {
    const callers = system.traffic["callers"]!;
    const traffic = {
      alike: { ...callers, output: 100 },
      spread: { ...callers, output: { dist: "exponential", mean: 100 } },
      people: { arrivals: { workload: "agentic", rate: 1 }, mix: { standard: 1 } },
    } as const;
    const scenario = parseScenario({ ...system, traffic });
    expect(requestsPerSquare(scenario)).toBeCloseTo(6, 0);
    expect(requestsPerSquare(parseScenario({ ...system, traffic: { people: traffic.people } }))).toBe(1);
  });
});
