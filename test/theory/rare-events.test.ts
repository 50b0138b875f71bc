// Splitting against the birth-death chain of trunk reservation, where the event is rare: the estimate must be right,
// and the weights must matter. The golden values were computed apart from this project.
import { describe, expect, test } from "vitest";
import { estimateRare, type RareResult, type ScenarioInput } from "../../src/core/index.js";
import { trunkReservation } from "../support/closed-forms.js";
import { gear, NIGHTLY } from "../support/mode.js";
import { lossSystem } from "../support/oracle.js";

/** Arrivals in the first second that leave, at its end, as many inside as there are in the long run: a e^-1 of them. */
const FILL = 1 / (1 - Math.exp(-1));

interface Reserved {
  readonly slots: number;
  readonly reserved: number;
  readonly priority: number;
  readonly standard: number;
}

/** Starts near its stationary state, so that the warm-up can be short; without a line, and with r slots for priority. */
function scenario({ slots, reserved, priority, standard }: Reserved): ScenarioInput {
  const rate = priority + standard;
  const system = lossSystem({
    slots,
    rates: { priority, standard },
    admission: { policy: "trunk-reservation", maxQueue: 0, reserve: { standard: reserved / slots } },
    duration: "8s",
    warmup: "3s",
  });
  const phases = [
    { duration: "1s", arrivalRate: rate * FILL },
    { duration: "1000s", arrivalRate: rate },
  ];
  const callers = { ...system.traffic["callers"]!, arrivals: { process: "poisson" as const, phases } };
  return { ...system, traffic: { callers: callers as ScenarioInput["traffic"][string] } };
}

function estimated(system: Reserved, window: string, trials: number): RareResult {
  return estimateRare(scenario(system), { tier: "priority", window, trials, seed: "1", confidence: 0.999 });
}

/** Whether the interval covers the golden value and rules out what is `apart` times as much or as little. */
function expectRight({ value, low, high, seed }: RareResult, golden: number, apart: number): void {
  const told = `seed ${seed}: ${value} [${low}, ${high}]`;
  expect(low!, `${golden} is below ${told}`).toBeLessThanOrEqual(golden);
  expect(high!, `${golden} is above ${told}`).toBeGreaterThanOrEqual(golden);
  expect(low!, `${told} is too wide`).toBeGreaterThan(golden / apart);
  expect(high!, `${told} is too wide`).toBeLessThan(golden * apart);
}

/** The result as it would be if every copy weighed as if there were one more of them. */
function withWeightsOffByOne(result: RareResult): RareResult {
  const off = result.levels.reduce((product, { factor }) => (product * factor) / (factor + 1), 1);
  const { value, low, high } = result;
  return { ...result, value: value! * off, low: low! * off, high: high! * off };
}

describe("trunk reservation, share of Priority that is shed", () => {
  test("1.4e-2: 10 slots, 2 reserved", () => {
    const system = { slots: 10, reserved: 2, priority: 2, standard: 8 };
    expect(trunkReservation(10, 2, 2, 8).priority).toBeCloseTo(0.013792078, 8);
    expectRight(estimated(system, "20s", gear(200, 1000)), 0.013792078, gear(1.8, 1.3));
  });

  test.runIf(NIGHTLY)("3.7e-5: 100 slots, 5 reserved", () => {
    const system = { slots: 100, reserved: 5, priority: 20, standard: 80 };
    expect(trunkReservation(100, 5, 20, 80).priority / 3.7446463e-5).toBeCloseTo(1, 6);
    expectRight(estimated(system, "5s", 600), 3.7446463e-5, 3);
  });

  test.runIf(NIGHTLY)(
    "4.4e-7: 200 slots, 4 reserved; a wrong weight would show, and it gains on a plain run",
    () => {
      const system = { slots: 200, reserved: 4, priority: 32, standard: 128 };
      expect(trunkReservation(200, 4, 32, 128).priority / 4.417e-7).toBeCloseTo(1, 3);
      const result = estimated(system, "5s", 1000);
      expectRight(result, 4.417e-7, 4.5);
      expect(() => expectRight(withWeightsOffByOne(result), 4.417e-7, 1000)).toThrow(/is above/);
      expect(result.plain!.gain).toBeGreaterThan(10);
      expect(result.plain!.runsWithEvent).toBeLessThan(10);
      // Thirty million events.
    },
  );
});
