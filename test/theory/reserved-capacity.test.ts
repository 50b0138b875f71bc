// Capacity kept for Priority: trunk reservation without a queue, in front of one and with what it refuses handed over,
// and a threshold on the queue, against birth-death chains. Golden values were computed apart from this project; the
// chains are held to them in test/unit/support, the simulator here.
import { describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../src/core/index.js";
import { queueThreshold, trunkReservation } from "../support/closed-forms.js";
import { reservedOverflow, reservedQueue } from "../support/markov-chain.js";
import { gear, NIGHTLY } from "../support/mode.js";
import {
  expectCovers,
  expectMisses,
  lossSystem,
  measured,
  once,
  SLOW,
  samplesOf,
  servers,
  studentInterval,
  tierOf,
} from "../support/oracle.js";

const MEASURES = {
  standard: tierOf("standard").lost,
  priority: tierOf("priority").lost,
  standardWait: tierOf("standard").wait,
  priorityWait: tierOf("priority").wait,
};

interface Reserved {
  readonly slots: number;
  readonly reserved: number;
  readonly priority: number;
  readonly standard: number;
}

const reservation = (slots: number, reserved: number) =>
  ({ policy: "trunk-reservation", maxQueue: 0, reserve: { standard: reserved / slots } }) as const;

function reserving(
  { slots, reserved, priority, standard }: Reserved,
  duration: string,
  queue: { readonly maxQueue?: number; readonly displaceLower?: boolean } = {},
): ScenarioInput {
  return lossSystem({
    slots,
    rates: { priority, standard },
    admission: { ...reservation(slots, reserved), queueTimeout: "10h", ...queue },
    duration,
    warmup: "50s",
  });
}

describe("trunk reservation", () => {
  const rows = [
    [0, 0.214582343, 0.214582343],
    [1, 0.31086346, 0.051810577],
    [2, 0.39307421, 0.013792078],
    [3, 0.47680944, 0.0040237083],
  ] as const;
  const ten = (reserved: number) => ({ slots: 10, reserved, priority: 2, standard: 8 });

  test.each(rows.filter(([reserved]) => NIGHTLY || reserved === 2))(
    "10 servers, %i reserved",
    (reserved, standard, priority) => {
      const run = measured(reserving(ten(reserved), gear("1400s", "3000s")), MEASURES);
      expectCovers(run.standard, standard, trunkReservation(10, reserved, 2 * SLOW, 8 * SLOW).standard);
      // A fifth of the arrivals, hardly ever refused: that one slot more or less is reserved has to show.
      expectCovers(run.priority, priority, trunkReservation(10, reserved + 1, 2, 8).priority);
    },
  );

  test("one slot more or less in reserve is told", () => {
    const less = measured(reserving(ten(1), "250s"), MEASURES);
    expectMisses(less.standard, 0.39307421, "above");
    expectMisses(less.priority, 0.013792078, "below");
    const more = measured(reserving(ten(3), "250s"), MEASURES);
    expectMisses(more.standard, 0.39307421, "below");
    expectMisses(more.priority, 0.013792078, "above");
  });

  test("100 servers, 5 reserved: standard", () => {
    const hundred = { slots: 100, reserved: 5, priority: 20, standard: 80 };
    const { standard } = measured(reserving(hundred, gear("180s", "400s")), MEASURES);
    expectCovers(standard, 0.13344012, trunkReservation(100, 5, 20 * SLOW, 80 * SLOW).standard);
  });

  // Priority's share of 4.4e-7 is that of test/theory/rare-events.test.ts.
  test.runIf(NIGHTLY)("200 servers, 4 reserved: standard, seldom refused", () => {
    const many = { slots: 200, reserved: 4, priority: 32, standard: 128 };
    const { standard } = measured(reserving(many, "1500s"), MEASURES);
    expectCovers(standard, 7.806e-4, trunkReservation(200, 4, 32 * SLOW, 128 * SLOW).standard);
  });
});

describe("trunk reservation in front of a queue of five", () => {
  const system = { slots: 10, reserved: 2, priority: 3, standard: 5 };
  const chain = (times: number, displaces: boolean) =>
    reservedQueue({ servers: 10, reserved: 2, priority: 3 * times, standard: 5 * times }, 5, displaces);
  const run = (displaceLower: boolean, duration: string) =>
    measured(reserving(system, duration, { maxQueue: 5, displaceLower }), MEASURES);
  const keeping = once(() => run(false, gear("950s", "6000s")));

  test("a full queue refuses both ranks", () => {
    const exact = chain(1, false);
    const slow = chain(SLOW, false);
    const { standard, priority, standardWait, priorityWait } = keeping();
    expectCovers(standard, exact.standard.blocking, slow.standard.blocking);
    expectCovers(standardWait, exact.standard.wait!, SLOW * slow.standard.wait!);
    // Few of these: what shows is one slot more in reserve.
    const more = reservedQueue({ servers: 10, reserved: 3, priority: 3, standard: 5 }, 5, false);
    expectCovers(priority, exact.priority.blocking, more.priority.blocking);
    expectCovers(priorityWait, exact.priority.wait, more.priority.wait);
  });

  test("a full queue lets Priority displace Standard; one that refuses both is told", () => {
    const exact = chain(1, true);
    const displacing = run(true, gear("950s", "6000s"));
    expectCovers(displacing.standard, exact.standard.blocking, chain(SLOW, true).standard.blocking);
    // It waits twice as long as where only what finds a place waits at all.
    expectCovers(displacing.priorityWait, exact.priority.wait, chain(1, false).priority.wait);
    expectMisses(keeping().priorityWait, exact.priority.wait, "above");
    expect(displacing.priority.high).toBeLessThan(chain(1, false).priority.blocking / 5);
  });
});

describe("Standard that the reserve keeps out is handed over", () => {
  const chain = (second: number, reserved = 2) =>
    reservedOverflow({ servers: 10, reserved, priority: 2, standard: 8 }, second);
  const handing = (second: number, instead: "spill" | "demote", duration: string): ScenarioInput => {
    const scenario = reserving({ slots: 10, reserved: 2, priority: 2, standard: 8 }, duration);
    const other = { ...servers(second), admission: { policy: "tail-drop", maxQueue: 0 } } as const;
    const detour = instead === "spill" ? { spill: "other" } : { demote: "background" };
    const { standard } = scenario.paths;
    return {
      ...scenario,
      inventory: { gpus: 2 },
      pools: { ...scenario.pools, other },
      paths: {
        ...scenario.paths,
        standard: { ...standard!, instead: [detour] },
        background: { model: "m", serviceTier: "background", pool: "other", rank: 2 },
      },
    };
  };
  const measures = {
    lost: MEASURES.standard,
    priority: MEASURES.priority,
    handed: tierOf("standard").handedOver,
  };

  test("to a second pool, four servers", () => {
    const exact = chain(4);
    const { lost, priority, handed } = measured(handing(4, "spill", gear("450s", "4000s")), measures);
    expectCovers(lost, exact.standard, chain(3).standard);
    expectCovers(handed, exact.overflow, chain(4, 3).overflow);
    expectCovers(priority, exact.priority, chain(4, 3).priority);
  });

  test("a server less in the second pool is told", () => {
    const { lost, handed } = measured(handing(3, "spill", "250s"), measures);
    expectMisses(lost, chain(4).standard, "below");
    expectMisses(handed, chain(4).overflow, "above");
  });

  test("to another path, which is the same to the last attempt", () => {
    const spilled = samplesOf(handing(4, "spill", "150s"), measures, { replications: 3 });
    expect(samplesOf(handing(4, "demote", "150s"), measures, { replications: 3 })).toEqual(spilled);
    expect(studentInterval(spilled.handed, 0.9).low).toBeGreaterThan(0.2);
  });
});

describe("a threshold on the queue: Standard below Ks inside, Priority below K", () => {
  const SLOTS = 10;
  interface Threshold {
    readonly closesAt: number;
    readonly places: number;
    readonly priority: number;
    readonly standard: number;
  }
  const scenario = ({ closesAt, places, priority, standard }: Threshold, duration: string) =>
    lossSystem({
      slots: SLOTS,
      rates: { priority, standard },
      admission: {
        policy: "saturation",
        queueDepth: closesAt - SLOTS,
        maxQueue: places - SLOTS,
        queueTimeout: "10h",
        displaceLower: false,
      },
      discipline: "fifo",
      duration,
      warmup: "50s",
    });
  const exact = ({ closesAt, places, priority, standard }: Threshold, times = 1) =>
    queueThreshold(SLOTS, closesAt, places, priority * times, standard * times);

  test("Ks = 20, K = 30, overload of 12 Erlang: share of Standard, and the wait of both", () => {
    const system = { closesAt: 20, places: 30, priority: 3, standard: 9 };
    const run = measured(scenario(system, gear("540s", "3000s")), MEASURES);
    const slow = exact(system, SLOW);
    expectCovers(run.standard, 0.23831506, slow.standard.blocking);
    // One place less is 13 % less to wait.
    const less = exact({ ...system, closesAt: 19 });
    expectCovers(run.standardWait, exact(system).standard.wait, less.standard.wait);
    expectCovers(run.priorityWait, exact(system).priority.wait, less.priority.wait);
    // Priority is refused once in a million: by the closed form alone.
    expect(run.priority.high).toBeLessThan(1e-3);
  });

  // Much more of Priority, so that its bound shows, too.
  const tight = { closesAt: 14, places: 18, priority: 8, standard: 4 };

  test("Ks = 14, K = 18: what each loses", () => {
    const run = measured(scenario(tight, gear("550s", "4000s")), MEASURES);
    const less = exact({ ...tight, closesAt: 13 });
    expectCovers(run.standard, exact(tight).standard.blocking, less.standard.blocking);
    expectCovers(
      run.priority,
      exact(tight).priority.blocking,
      exact({ ...tight, places: 17 }).priority.blocking,
    );
  });

  test("a threshold or a bound that is one off is told", () => {
    const golden = exact(tight);
    const early = measured(scenario({ ...tight, closesAt: 13 }, "300s"), MEASURES);
    expectMisses(early.standard, golden.standard.blocking, "below");
    const larger = measured(scenario({ ...tight, places: 19 }, "300s"), MEASURES);
    expectMisses(larger.priority, golden.priority.blocking, "above");
  });
});
