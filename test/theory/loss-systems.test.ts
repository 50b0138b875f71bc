// Loss and delay systems against Erlang, birth-death chains and Pollaczek-Khinchine. Golden values were computed apart
// from this project; the closed forms are checked against them first, the simulator second.
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import { boundedLine, erlangB, pollaczekKhinchine, trunkReservation } from "../support/closed-forms.js";
import { expectCovers, lossSystem, measured } from "../support/oracle.js";

const overloaded = (result: RunResult) => result.all.overloadedRate!;
const overloadedOn = (tier: string) => (result: RunResult) =>
  result.tiers.find((row) => row.tier === tier)!.overloadedRate!;
const PURE_LOSS = { policy: "tail-drop", maxQueue: 0 } as const;

describe("Erlang B, whatever the service law", () => {
  const services = {
    exponential: { dist: "exponential", mean: 1e6 },
    deterministic: 1e6,
    lognormal: { dist: "lognormal", mean: 1e6, sigma: 1.5 },
  } as const;

  test("the closed form gives the golden values", () => {
    expect(erlangB(10, 8)).toBeCloseTo(0.1216610643, 10);
    expect(erlangB(100, 90)).toBeCloseTo(0.02695738046, 11);
    expect(erlangB(1000, 950)).toBeCloseTo(0.003649293689, 12);
  });

  test.each(Object.entries(services))("10 servers at 8 Erlang, %s service", (_, service) => {
    const scenario = lossSystem({
      slots: 10,
      rates: { standard: 8 },
      admission: PURE_LOSS,
      service,
      duration: "3000s",
      warmup: "50s",
    });
    expectCovers(measured(scenario, { overloaded }).overloaded, 0.1216610643, 0.06);
  });

  test("100 servers at 90 Erlang", () => {
    const scenario = lossSystem({
      slots: 100,
      rates: { standard: 90 },
      admission: PURE_LOSS,
      duration: "500s",
      warmup: "30s",
    });
    expectCovers(measured(scenario, { overloaded }).overloaded, 0.02695738046, 0.15);
  });
});

test("Erlang B: 1,000 servers at 950 Erlang", () => {
  const scenario = lossSystem({
    slots: 1000,
    rates: { standard: 950 },
    admission: PURE_LOSS,
    duration: "120s",
    warmup: "10s",
  });
  expectCovers(measured(scenario, { overloaded }).overloaded, 0.003649293689, 0.4);
});

describe("M/M/c/K: a bounded line", () => {
  const line = (rate: number) =>
    lossSystem({
      slots: 10,
      rates: { standard: rate },
      admission: { policy: "tail-drop", maxQueue: 20, queueTimeout: "10h" },
      duration: "3000s",
      warmup: "100s",
    });

  test("overload of 12 Erlang on 10 servers: blocking and wait", () => {
    expect(boundedLine(10, 30, 12).blocking).toBeCloseTo(0.1686372446, 9);
    expect(boundedLine(10, 30, 12).wait).toBeCloseTo(1.534560194, 8);
    const { blocked, wait } = measured(line(12), {
      blocked: overloaded,
      wait: (run) => run.all.queueWait.mean!,
    });
    expectCovers(blocked, 0.1686372446, 0.06);
    expectCovers(wait, 1.534560194, 0.04);
  });

  test("9.5 Erlang on 10 servers: blocking", () => {
    expect(boundedLine(10, 30, 9.5).blocking).toBeCloseTo(0.02058607943, 10);
    expectCovers(measured(line(9.5), { overloaded }).overloaded, 0.02058607943, 0.2);
  });
});

describe("trunk reservation", () => {
  const scenario = (slots: number, reserved: number, priority: number, standard: number, duration: string) =>
    lossSystem({
      slots,
      rates: { priority, standard },
      admission: { policy: "trunk-reservation", maxQueue: 0, reserve: { standard: reserved / slots } },
      duration,
      warmup: "50s",
    });
  const measures = { standard: overloadedOn("standard"), priority: overloadedOn("priority") };

  test.each([
    [0, 0.214582343, 0.214582343],
    [1, 0.31086346, 0.051810577],
    [2, 0.39307421, 0.013792078],
    [3, 0.47680944, 0.0040237083],
  ])("10 servers, %i reserved", (reserved, standard, priority) => {
    const exact = trunkReservation(10, reserved, 2, 8);
    expect(exact.standard).toBeCloseTo(standard, 8);
    expect(exact.priority).toBeCloseTo(priority, 8);
    const run = measured(scenario(10, reserved, 2, 8, "3000s"), measures);
    expectCovers(run.standard, standard, 0.05);
    expectCovers(run.priority, priority, 0.3);
  });

  test("100 servers, 5 reserved: standard", () => {
    expect(trunkReservation(100, 5, 20, 80).standard).toBeCloseTo(0.13344012, 8);
    expectCovers(measured(scenario(100, 5, 20, 80, "400s"), measures).standard, 0.13344012, 0.05);
  });
});

describe("Pollaczek-Khinchine: one server, 80 % load", () => {
  test.each([
    ["deterministic", 1e6, 1, 2],
    ["exponential", { dist: "exponential", mean: 1e6 }, 2, 4],
    ["lognormal", { dist: "lognormal", mean: 1e6, sigma: 1 }, Math.E, 5.436563657],
  ] as const)("%s service", (_, service, secondMoment, wait) => {
    expect(pollaczekKhinchine(0.8, 1, secondMoment)).toBeCloseTo(wait, 8);
    const scenario = lossSystem({
      slots: 1,
      rates: { standard: 0.8 },
      admission: { policy: "none" },
      service,
      duration: "30000s",
      warmup: "1000s",
    });
    expectCovers(measured(scenario, { wait: (run) => run.all.queueWait.mean! }).wait, wait, 0.15);
  });
});

describe("delay systems", () => {
  const endless = (rates: Readonly<Record<string, number>>) =>
    lossSystem({ slots: 10, rates, admission: { policy: "none" }, duration: "3000s", warmup: "100s" });

  test("Erlang C: mean wait of 8 Erlang on 10 servers", () => {
    expectCovers(
      measured(endless({ standard: 8 }), { wait: (run) => run.all.queueWait.mean! }).wait,
      0.2045900754,
      0.15,
    );
  });

  test("Cobham: Priority waits less, Standard more, by just as much", () => {
    const waitOf = (tier: string) => (run: RunResult) =>
      run.tiers.find((row) => row.tier === tier)!.queueWait.mean!;
    const waits = measured(endless({ priority: 2, standard: 6 }), {
      priority: waitOf("priority"),
      standard: waitOf("standard"),
    });
    expectCovers(waits.priority, 0.051147519, 0.15);
    expectCovers(waits.standard, 0.25573759, 0.15);
  });
});

test("a wrong golden value fails: 10 servers are not 11, and no line is not a line of one", () => {
  const scenario = lossSystem({
    slots: 10,
    rates: { standard: 8 },
    admission: PURE_LOSS,
    duration: "3000s",
    warmup: "50s",
  });
  const { blocked } = measured(scenario, { blocked: overloaded });
  expect(() => expectCovers(blocked, erlangB(11, 8), 0.06)).toThrow(/is below/);
  expect(() => expectCovers(blocked, erlangB(10, 8.5), 0.06)).toThrow(/is above/);
  expect(() => expectCovers(blocked, boundedLine(10, 11, 8).blocking, 0.06)).toThrow(/is below/);
});
