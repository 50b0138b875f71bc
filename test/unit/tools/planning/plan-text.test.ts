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
  expect(text).toMatch(/\d GPUs\)/);
  const [answer, ...others] = [plan.answer!, ...plan.certified.filter((one) => one !== plan.answer)];
  const scaled = { ...answer, held: { gpus: 6.254, cost: 6.254 } };
  const said = planText({ ...plan, answer: scaled, certified: [...others, scaled] });
  expect(said).toContain("(6.25 GPUs on average)");
  expect(said).toMatch(/ mean GPUs .*\n[\s\S]* 6\.25 /);
  const [point] = plan.points;
  const none = { ...plan, answer: null, margin: null };
  expect(planText(none)).toMatch(/^nothing found/);
  const open = { ...none, points: [{ ...point!, verdict: "undecided" as const }] };
  expect(planText(open)).toMatch(/^nothing found.* left undecided, since it is not known whether the fleet/);
  const method = "replications" as const;
  const threshold = { metric: "ttft", expression: "p(99)<1s", method, isSeen: true, isMoved: true };
  const named = planText({ ...open, open: [{ ...threshold, tellers: ["replications"] }] });
  expect(named).toMatch(
    /^nothing found.*; some were left undecided\n {2}undecided: ttft p\(99\)<1s: more repl/,
  );
});
