import { expect, it } from "vitest";
import { planText } from "../../../../src/core/tools/planning/plan-text.js";
import { NIGHTLY } from "../../../support/mode.js";
import { PLANNED, type Planned, planOf } from "../../../support/planned.js";

const FLEET: Planned = PLANNED[0]!;

// By day the command and the text of a plan have tests that find smaller fleets.
it.runIf(NIGHTLY)("writes down what it saw, at 90% of demand too", async () => {
  const plan = await planOf(FLEET, "plan test", [0.9, 1], 16);
  const answer = plan.answer!.values[0]!.value;
  expect(plan.points.map((point) => point.values[0]!.value)).toContain(answer);
  expect(plan.demand.map(({ factor }) => factor)).toEqual([0.9]);
  expect(plan.demand[0]!.answer!.values[0]!.value).toBeLessThanOrEqual(answer);
  expect(plan.work.requests).toBeLessThan(plan.work.bruteForce.requests / 10);
  expect(planText(plan)).toContain(`${answer} replicas of shared (${answer} GPUs): all thresholds met`);
});
