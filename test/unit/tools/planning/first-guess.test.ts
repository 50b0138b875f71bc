import { expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/engine/experiment/simulate.js";
import { erlangB, erlangC, firstGuess } from "../../../../src/core/tools/planning/first-guess.js";
import { PLANNED } from "../../../support/planned.js";

it("has Erlang's formulas right", () => {
  // Two servers and a load of one: (1/2) / (1 + 1 + 1/2), and 1/3 have to wait.
  expect(erlangB(2, 1)).toBeCloseTo(0.2, 12);
  expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
  expect(erlangC(2, 2)).toBe(1);
});

it("is the least pool by Erlang B, and a few replicas where they batch", () => {
  const guess = firstGuess(parseScenario(PLANNED[0]!.scenario), "shared");
  expect(erlangB(guess!.replicas, 40)).toBeLessThanOrEqual(0.05);
  expect(erlangB(guess!.replicas - 1, 40)).toBeGreaterThan(0.05);
  const batching = firstGuess(parseScenario(PLANNED[8]!.scenario), "shared");
  expect(Math.abs(batching!.replicas - 8)).toBeLessThanOrEqual(3);
});
