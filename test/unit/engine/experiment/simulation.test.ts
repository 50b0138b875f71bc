import { describe, expect, it } from "vitest";
import { NEVER } from "../../../../src/core/base/units.js";
import { type AttemptRow, parseScenario, Simulation, SurgefleetError } from "../../../../src/core/index.js";
import { toSeconds } from "../../../../src/core/internal.js";
import { problemsOfResult } from "../../../../src/core/results/shape/summary-schema.js";
import { play, tinyScenario, traceOf } from "../tiny.js";

const CALLS = [
  { at: 0, output: 4, account: "ann" },
  { at: 1, output: 9 },
  { at: 5, output: 9, account: "bob" },
];

function makeSimulation(more: Parameters<typeof tinyScenario>[0] = {}, trace = traceOf(CALLS)) {
  return new Simulation(parseScenario(tinyScenario(more)), { readTrace: () => [trace] });
}

describe("simulation", () => {
  it("runs in slices, to the same end as in one go", () => {
    const whole = makeSimulation();
    whole.run();
    const sliced = makeSimulation();
    let slices = 1;
    while (!sliced.run(2)) slices++;
    expect(slices).toBeGreaterThan(3);
    expect(sliced.result()).toEqual(whole.result());
  });

  it("tells the version of a pool's engine where the pool or its profile names one, and has no key elsewhere", () => {
    const replica = { engine: "batching", profile: "llama-3.1-8b-h100" } as const;
    const [named, plain] = [{ ...replica, engineVersion: "vllm-0.15" } as const, replica].map((one) => {
      const simulation = makeSimulation({ pool: { replica: one } });
      simulation.run();
      return simulation.result();
    });
    expect(named!.pools.map(({ engineVersion }) => engineVersion)).toEqual(["vllm-0.15", undefined]);
    expect(problemsOfResult(named)).toEqual([]);
    expect(problemsOfResult({ ...named, pools: [{ ...named!.pools[0], engineVersion: null }] })).not.toEqual(
      [],
    );
    expect([named, plain].map((result) => JSON.stringify(result).includes("engineVersion"))).toEqual([
      true,
      false,
    ]);
  });

  it("says how far it is", () => {
    const simulation = makeSimulation({ more: { duration: "30s", seed: 9 } });
    expect([simulation.seed, toSeconds(simulation.until), simulation.work.events]).toEqual(["9", 30, 0]);
    simulation.run(3);
    expect([simulation.work.events, simulation.now, simulation.requests]).toEqual([3, 1e6, 1]);
    simulation.run();
    expect([simulation.requests, makeSimulation().until]).toEqual([3, NEVER]);
  });

  it("uses the seed it is given before that of the scenario", () => {
    const options = { seed: "other", readTrace: () => [traceOf(CALLS)] };
    expect(new Simulation(parseScenario(tinyScenario()), options).result().seed).toBe("other");
  });

  it("tells each attempt as it ends, and at the end those in flight", () => {
    const { attempts } = play(CALLS, { more: { duration: "8s" }, followed: "nothing" });
    const expected: AttemptRow[] = [
      {
        request: 2,
        attempt: 1,
        source: "calls",
        account: "calls-1",
        tier: "standard",
        outcome: "overloaded",
        reason: "overloaded_capacity",
        status: 503,
        arrived: 1,
        started: null,
        firstToken: null,
        ended: 1,
        inputTokens: 10,
        cachedTokens: 0,
        outputTokens: 0,
        servedTier: null,
        servedPool: null,
        retryIn: null,
      },
      {
        request: 1,
        attempt: 1,
        source: "calls",
        account: "ann",
        tier: "standard",
        outcome: "completed",
        reason: "none",
        status: 200,
        arrived: 0,
        started: 0,
        firstToken: 1,
        ended: 4,
        inputTokens: 10,
        cachedTokens: 0,
        outputTokens: 4,
        servedTier: "standard",
        servedPool: "shared",
        retryIn: null,
      },
      {
        request: 3,
        attempt: 1,
        source: "calls",
        account: "bob",
        tier: "standard",
        outcome: "in_flight",
        reason: "none",
        status: 200,
        arrived: 5,
        started: 5,
        firstToken: 6,
        ended: null,
        inputTokens: 10,
        cachedTokens: 0,
        outputTokens: 2,
        servedTier: "standard",
        servedPool: "shared",
        retryIn: null,
      },
    ];
    expect(attempts).toEqual(expected);
  });

  it("has no status for an attempt in flight without a token, running or waiting", () => {
    const calls = [
      { at: 0, output: 5 },
      { at: 4.5, output: 5 },
      { at: 5, output: 5 },
    ];
    const pool = { admission: { policy: "none" } } as const;
    const { attempts } = play(calls, { pool, more: { duration: "5.5s" }, followed: "nothing" });
    const told = attempts.map(({ request, outcome, status, started }) => [request, outcome, status, started]);
    expect(told).toEqual([
      [1, "completed", 200, 0],
      [2, "in_flight", 0, 5],
      [3, "in_flight", 0, null],
    ]);
  });

  it("describes the run it made", () => {
    const more = {
      duration: "20s",
      warmup: "5s",
      name: "tiny",
      description: "One server.",
      seed: 3,
    } as const;
    const simulation = makeSimulation({ more });
    simulation.run();
    const result = simulation.result();
    expect(result).toMatchObject({ scenario: "tiny", description: "One server.", seed: "3", partial: false });
    expect(result.time).toEqual({ simulated: 20, warmup: 5, measured: 15, offeredRate: 1 / 15 });
    expect([
      result.tiers.map(({ tier }) => tier),
      result.pools.map(({ pool, gpus }) => [pool, gpus]),
    ]).toEqual([
      ["standard", "priority", "fast"],
      [
        ["shared", 1],
        ["fast", 1],
      ],
    ]);
  });
});

describe("a trace that is not right", () => {
  it("is needed where the scenario replays one", () => {
    expect(() => new Simulation(parseScenario(tinyScenario()))).toThrow("pass readTrace");
  });

  it("may name the paths of the scenario as tiers and no others", () => {
    const good = makeSimulation({}, `${traceOf(CALLS)}6,10,5,,,priority\n`);
    good.run();
    expect(good.result().all.attempts).toBe(4);
    const bad = makeSimulation({}, `${traceOf(CALLS)}6,10,5,,,gold\n`);
    expect(() => bad.run()).toThrow(
      '"gold" is no path of the scenario (its paths are standard, priority, fast)',
    );
  });

  it("stops the run at the bad row", () => {
    const simulation = makeSimulation({}, `${traceOf(CALLS)}6,ten,5,,,\n`);
    expect(() => simulation.run()).toThrow(SurgefleetError);
  });
});
