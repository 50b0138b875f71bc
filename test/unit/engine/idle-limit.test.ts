import { describe, expect, it } from "vitest";
import { instant, seconds } from "../../../src/core/base/units.js";
import { parseScenario } from "../../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../../src/core/engine/experiment/simulation.js";
import { IdleWatch, idleLimit, lastPlanned } from "../../../src/core/engine/idle-limit.js";
import { ServerEvent } from "../../../src/core/server/service/event-kinds.js";
import { lives, play, type TinyChanges, tinyScenario, traceOf } from "./tiny.js";

const parsed = (pool: TinyChanges["pool"], more: TinyChanges["more"] = {}) =>
  parseScenario(tinyScenario({ pool, more } as TinyChanges));
const hours = (pool: TinyChanges["pool"], more: TinyChanges["more"] = {}) =>
  idleLimit(parsed(pool, more)) / 3600e6;

describe("the limit of idling", () => {
  it("is beyond every wait of an autoscaler, and nothing without one", () => {
    const scaled = (autoscaler: object) => hours({ autoscaler } as never);
    expect(hours({})).toBe(0);
    // Its windows, and what it waits before zero: twice 1h 10m and some.
    expect(scaled("target-load" as never)).toBeCloseTo(2 * (70 / 60 + 70 / 3600), 4);
    const longer = scaled({ algorithm: "target-load", downWindow: "3h" }) - scaled("target-load" as never);
    expect(longer).toBeCloseTo(2 * (3 - 1 / 6), 6);
    expect(scaled({ algorithm: "predictive", season: "24h" })).toBeGreaterThan(48);
    const limited = { algorithm: "hpa", upRate: { replicas: 1, per: "7h" } };
    expect(scaled(limited)).toBeGreaterThan(14);
    // By the clock: a period, or the last step of all.
    const minute = 1 / 60;
    const weekly = { algorithm: "schedule", every: "7d", steps: [{ at: 0, replicas: 1 }] };
    expect(scaled(weekly)).toBeCloseTo(7 * 24 + minute, 6);
    expect(scaled({ algorithm: "schedule", steps: [{ at: "9h", replicas: 1 }] })).toBeCloseTo(minute, 6);
  });

  it("is beyond what faults may take to mend, as they say it", () => {
    const broken = (fault: object) => hours({}, { faults: { one: fault } } as never);
    expect(broken({ fault: "instance-crash", at: "1s", for: "3h" })).toBe(3);
    expect(broken({ fault: "instance-crash", at: "1s", for: { mean: "1h" } })).toBeCloseTo(10.36, 6);
    expect(broken({ fault: "hang", mtbf: "1h", for: "1h" })).toBeCloseTo(1 + 31 / 3600, 6);
    const onNodes = (market: string, fault: object) => {
      const inventory = { nodes: { one: { count: 9, gpusPerNode: 1, market } }, retry: "0s" };
      return hours({}, { inventory, faults: { one: fault } } as never);
    };
    expect(onNodes("on-demand", { fault: "node-loss" })).toBe(4 * 24 + 0.25);
    const spot = (given: object) => onNodes("spot", { fault: "spot-reclaim", ...given });
    const [timed, byChance] = [{ at: "1s", for: "2h" }, { down: "1h" }];
    expect([spot(byChance), spot(timed), spot({ ...timed, ...byChance, up: "1h" })]).toEqual([1, 2, 3]);
    // However often they come.
    expect(broken({ fault: "slow-down", mtbf: "3us", for: "5us" })).toBeLessThan(1e-8);
  });

  it("counts from the last thing that is planned once", () => {
    const steps = [
      { at: "9h", replicas: 1 },
      { at: "10h", replicas: 2 },
    ];
    const planned = (pool: object, more = {}) => lastPlanned(parsed(pool as never, more)) / 3600e6;
    expect(planned({})).toBe(0);
    expect(planned({ autoscaler: { algorithm: "schedule", steps } })).toBe(10);
    const { paths } = tinyScenario();
    const life = { standard: { ...paths["standard"]!, launch: "3h", retire: "12h" } };
    expect(planned({}, { paths: { ...paths, ...life } })).toBe(12);
    const outages = [{ pool: "shared", from: "5s", for: "15h", instances: 1 }];
    expect(planned({}, { outages })).toBeCloseTo(15, 2);
  });
});

describe("idle time", () => {
  it("is long once it is beyond the limit, from the last work or plan on", () => {
    const fault = { fault: "instance-crash", at: "1s", for: "1h" } as const;
    const idle = new IdleWatch(parsed({}, { faults: { one: fault } }));
    const at = (hours: number) => instant(seconds(hours * 3600));
    // Nine events, of which the last was no work, and the others were by then.
    idle.rests(ServerEvent.control, 9, false, at(5));
    expect([6, 6.1].map((hours) => idle.isLongAt(at(hours), 9))).toEqual([false, true]);
    expect(idle.isLongAt(at(7), 10)).toBe(false);
    idle.rests(ServerEvent.fault, 10, false, at(6));
    expect([6, 6.1].map((hours) => idle.isLongAt(at(hours), 10))).toEqual([false, true]);
    idle.rests(ServerEvent.start, 11, false, at(6));
    expect([7, 7.1].map((hours) => idle.isLongAt(at(hours), 11))).toEqual([false, true]);
    // What runs makes no event.
    idle.rests(ServerEvent.fault, 12, true, at(7));
    expect([8, 8.1].map((hours) => idle.isLongAt(at(hours), 12))).toEqual([false, true]);
  });

  it("is in vain where something has broken ever so often, whatever has started in between", () => {
    const idle = new IdleWatch(parsed({}));
    const at = (hours: number) => instant(seconds(hours * 3600));
    for (let count = 1; count <= 100_001; count++) idle.rests(ServerEvent.fault, count, false, at(4));
    idle.rests(ServerEvent.start, 100_002, false, at(5));
    expect(idle.isVainAt(at(5.1), 100_002)).toBe(true);
    expect(idle.isVainAt(at(5.2), 100_003)).toBe(false);
    idle.rests(ServerEvent.control, 100_004, false, at(5.2));
    expect(idle.isVainAt(at(5.3), 100_004)).toBe(false);
  });
});

describe("a run in which requests wait", () => {
  const scheduled = (...steps: readonly (readonly [at: string, replicas: number])[]) =>
    ({ algorithm: "schedule", steps: steps.map(([at, replicas]) => ({ at, replicas })) }) as const;
  const patient = { admission: { policy: "none" } } as const;

  it("goes on until a step, a start or a repair of hours has brought capacity", () => {
    const pool = { ...patient, replicas: 0, autoscaler: scheduled(["3h", 1]) };
    const calls = [{ at: 0, output: 3 }];
    const coldStart = { preset: "warm", init: "5h" } as const;
    expect(lives(play(calls, { pool }))).toEqual(["1: completed, 0 (10800) to 10803"]);
    expect(lives(play(calls, { pool: { ...pool, coldStart } }))).toEqual([
      "1: completed, 0 (28800) to 28803",
    ]);
    const outages = [{ pool: "shared", from: "0s", for: "9h", instances: 1 }];
    expect(lives(play(calls, { pool: patient, more: { outages } }))).toEqual([
      "1: completed, 0 (32400) to 32403",
    ]);
    // Down from before the step on, so that the step comes late.
    const faults = { one: { fault: "control-plane", at: "1h", for: "9h" } } as const;
    expect(lives(play(calls, { pool, more: { faults } }))).toEqual(["1: completed, 0 (36000) to 36003"]);
  });

  it("goes on as long after a fault as a repair takes, whatever ran without an event until then", () => {
    const profile = { base: "10ms", perSequence: "0us", perContextToken: "0us", perPrefillToken: "0us" };
    const replica = { engine: "batching", profile, maxSequences: 1, kvTokens: 1e6, maxBatchedTokens: 2048 };
    const faults = { f: { fault: "node-loss", at: "50s", repairs: [{ share: "100%", for: "20s" }] } };
    const calls = [
      { at: 0, output: 30_000 },
      { at: 1, output: 50 },
    ];
    const ends = (stepByStep: boolean, interval: string) => {
      const scenario = tinyScenario({
        pool: { ...patient, replicas: 1, replica },
        traffic: { maxOutput: 100_000 },
        more: {
          ...{ duration: "52s", warmup: "0s", drain: true, sampling: { interval }, faults },
          inventory: { nodes: { h: { count: 1, gpusPerNode: 8 } } },
        },
      } as never);
      const simulation = new Simulation(parseScenario(scenario), {
        stepByStep,
        readTrace: () => [traceOf(calls)],
      });
      simulation.run();
      return simulation.result().all.outcomes;
    };
    for (const interval of ["1s", "30s", "5m"])
      for (const stepByStep of [false, true])
        expect(ends(stepByStep, interval)).toMatchObject({ completed: 1, unavailable: 1, in_flight: 0 });
  });

  it("ends where nothing will ever bring any, however often something breaks", () => {
    const often = { fault: "control-plane", every: { mean: "5ms" }, for: { mean: "5ms" } } as const;
    const pool = { ...patient, replicas: 0, autoscaler: scheduled(["0s", 0], ["1ms", 1], ["2ms", 0]) };
    const simulation = new Simulation(parsed(pool, { faults: { one: often } }), {
      readTrace: () => [
        traceOf([
          { at: 0, output: 1 },
          { at: 0.003, output: 1 },
        ]),
      ],
    });
    expect(simulation.run(100_000)).toBe(true);
    expect(simulation.result().all.outcomes).toMatchObject({ completed: 1, in_flight: 1 });
  });
});
