// Loss systems against Erlang and birth-death chains. Golden values were computed apart from this project; the closed
// forms are held to them in test/unit/support/closed-forms.test.ts, the simulator here.
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../src/core/index.js";
import { boundedLine, erlangB } from "../support/closed-forms.js";
import { gear, NIGHTLY } from "../support/mode.js";
import {
  expectCovers,
  expectMisses,
  type LossSystem,
  lossSystem,
  measured,
  once,
  SLOW,
} from "../support/oracle.js";

const overloaded = (result: RunResult) => result.all.overloadedRate!;
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
    const { blocked, wait } = measured(line(12), {
      blocked: overloaded,
      wait: (run) => run.all.queueWait.mean!,
    });
    const slow = boundedLine(10, 30, 12 * SLOW);
    expectCovers(blocked, 0.1686372446, slow.blocking);
    expectCovers(wait, 1.534560194, SLOW * slow.wait);
  });

  test("9.5 Erlang on 10 servers: blocking", () => {
    const { overloaded: blocked } = measured(line(9.5), { overloaded });
    expectCovers(blocked, 0.02058607943, boundedLine(10, 30, 9.5 * SLOW).blocking);
  });

  // So few places that one more or less shows.
  const short = (maxQueue: number, duration: string) =>
    measured(
      lossSystem({
        slots: 2,
        rates: { standard: 1.5 },
        admission: { policy: "tail-drop", maxQueue, queueTimeout: "10h" },
        duration,
        warmup: "50s",
      }),
      { blocked: overloaded },
    ).blocked;

  test("2 servers with 2 places at 1.5 Erlang: blocking, and that of one place less or more is told", () => {
    const golden = boundedLine(2, 4, 1.5).blocking;
    expectCovers(short(2, gear("1000s", "9000s")), golden, boundedLine(2, 5, 1.5).blocking);
    expectMisses(short(1, "1000s"), golden, "below");
    expectMisses(short(3, "1000s"), golden, "above");
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
