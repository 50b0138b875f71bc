// Callers who leave the line when their patience ends, against Erlang-A (Palm 1957).
import { expect, test } from "vitest";
import type { ScenarioInput } from "../../src/core/index.js";
import { erlangAbandonment } from "../support/closed-forms.js";
import { expectCovers, lossSystem, measured } from "../support/oracle.js";

const GOLDEN = 0.195655944;

/** Ten servers at 12 Erlang, an endless line, and callers who wait for 2 s on average. */
function impatient(mean: number): ScenarioInput {
  const scenario = lossSystem({
    slots: 10,
    rates: { standard: 12 },
    admission: { policy: "none" },
    duration: "3000s",
    warmup: "30s",
  });
  const patience = { dist: "exponential", mean } as const;
  return { ...scenario, traffic: { callers: { ...scenario.traffic["callers"]!, patience } } };
}

const abandoned = (mean: number) =>
  measured(impatient(mean), { abandoned: (run) => run.all.failureRate! }).abandoned;

test("Erlang-A: share of callers who leave unserved", () => {
  expect(erlangAbandonment(10, 12, 0.5)).toBeCloseTo(GOLDEN, 9);
  expectCovers(abandoned(2), GOLDEN, 0.03);
});

test("a golden value 5 % off fails, and so does less patience", () => {
  const share = abandoned(2);
  expect(() => expectCovers(share, 1.05 * GOLDEN, 0.03)).toThrow(/is above/);
  expect(() => expectCovers(share, 0.95 * GOLDEN, 0.03)).toThrow(/is below/);
  expect(() => expectCovers(abandoned(1), GOLDEN, 0.03)).toThrow(/is below/);
});
