// Callers who leave the line when their patience ends, against Erlang-A (Palm 1957).
import { expect, test } from "vitest";
import type { MeanInterval, ScenarioInput } from "../../src/core/index.js";
import { erlangAbandonment } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, measured, once, SLOW } from "../support/oracle.js";

const GOLDEN = 0.195655944;

/** Ten servers at 12 Erlang, an endless line, and callers who wait for 2 s on average. */
function impatient(mean: number, duration: string): ScenarioInput {
  const scenario = lossSystem({
    slots: 10,
    rates: { standard: 12 },
    admission: { policy: "none" },
    duration,
    warmup: "30s",
  });
  const patience = { dist: "exponential", mean } as const;
  return { ...scenario, traffic: { callers: { ...scenario.traffic["callers"]!, patience } } };
}

const abandoned = (mean: number, duration = gear("1500s", "3000s")) =>
  measured(impatient(mean, duration), { abandoned: (run) => run.all.failureRate! }).abandoned;
const share = once(() => abandoned(2));

test("Erlang-A: share of callers who leave unserved", () => {
  expect(erlangAbandonment(10, 12, 0.5)).toBeCloseTo(GOLDEN, 9);
  expectCovers(share(), GOLDEN, erlangAbandonment(10, 12 * SLOW, 0.5 * SLOW));
});

test("a golden value 5 % off fails, and so does less patience", () => {
  const fails = (found: MeanInterval, golden: number) =>
    expect(() => expectCovers(found, golden, 2 * golden));
  fails(share(), 1.05 * GOLDEN).toThrow(/is above/);
  fails(share(), 0.95 * GOLDEN).toThrow(/is below/);
  fails(abandoned(1, gear("700s", "3000s")), GOLDEN).toThrow(/is below/);
});
