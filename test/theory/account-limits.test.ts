// Account limits of whole scenarios against what can be worked out beforehand: the share that a fixed window refuses of
// Poisson requests, the published growth curve, and the ramp's staircase.
import { describe, expect, test } from "vitest";
import { parseScenario, Simulation } from "../../src/core/index.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { fixedWindowRefusal } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, measured, SLOW } from "../support/oracle.js";

describe("a fixed window", () => {
  test.each([
    [60, 50, 120],
    [10, 12, 600],
  ])("%i requests a minute against %i", (arrivals, limit, minutes) => {
    const scenario = lossSystem({
      slots: 1000,
      rates: { standard: arrivals / 60 },
      admission: { policy: "none" },
      service: 1000,
      duration: `${gear(minutes, minutes * 20)}m`,
      warmup: "1m",
      more: { limits: { requests: { rate: limit / 60, window: "fixed" } } },
    });
    const { limited } = measured(scenario, { limited: (run) => run.all.rateLimitedRate! });
    // A window that lets 3 % less in.
    expectCovers(limited, fixedWindowRefusal(arrivals, limit), fixedWindowRefusal(arrivals, limit / SLOW));
  });
});

interface Seen {
  /** By minute of arrival: prompt tokens, or requests, that were let in. */
  readonly admitted: readonly number[];
  readonly reasons: ReadonlySet<string>;
}

/** One account that asks for far more than it may, at an even pace. */
function overrun(
  limits: NonNullable<ScenarioInput["limits"]>,
  { minutes, perMinute, input }: { minutes: number; perMinute: number; input: number },
): Seen {
  const admitted: number[] = new Array(minutes).fill(0);
  const reasons = new Set<string>();
  const system = lossSystem({
    slots: 1000,
    rates: { standard: perMinute / 60 },
    admission: { policy: "none" },
    service: 1000,
    duration: `${minutes}m`,
    warmup: "0s",
    more: { limits },
  });
  const traffic = { callers: { ...system.traffic["callers"]!, input } };
  new Simulation(parseScenario({ ...system, traffic }), {
    seed: "1",
    onAttempt: ({ outcome, reason, arrived }) => {
      if (outcome === "completed") admitted[Math.floor(arrived / 60)]! += input;
      else reasons.add(reason);
    },
  }).run();
  return { admitted, reasons };
}

test("an account that always asks for more is let in by the published growth curve, minute by minute", () => {
  const minutes = gear(26, 121);
  const adaptive = { softFactor: 1, hardFactor: 1 };
  const { admitted, reasons } = overrun(
    { requests: { rate: "60/min", window: "fixed" }, adaptive },
    { minutes, perMinute: gear(2000, 6000), input: 1 },
  );
  // A row's minutes begin with its first request: those of the window are a moment before.
  const curve = Array.from({ length: minutes }, (_, minute) => Math.max(60, 0.2 * 60 * minute));
  expect(admitted).toEqual(curve);
  expect([...reasons]).toEqual(["requests"]);
});

test("an account that always asks for more goes up the ramp's stairs", () => {
  const minutes = gear(35, 76);
  const { admitted, reasons } = overrun(
    { ramp: { from: "1M/min" } },
    { minutes, perMinute: gear(1000, 2000), input: 10_000 },
  );
  // Half as much again as what was let in, which is whole requests: the stairs are a little below the powers of 1.5.
  const stairs = [1_000_000];
  while (stairs.length * 15 < minutes) {
    stairs.push(Math.floor((1.5 * stairs.at(-1)!) / 10_000) * 10_000);
  }
  expect(admitted).toEqual(admitted.map((_, minute) => stairs[Math.floor(minute / 15)]!));
  expect([...reasons]).toEqual(["ramp"]);
});
