// Loss and delay systems against Erlang, birth-death chains and Pollaczek-Khinchine. Golden values were computed apart
// from this project; the closed forms are checked against them first, the simulator second.
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import {
  boundedLine,
  cobham,
  erlangB,
  erlangC,
  pollaczekKhinchine,
  trunkReservation,
} from "../support/closed-forms.js";
import { gear, NIGHTLY } from "../support/mode.js";
import { expectCovers, type LossSystem, lossSystem, measured, once, SLOW } from "../support/oracle.js";

const overloaded = (result: RunResult) => result.all.overloadedRate!;
const overloadedOn = (tier: string) => (result: RunResult) =>
  result.tiers.find((row) => row.tier === tier)!.overloadedRate!;
const PURE_LOSS = { policy: "tail-drop", maxQueue: 0 } as const;

/** Ten servers at 8 Erlang, with an answer that takes a second or so many times as long. */
const tenServers = (duration: string, service: LossSystem["service"]) =>
  measured(
    lossSystem({
      slots: 10,
      rates: { standard: 8 },
      admission: PURE_LOSS,
      ...(service !== undefined && { service }),
      duration,
      warmup: "50s",
    }),
    { overloaded },
  ).overloaded;
const exponential = once(() => tenServers(gear("1100s", "3000s"), { dist: "exponential", mean: 1e6 }));

describe("Erlang B, whatever the service law", () => {
  const services = {
    exponential,
    deterministic: () => tenServers(gear("750s", "3000s"), 1e6),
    // Its tail makes it vary more, which takes too long for the day.
    ...(NIGHTLY && { lognormal: () => tenServers("3000s", { dist: "lognormal", mean: 1e6, sigma: 1.5 }) }),
  } as const;

  test("the closed form gives the golden values", () => {
    expect(erlangB(10, 8)).toBeCloseTo(0.1216610643, 10);
    expect(erlangB(100, 90)).toBeCloseTo(0.02695738046, 11);
    expect(erlangB(1000, 950)).toBeCloseTo(0.003649293689, 12);
  });

  test.each(Object.entries(services))("10 servers at 8 Erlang, %s service", (_, blocked) => {
    expectCovers(blocked(), 0.1216610643, erlangB(10, 8 * SLOW));
  });

  test.each([
    [2, 1, 0.2, "17000s"],
    [5, 10, 0.564, "1100s"],
  ])("%i servers at %i Erlang", (slots, load, golden, duration) => {
    expect(erlangB(slots, load)).toBeCloseTo(golden, 4);
    const scenario = lossSystem({
      slots,
      rates: { standard: load },
      admission: PURE_LOSS,
      duration,
      warmup: "20s",
    });
    const { overloaded: blocked } = measured(scenario, { overloaded });
    expectCovers(blocked, erlangB(slots, load), erlangB(slots, load * SLOW));
  });

  test("100 servers at 90 Erlang", () => {
    const scenario = lossSystem({
      slots: 100,
      rates: { standard: 90 },
      admission: PURE_LOSS,
      duration: gear("130s", "500s"),
      warmup: "30s",
    });
    const { overloaded: blocked } = measured(scenario, { overloaded });
    expectCovers(blocked, 0.02695738046, erlangB(100, 90 * SLOW));
  });
});

test.runIf(NIGHTLY)("Erlang B: 1,000 servers at 950 Erlang", () => {
  const scenario = lossSystem({
    slots: 1000,
    rates: { standard: 950 },
    admission: PURE_LOSS,
    duration: "120s",
    warmup: "10s",
  });
  const { overloaded: blocked } = measured(scenario, { overloaded });
  expectCovers(blocked, 0.003649293689, erlangB(1000, 950 * SLOW));
});

describe("M/M/c/K: a bounded line", () => {
  const line = (rate: number) =>
    lossSystem({
      slots: 10,
      rates: { standard: rate },
      admission: { policy: "tail-drop", maxQueue: 20, queueTimeout: "10h" },
      duration: gear("850s", "3000s"),
      warmup: "100s",
    });

  test("overload of 12 Erlang on 10 servers: blocking and wait", () => {
    expect(boundedLine(10, 30, 12).blocking).toBeCloseTo(0.1686372446, 9);
    expect(boundedLine(10, 30, 12).wait).toBeCloseTo(1.534560194, 8);
    const { blocked, wait } = measured(line(12), {
      blocked: overloaded,
      wait: (run) => run.all.queueWait.mean!,
    });
    const slow = boundedLine(10, 30, 12 * SLOW);
    expectCovers(blocked, 0.1686372446, slow.blocking);
    expectCovers(wait, 1.534560194, SLOW * slow.wait);
  });

  test("9.5 Erlang on 10 servers: blocking", () => {
    expect(boundedLine(10, 30, 9.5).blocking).toBeCloseTo(0.02058607943, 10);
    const { overloaded: blocked } = measured(line(9.5), { overloaded });
    expectCovers(blocked, 0.02058607943, boundedLine(10, 30, 9.5 * SLOW).blocking);
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

  const rows = [
    [0, 0.214582343, 0.214582343],
    [1, 0.31086346, 0.051810577],
    [2, 0.39307421, 0.013792078],
    [3, 0.47680944, 0.0040237083],
  ] as const;

  test.each(rows.filter(([reserved]) => NIGHTLY || reserved === 2))(
    "10 servers, %i reserved",
    (reserved, standard, priority) => {
      const exact = trunkReservation(10, reserved, 2, 8);
      expect(exact.standard).toBeCloseTo(standard, 8);
      expect(exact.priority).toBeCloseTo(priority, 8);
      const run = measured(scenario(10, reserved, 2, 8, gear("1400s", "3000s")), measures);
      expectCovers(run.standard, standard, trunkReservation(10, reserved, 2 * SLOW, 8 * SLOW).standard);
      // A fifth of the arrivals, hardly ever refused: that one slot more or less is reserved has to show.
      expectCovers(run.priority, priority, trunkReservation(10, reserved + 1, 2, 8).priority);
    },
  );

  test("100 servers, 5 reserved: standard", () => {
    expect(trunkReservation(100, 5, 20, 80).standard).toBeCloseTo(0.13344012, 8);
    const { standard } = measured(scenario(100, 5, 20, 80, gear("180s", "400s")), measures);
    expectCovers(standard, 0.13344012, trunkReservation(100, 5, 20 * SLOW, 80 * SLOW).standard);
  });
});

describe("Pollaczek-Khinchine: one server, 80 % load", () => {
  const services = [
    ["deterministic", 1e6, 1, 2, "4000s"],
    ["exponential", { dist: "exponential", mean: 1e6 }, 2, 4, "8000s"],
    ["lognormal", { dist: "lognormal", mean: 1e6, sigma: 1 }, Math.E, 5.436563657, "18000s"],
  ] as const;

  // The exponential one is what Erlang C and the bounded line are about, too.
  test.each(services.filter(([name]) => NIGHTLY || name !== "exponential"))(
    "%s service",
    (_, service, secondMoment, wait, duration) => {
      expect(pollaczekKhinchine(0.8, 1, secondMoment)).toBeCloseTo(wait, 8);
      const scenario = lossSystem({
        slots: 1,
        rates: { standard: 0.8 },
        admission: { policy: "none" },
        service,
        duration: gear(duration, "30000s"),
        warmup: "1000s",
      });
      const slow = pollaczekKhinchine(0.8, SLOW, SLOW ** 2 * secondMoment);
      expectCovers(measured(scenario, { wait: (run) => run.all.queueWait.mean! }).wait, wait, slow);
    },
  );
});

describe("delay systems", () => {
  const endless = (rates: Readonly<Record<string, number>>, duration: string) =>
    lossSystem({
      slots: 10,
      rates,
      admission: { policy: "none" },
      duration: gear(duration, "3000s"),
      warmup: "100s",
    });

  test("Erlang C: mean wait of 8 Erlang on 10 servers", () => {
    expect(erlangC(10, 8).wait).toBeCloseTo(0.2045900754, 9);
    const { wait } = measured(endless({ standard: 8 }, "900s"), { wait: (run) => run.all.queueWait.mean! });
    expectCovers(wait, 0.2045900754, SLOW * erlangC(10, 8 * SLOW).wait);
  });

  test("Erlang C: mean wait of 3 Erlang on 4 servers", () => {
    const scenario = lossSystem({
      slots: 4,
      rates: { standard: 3 },
      admission: { policy: "none" },
      duration: gear("2500s", "6000s"),
      warmup: "100s",
    });
    // Erlang's tables: 0.5094 of them wait.
    expect(erlangC(4, 3).waits).toBeCloseTo(0.5094, 4);
    const { wait } = measured(scenario, { wait: (run) => run.all.queueWait.mean! });
    expectCovers(wait, erlangC(4, 3).wait, SLOW * erlangC(4, 3 * SLOW).wait);
  });

  test("Cobham: Priority waits less, Standard more, by just as much", () => {
    const waitOf = (tier: string) => (run: RunResult) =>
      run.tiers.find((row) => row.tier === tier)!.queueWait.mean!;
    const waits = measured(endless({ priority: 2, standard: 6 }, "1100s"), {
      priority: waitOf("priority"),
      standard: waitOf("standard"),
    });
    expect(cobham(10, 2, 6).priority).toBeCloseTo(0.051147519, 9);
    expect(cobham(10, 2, 6).standard).toBeCloseTo(0.25573759, 8);
    const slow = cobham(10, 2 * SLOW, 6 * SLOW);
    expectCovers(waits.priority, 0.051147519, SLOW * slow.priority);
    expectCovers(waits.standard, 0.25573759, SLOW * slow.standard);
  });
});

test("a wrong golden value fails: 10 servers are not 11, and no line is not a line of one", () => {
  const blocked = exponential();
  const fails = (golden: number) => expect(() => expectCovers(blocked, golden, 2 * golden));
  fails(erlangB(11, 8)).toThrow(/is below/);
  fails(erlangB(10, 8.5)).toThrow(/is above/);
  fails(boundedLine(10, 11, 8).blocking).toThrow(/is below/);
});

test("a simulator whose servers take 3 % too long fails", () => {
  const slow = tenServers(gear("1100s", "3000s"), { dist: "exponential", mean: SLOW * 1e6 });
  expect(() => expectCovers(slow, 0.1216610643, erlangB(10, 8 * SLOW))).toThrow(/is below/);
});
