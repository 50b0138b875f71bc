// Delay systems, by arrival and by rank: Erlang C with its tail, Pollaczek-Khinchine, Cobham's two ranks without
// preemption, and the conservation law, by which an order that does not look at lengths only moves waits from one rank to
// another (Kleinrock 1965). Golden values were computed apart from this project; the closed forms are held to them in
// test/unit/support/closed-forms.test.ts, the simulator here.
import { describe, expect, test } from "vitest";
import type { AttemptRow, RunResult } from "../../src/core/index.js";
import { cobham, cobhamOneServer, erlangC, erlangTail, pollaczekKhinchine } from "../support/closed-forms.js";
import { gear, NIGHTLY } from "../support/mode.js";
import {
  expectCovers,
  expectMisses,
  type LossSystem,
  lossSystem,
  measured,
  once,
  SLOW,
  samplesOf,
  studentInterval,
  tierOf,
} from "../support/oracle.js";

const CONFIDENCE = 0.999;
const meanWait = (run: RunResult) => run.all.queueWait.mean;

type Endless = Omit<LossSystem, "admission"> & Partial<Pick<LossSystem, "admission">>;
const endless = (system: Endless) => lossSystem({ admission: { policy: "none" }, ...system });

const WAITS = { all: meanWait, priority: tierOf("priority").wait, standard: tierOf("standard").wait };

/** Waits of all and of two ranks, in each of twenty runs. */
const waitsOf = (system: Endless) => samplesOf(endless(system), WAITS);

type Waits = ReturnType<typeof waitsOf>;
const meanOf = (values: readonly number[]) => studentInterval(values, CONFIDENCE);

/** By how much waits by rank, weighed by load, are more than they are by arrival: of the same runs, which vary alike. */
function moved(byRank: Waits, byArrival: Waits, loads: { priority: number; standard: number }) {
  const { priority, standard } = loads;
  const sums = byRank.priority.map((wait, run) => priority * wait + standard * byRank.standard[run]!);
  return meanOf(sums.map((sum, run) => sum - (priority + standard) * byArrival.all[run]!));
}

/** Whether the interval covers 0, and would not cover 3 % of the sum. */
function expectConserved(difference: ReturnType<typeof meanOf>, sum: number): void {
  expect(difference.halfWidth, "narrow enough").toBeLessThan(0.6 * (SLOW - 1) * sum);
  expect(difference.low, `the sum ${sum} has grown`).toBeLessThanOrEqual(0);
  expect(difference.high, `the sum ${sum} has shrunk`).toBeGreaterThanOrEqual(0);
}

describe("one server, 80 % load", () => {
  interface Service {
    readonly service: NonNullable<LossSystem["service"]>;
    readonly secondMoment: number;
    readonly duration: string;
  }
  const services: Readonly<Record<string, Service>> = {
    deterministic: { service: 1e6, secondMoment: 1, duration: gear("4400s", "30000s") },
    // Its waits vary more, which takes too long for the day.
    ...(NIGHTLY && {
      exponential: {
        service: { dist: "exponential", mean: 1e6 },
        secondMoment: 2,
        duration: "30000s",
      },
    }),
  };

  describe.each(Object.entries(services))("%s service", (_, { service, secondMoment, duration }) => {
    const loads = { priority: 0.2, standard: 0.6 };
    const system = {
      slots: 1,
      rates: loads,
      service,
      duration,
      warmup: "1000s",
    };
    const byRank = once(() => waitsOf({ ...system, discipline: "priority" }));
    const byArrival = once(() => waitsOf({ ...system, discipline: "fifo" }));
    const exact = cobhamOneServer(0.2, 0.6, 1, secondMoment);
    const wait = pollaczekKhinchine(0.8, 1, secondMoment);

    test("Pollaczek-Khinchine, by arrival: the wait of all, and of each rank", () => {
      const slow = pollaczekKhinchine(0.8, SLOW, SLOW ** 2 * secondMoment);
      const { all, priority, standard } = byArrival();
      for (const values of [all, priority, standard]) expectCovers(meanOf(values), wait, slow);
    });

    test("Cobham, by rank: Priority waits less, Standard more", () => {
      const slow = cobhamOneServer(0.2, 0.6, SLOW, SLOW ** 2 * secondMoment);
      expectCovers(meanOf(byRank().priority), exact.priority, slow.priority);
      expectCovers(meanOf(byRank().standard), exact.standard, slow.standard);
    });

    test("conservation: the sum of waits by load is that by arrival", () => {
      expectConserved(moved(byRank(), byArrival(), loads), 0.8 * wait);
    });

    test("a queue by arrival in place of one by rank is told", () => {
      expectMisses(meanOf(byArrival().priority), exact.priority, "below");
      expectMisses(meanOf(byArrival().standard), exact.standard, "above");
    });
  });

  test("Pollaczek-Khinchine: lognormal service", () => {
    // Waits vary less behind services that do, and the formula is the same.
    const [sigma, golden] = gear([0.5, 2.568050833], [1, 5.436563657]);
    const scenario = endless({
      slots: 1,
      rates: { standard: 0.8 },
      service: { dist: "lognormal", mean: 1e6, sigma },
      duration: gear("9000s", "30000s"),
      warmup: "1000s",
    });
    const slow = pollaczekKhinchine(0.8, SLOW, SLOW ** 2 * Math.exp(sigma ** 2));
    expectCovers(measured(scenario, { wait: meanWait }).wait, golden, slow);
  });
});

describe("8 Erlang on 10 servers", () => {
  const WARMUP = 100;
  const loads = { priority: 2, standard: 6 };
  const system = (duration: string, slots = 10) => ({
    slots,
    rates: loads,
    duration,
    warmup: `${WARMUP}s`,
  });
  /** Of those that arrived after the warm-up, the share that waited for longer than `t`. */
  const tail = (t: number) => (_: RunResult, attempts: readonly AttemptRow[]) => {
    const seen = attempts.filter(({ arrived, started }) => arrived >= WARMUP && started !== null);
    return seen.filter(({ arrived, started }) => started! - arrived > t).length / seen.length;
  };
  const TAILS = [
    ["any", 0, 0.4091801508],
    ["half", 0.5, 0.150528965],
    ["one", 1, 0.055376512],
  ] as const;
  const shares = { any: tail(0), half: tail(0.5), one: tail(1) };

  const DURATION = gear("900s", "3000s");
  const byRank = once(() => waitsOf(system(DURATION)));
  const byArrival = once(() =>
    samplesOf(
      endless({ ...system(DURATION), discipline: "fifo" }),
      { ...WAITS, ...shares },
      { withAttempts: true },
    ),
  );
  const ofEleven = once(() =>
    measured(
      endless({ ...system("250s", 11), discipline: "fifo" }),
      { wait: meanWait, ...shares },
      { withAttempts: true },
    ),
  );

  test("Erlang C, by arrival: mean wait of all, and of each rank", () => {
    const { all, priority, standard } = byArrival();
    const slow = SLOW * erlangC(10, 8 * SLOW).wait;
    for (const values of [all, priority, standard]) expectCovers(meanOf(values), 0.2045900754, slow);
    expectMisses(ofEleven().wait, 0.2045900754, "above");
  });

  test.each(TAILS)("Erlang C: share that waits longer, %s", (name, t, golden) => {
    expectCovers(meanOf(byArrival()[name]), golden, erlangTail(10, 8 * SLOW, t / SLOW));
    expectMisses(ofEleven()[name], golden, "above");
  });

  test("Cobham, by rank: Priority waits less, Standard more; by arrival in place of that is told", () => {
    const slow = cobham(10, 2 * SLOW, 6 * SLOW);
    expectCovers(meanOf(byRank().priority), 0.051147519, SLOW * slow.priority);
    expectCovers(meanOf(byRank().standard), 0.25573759, SLOW * slow.standard);
    expectMisses(meanOf(byArrival().priority), 0.051147519, "below");
    expectMisses(meanOf(byArrival().standard), 0.25573759, "above");
  });

  test("conservation: the sum of waits by load is that by arrival; that a queue sheds is told", () => {
    const sum = 8 * erlangC(10, 8).wait;
    expectConserved(moved(byRank(), byArrival(), loads), sum);
    const shedding = { policy: "tail-drop", maxQueue: 5 } as const;
    const sheds = waitsOf({ ...system("250s"), admission: shedding });
    const waits = waitsOf({ ...system("250s"), discipline: "fifo" });
    expect(() => expectConserved(moved(sheds, waits, loads), Number.POSITIVE_INFINITY)).toThrow(/has shrunk/);
  });
});

test("Erlang C: 3 Erlang on 4 servers", () => {
  const scenario = endless({
    slots: 4,
    rates: { standard: 3 },
    duration: gear("1900s", "6000s"),
    warmup: "100s",
  });
  // Erlang's tables: 0.5094 of them wait.
  expect(erlangC(4, 3).waits).toBeCloseTo(0.5094, 4);
  const { wait } = measured(scenario, { wait: meanWait });
  expectCovers(wait, erlangC(4, 3).wait, SLOW * erlangC(4, 3 * SLOW).wait);
});
