import { expect, it } from "vitest";
import { planText } from "../../../../src/core/tools/planning/plan-text.js";
import { NIGHTLY } from "../../../support/mode.js";
import { PLANNED, type Planned, planOf } from "../../../support/planned.js";

const FLEET: Planned = PLANNED[0]!;

it("certifies no fleet whose queue grows, though every time is short while one looks", async () => {
  const base = FLEET.scenario;
  const scenario: Planned["scenario"] = {
    ...base,
    // A load of 40 servers: with 37 the queue grows by three requests a second, to two seconds of work.
    duration: "48s",
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "slots", slots: 1, tokensPerSecond: 100 },
        admission: { policy: "none" },
      },
    },
    thresholds: { "queue_wait{tier:standard}": "p(50)<10s" },
  };
  const grows = await planOf({ name: "grows", scenario, range: "pools.shared.replicas=36..37" }, "plan test");
  expect(grows.points.map(({ load }) => load)).toEqual(grows.points.map(() => "growing"));
  expect(
    grows.points.flatMap(({ thresholds }) => thresholds.map(({ observed }) => observed! < 10)),
  ).not.toContain(false);
  expect(grows.answer).toBeNull();
  expect(planText(grows)).toMatch(/growing/);
  const kept = await planOf({ name: "kept", scenario, range: "pools.shared.replicas=46..46" }, "plan test");
  expect(kept.answer!.replications).toBeGreaterThanOrEqual(8);
  const caveats = [{ kind: "open", text: "5 % of the requests of standard had not ended" }] as const;
  expect(planText({ ...kept, answer: { ...kept.answer!, caveats } })).toMatch(
    /\n\nCAVEATS\n {2}5 % of the requests of standard had not ended\n\n/,
  );
});

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
