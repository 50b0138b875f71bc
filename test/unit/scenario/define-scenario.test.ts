import { expect, test } from "vitest";
import { defineScenario } from "../../../src/core/scenario/define-scenario.js";
import { fleet } from "../../examples/fleet.js";

test("hands back what it was given", () => {
  expect(defineScenario(fleet)).toBe(fleet);
});

test("a literal keeps its narrow types, and what no scenario has does not compile", () => {
  const pools = {
    shared: { replicas: 1, replica: { engine: "slots", slots: 4, tokensPerSecond: 50 } },
  } as const;
  const wrong = [
    // @ts-expect-error there is no such key
    () => defineScenario({ ...fleet, pols: {} }),
    // @ts-expect-error nor such an engine
    () => defineScenario({ ...fleet, pools: { shared: { ...pools.shared, replica: { engine: "slot" } } } }),
    // @ts-expect-error a warm-up is a time
    () => defineScenario({ ...fleet, warmup: true }),
  ];
  expect(wrong).toHaveLength(3);
  expect(defineScenario({ ...fleet, pools }).pools).toBe(pools);
});
