import { expect, it } from "vitest";
import { planText } from "../../../../src/core/tools/planning/plan-text.js";
import { PLANNED, planOf } from "../../../support/planned.js";

it("says the answer first, fits 110 columns and can be ASCII", async () => {
  // What is said does not depend on how long it was seen.
  const scenario = { ...PLANNED[7]!.scenario, duration: "10s", warmup: "4s" };
  const plan = await planOf({ ...PLANNED[7]!, scenario }, "text test", [], 8);
  const text = planText(plan, { ascii: true });
  expect(text).toMatch(/^\d+ replicas of shared/);
  expect(/^[\n\x20-\x7e]*$/.test(text)).toBe(true);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(text).toMatch(/\n {2}also: GPU-seconds a run \d+, generated [\d,.]+ tok\/s \[/);
  const spare = { ...plan, spare: { pool: "shared", replicas: 2 } };
  expect(planText(spare)).toMatch(/^\d+ \+ 2 spare replicas of shared/);
  expect(planText({ ...plan, answer: null, margin: null })).toMatch(/^nothing found/);
});
