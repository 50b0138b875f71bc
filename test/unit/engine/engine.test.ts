import { describe, expect, it } from "vitest";
import type { EngineObserver } from "../../../src/core/api/observer.js";
import { NONE } from "../../../src/core/base/none.js";
import { instant, NEVER, seconds } from "../../../src/core/base/units.js";
import type { Arrival } from "../../../src/core/demand/traffic/source.js";
import { Engine } from "../../../src/core/engine/engine.js";
import { parseScenario } from "../../../src/core/index.js";
import { type Call, lives, play, type TinyChanges, tinyScenario, traceOf, waiting } from "./tiny.js";

function makeEngine(calls: readonly Call[], changes: TinyChanges = {}, observer?: EngineObserver): Engine {
  return new Engine(parseScenario(tinyScenario(changes)), {
    seed: "1",
    readTrace: () => [traceOf(calls)],
    observer,
  });
}

const runToEnd = (engine: Engine) => {
  let steps = 0;
  while (engine.step()) steps++;
  return steps;
};

describe("the end of a run", () => {
  const calls = [
    { at: 0, output: 4 },
    { at: 3, output: 9 },
    { at: 7, output: 9 },
  ];
  const queue = { pool: { admission: waiting(5) } };

  it("without duration is when the last request of the trace has ended", () => {
    const { result } = play(calls, queue);
    expect(result.time).toEqual({ simulated: 22, warmup: 0, measured: 22, offeredRate: 3 / 7 });
    expect(result.all.outcomes).toMatchObject({ completed: 3, in_flight: 0 });
  });

  it("without duration and drain is when the last request has arrived", () => {
    const { result } = play(calls, { ...queue, more: { drain: false } });
    expect(result.time).toMatchObject({ simulated: 7, measured: 7 });
    expect(result.all.outcomes).toMatchObject({ completed: 1, in_flight: 2 });
  });

  it("with duration is when what began before has ended, while traffic goes on that is not counted", () => {
    // A fourth request comes at 15 s: it takes a place in the queue, and is no part of what is told.
    const later = { at: 15, output: 9 };
    const run = play([...calls, later], { ...queue, more: { duration: "12s" } });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 4",
      "2: completed, 3 (4) to 13",
      "3: completed, 7 (13) to 22",
    ]);
    const { time, all, series, pools } = run.result;
    expect(time).toMatchObject({ simulated: 22, measured: 12, offeredRate: 3 / 12 });
    expect(all).toMatchObject({ attempts: 3, requests: { offered: 3, completed: 3, open: 0 } });
    expect(all.latency).toMatchObject({ count: 3, max: 15 });
    // What is of the window itself ends with it: the token of 12 s is none of it.
    expect([all.throughput, pools[0]!.slotsBusyMean]).toEqual([11 / 12, 1]);
    const { attempts, completed } = series.tiers[0]!;
    expect([attempts.length, completed.reduce((sum, count) => sum + count)]).toEqual([12, 1]);
  });

  it("with duration comes one more of it later at most, and tells what is open", () => {
    const { result } = play(calls, { ...queue, more: { duration: "8s" } });
    expect(result.time).toMatchObject({ simulated: 16, measured: 8 });
    expect(result.all).toMatchObject({ outcomes: { completed: 2, in_flight: 1 }, requests: { open: 1 } });
  });

  it("with duration comes at once where nothing is open, and follows no attempt of the warm-up", () => {
    const more = { duration: "8s", warmup: "4s" };
    const simulated = (first: number, ...later: readonly Call[]) =>
      play([{ at: 0, output: first }, ...later], { ...queue, more }).result.time.simulated;
    expect(simulated(8)).toBe(8);
    expect(simulated(9)).toBe(8);
    expect(simulated(1, { at: 4, output: 5 })).toBe(9);
    expect(simulated(1, { at: 4, output: 99 })).toBe(12);
  });

  it("follows a request to its end through retries that come after the window, and no further", () => {
    const busy = { at: 0, output: 11 };
    const run = (output: number) =>
      play(
        [
          { ...busy, output },
          { at: 9, output: 1 },
          { at: 9.5, output: 1, model: "kimi-fast" },
        ],
        {
          traffic: { client: "openai-node-6" },
          more: { duration: "10s", retryAfter: { overloaded: "4s" } },
        },
      );
    const { all, tiers } = run(11).result;
    // The second request is refused at 9 s and served from 13 s on: its outcome counts, that attempt does not.
    expect(all).toMatchObject({
      attempts: 3,
      outcomes: { completed: 2, overloaded: 1, in_flight: 0 },
      requests: { offered: 3, attempts: 4, completed: 3, failed: 0, open: 0 },
      amplification: 4 / 3,
    });
    expect(tiers[0]!.amplification).toBe(1.5);
    expect(run(11).result.time.simulated).toBe(14);
  });

  it("follows those that wait, until they are served or their time is up", () => {
    const waits = Array.from({ length: 10 }, (_, second) => ({ at: second + 0.5, output: 1 }));
    const { all, time } = play([{ at: 0, output: 99 }, ...waits], {
      pool: { admission: waiting(20, "6s") },
      more: { duration: "20s" },
    }).result;
    expect(all).toMatchObject({ attempts: 11, outcomes: { overloaded: 10, in_flight: 1 } });
    const soon = play([{ at: 0, output: 99 }, ...waits], {
      pool: { admission: waiting(20, "6s") },
      more: { duration: "10s" },
    }).result;
    // Those of the last six seconds, too.
    expect([soon.all.overloadedRate, all.overloadedRate]).toEqual([10 / 11, 10 / 11]);
    expect([soon.time.simulated, time.simulated]).toEqual([20, 40]);
  });

  it("tells what is open where a trace ends and nothing comes to serve it", () => {
    const outages = [{ pool: "shared", from: "5s", for: "1000000s" }];
    const { all, time } = play(
      [
        { at: 0, output: 2 },
        { at: 4, output: 9 },
      ],
      { more: { drain: false, outages } },
    ).result;
    expect([all.outcomes.in_flight, all.requests.open, all.attempts, time.measured]).toEqual([1, 1, 2, 4]);
  });

  it("cuts off at once where nothing is followed, and leaves in flight what is there", () => {
    const run = play(calls, { ...queue, more: { duration: "8s" }, followed: "nothing" });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 4",
      "2: in_flight, 3 (4) to ?",
      "3: in_flight, 7 to ?",
    ]);
    const tokens = run.attempts.map(({ request, outputTokens }) => [request, outputTokens]);
    expect(tokens.sort()).toEqual([
      [1, 4],
      [2, 3],
      [3, 0],
    ]);
    expect(run.result.time).toMatchObject({ simulated: 8, measured: 8 });
  });

  it("with duration and drain takes no more arrivals, but waits for those who are there", () => {
    const run = play(calls, { ...queue, more: { duration: "5s", drain: true } });
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 4", "2: completed, 3 (4) to 13"]);
    expect(run.result.time).toMatchObject({ simulated: 13, measured: 5 });
  });

  it("is the stated end also where nothing happens any more", () => {
    for (const drain of [false, true]) {
      const { result } = play([{ at: 0, output: 1 }], { more: { duration: "20s", warmup: "10s", drain } });
      expect(result.time).toMatchObject({ simulated: 20, measured: 10 });
      expect(result.series.tiers[0]!.attempts).toHaveLength(20);
      expect(result.pools[0]!.slotsBusyMean).toBe(0);
    }
  });

  it("does not let an arrival in at the very end", () => {
    expect(
      play(
        [
          { at: 0, output: 1 },
          { at: 5, output: 1 },
        ],
        { more: { duration: "5s" } },
      ).result.all.attempts,
    ).toBe(1);
  });

  it("comes earlier for a source with a limit", () => {
    const arrivals = { trace: "calls.csv", limit: 2 };
    expect(play(calls, { ...queue, traffic: { arrivals } }).result.all.attempts).toBe(2);
  });
});

describe("the measured window", () => {
  it("counts attempts by their arrival, and tokens by when they are generated", () => {
    const calls = [
      { at: 0, output: 6 },
      { at: 5.5, output: 1 },
      { at: 8, output: 9 },
    ];
    const { result } = play(calls, {
      pool: { admission: waiting(5) },
      more: { duration: "12s", warmup: "4s" },
      followed: "nothing",
    });
    // From 4 s to 12 s: two tokens of the first, one of the second, four of the third.
    expect(result.all.outcomes).toMatchObject({ completed: 1, in_flight: 1 });
    expect(result.all).toMatchObject({ attempts: 2, outputTokens: 1, throughput: 7 / 8 });
    expect(result.pools[0]).toMatchObject({ slotsBusyMean: 7 / 8, queuedMean: 0.5 / 8 });
  });

  it("ends for tokens and averages where arrivals end, not where a drained run does", () => {
    const { result } = play([{ at: 0, output: 100 }], { more: { duration: "10s", drain: true } });
    // Tokens come at 1 s, 2 s, ...; the one at 10 s is not in the window any more.
    expect(result.all.throughput).toBe(0.9);
    expect(result.pools[0]!.slotsBusyMean).toBe(1);
    expect(result.all.outcomes.completed).toBe(1);
  });

  it("counts the tokens up to its end, not up to the last event before it", () => {
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 10 } as const;
    const more = { duration: "9.95s", sampling: { interval: "5s" } } as const;
    const { result } = play([{ at: 0, output: 1000 }], { pool: { replica }, more });
    expect(result.all.throughput).toBe(99 / 9.95);
  });

  it("counts tokens of attempts that were cut off, too", () => {
    const outages = [{ pool: "shared", from: "6s", for: "1s" }];
    // The tokens of 2, 3, 4, 5 and 6 s.
    const { result } = play([{ at: 0, output: 100 }], { more: { duration: "10s", warmup: "2s", outages } });
    expect(result.all.throughput).toBe(5 / 8);
  });
});

describe("first tokens and waits", () => {
  it("count for attempts that are cut off by an outage or by the end of the run, too", () => {
    const calls = [
      { at: 0, output: 100 },
      { at: 5, output: 1 },
      { at: 8, output: 100 },
      { at: 9, output: 1 },
    ];
    const outages = [{ pool: "shared", from: "6s", for: "1s" }];
    const slow = { engine: "slots", slots: 2, tokensPerSecond: 0.5 } as const;
    const { result } = play(calls, {
      pool: { replica: slow, admission: waiting(5) },
      more: { duration: "10.5s", outages },
      followed: "nothing",
    });
    // First tokens come 2 s after the start: the second and the fourth are cut off before theirs.
    expect(result.all.outcomes).toMatchObject({ unavailable: 2, in_flight: 2, completed: 0 });
    expect(result.all.ttft).toMatchObject({ count: 2, min: 2, max: 2 });
    expect(result.all.queueWait).toMatchObject({ count: 4, max: 0 });
    expect(result.all.latency.count).toBe(0);
  });
});

describe("a drained run", () => {
  it("does not measure attempts after arrivals have ended, though their requests count", () => {
    const calls = [
      { at: 0, output: 11 },
      { at: 9, output: 1 },
    ];
    const run = play(calls, {
      traffic: { client: "openai-node-6" },
      more: { duration: "10s", drain: true, retryAfter: { overloaded: "4s" } },
    });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 11",
      "2: overloaded overloaded_capacity, 9 to 9",
      "2: completed, 13 (13) to 14",
    ]);
    expect(run.result.all).toMatchObject({
      attempts: 2,
      outcomes: { completed: 1, overloaded: 1 },
      requests: { offered: 2, attempts: 3, completed: 2, failed: 0, open: 0 },
      amplification: 1.5,
    });
    expect(run.result.all.ttft.count).toBe(1);
  });
});

describe("a long gap in a trace", () => {
  it("costs few events, whatever is sampled or dated in it", () => {
    const calls = [
      { at: 0, output: 1 },
      { at: 30_000_000, output: 1 },
    ];
    const { result } = play(calls, { pool: { signals: { period: "10ms" } } });
    expect(result.all.outcomes.completed).toBe(2);
    expect(result.time.simulated).toBe(30_000_001);
    expect(result.work.events).toBeLessThan(50_000);
  });
});

describe("a partial result", () => {
  it("covers the part that ran", () => {
    const { result } = play(
      [
        { at: 0, output: 50 },
        { at: 5, output: 1 },
        { at: 9, output: 1 },
      ],
      { more: { duration: "60s" } },
      9,
    );
    expect(result).toMatchObject({ partial: true, work: { events: 9 } });
    expect(result.time.measured).toBe(result.time.simulated);
    expect(result.all.outcomes).toMatchObject({ in_flight: 1, overloaded: result.all.attempts - 1 });
    expect(result.all.throughput).toBeCloseTo(1, 9);
  });

  it("covers nothing before the first event, or before warm-up is over", () => {
    const none = play([{ at: 0, output: 5 }], { more: { duration: "60s" } }, 0).result;
    expect([none.all.attempts, none.time.measured, none.all.throughput]).toEqual([0, 0, 0]);
    const early = play([{ at: 0, output: 5 }], { more: { duration: "60s", warmup: "30s" } }, 4).result;
    expect([early.all.attempts, early.time.measured, early.all.throughput]).toEqual([0, 0, 0]);
    expect([early.pools[0]!.slotsBusyMean, early.pools[0]!.queuedMean]).toEqual([null, null]);
  });
});

describe("driven from outside", () => {
  const arrival = (changes: Partial<Arrival> = {}): Arrival => ({
    account: 0,
    model: "kimi",
    serviceTier: undefined,
    inputTokens: 10,
    cachedTokens: 0,
    prefix: NONE,
    prefixTokens: 0,
    session: NONE,
    sharedTokens: 0,
    outputTokens: 2,
    maxTokens: 100,
    ticket: NONE,
    ...changes,
  });
  const at = (time: number) => instant(seconds(time));

  /** An engine whose trace is over, and what it tells. */
  function live(changes: TinyChanges = {}) {
    const told: string[] = [];
    let settled = 0;
    const observer: EngineObserver = {
      attempt: (event, request, _, now) => told.push(`${event} ${request} ${now / 1e6}`),
      settled: () => settled++,
    };
    const engine = makeEngine([{ at: 0, output: 1 }], changes, observer);
    runToEnd(engine);
    told.length = 0;
    return { engine, told, settled: () => settled };
  }

  it("sleeps until something is due, and wakes for what is submitted", () => {
    const { engine, told } = live();
    expect([engine.nextEventAt, engine.step()]).toEqual([NEVER, false]);
    engine.submit(arrival(), 0, at(10));
    expect([engine.now, engine.nextEventAt < NEVER]).toEqual([at(10), true]);
    while (engine.nextEventAt <= at(11)) engine.step();
    engine.submit(arrival({ model: "kimi-fast" }), 0, at(11));
    runToEnd(engine);
    expect(told).toEqual([
      "arrived 0 10",
      "queued 0 10",
      "started 0 10",
      "first_token 0 11",
      "arrived 1 11",
      "queued 1 11",
      "started 1 11",
      "first_token 1 11.5",
      "ended 0 12",
      "ended 1 12",
    ]);
    expect(engine.nextEventAt).toBe(NEVER);
  });

  it("does first what is due before a submitted request", () => {
    const { engine, told } = live({ pool: { admission: waiting(5) } });
    engine.submit(arrival(), 0, at(10));
    engine.submit(arrival(), 0, at(12));
    // The completion at 12 s comes before the arrival at 12 s, so that the second one finds the slot free.
    expect(told.slice(3)).toEqual([
      "first_token 0 11",
      "ended 0 12",
      "arrived 0 12",
      "queued 0 12",
      "started 0 12",
    ]);
    expect(() => engine.submit(arrival(), 0, at(11))).toThrow("LAW-2");
  });

  it("tells when an event and all that followed from it are over, and counts them", () => {
    const { engine, settled } = live();
    const [before, processed] = [settled(), engine.processed];
    engine.submit(arrival(), 0, at(2));
    expect(runToEnd(engine) + 1).toBeLessThanOrEqual(settled() - before);
    expect(engine.processed - processed).toBe(settled() - before);
  });

  it("closes its books once", () => {
    const { engine } = live();
    engine.submit(arrival(), 0, at(10));
    expect([engine.close(), engine.lastArrivalAt, engine.requests.alive]).toEqual([at(10), at(10), 1]);
    expect([0, 1, 2, 3].map((tier) => engine.ledger.table.at(tier, 0).attempts)).toEqual([2, 0, 0, 0]);
  });

  it("answers who waits where, for checks from outside", () => {
    const { engine } = live({ pool: { admission: waiting(5) } });
    engine.submit(arrival(), 0, at(10));
    engine.submit(arrival({ serviceTier: "priority", inputTokens: 30 }), 0, at(10));
    const waits = engine.service.parts.pools[0]!.queue.headOf(1);
    expect([
      engine.service.waitingFacts.pathOf(waits),
      engine.service.waitingFacts.promptOf(waits).inputTokens,
    ]).toEqual([1, 30]);
    expect(engine.service.parts.pools[0]!.leavesWorkUndone(engine.service.waitingFacts, at(10))).toBe(false);
  });
});

describe("the order of events", () => {
  it("ends an outage before the arrival of the same instant, and begins one, too", () => {
    const outages = [{ pool: "shared", from: "0s", for: "2s" }];
    expect(
      lives(
        play(
          [
            { at: 0, output: 1 },
            { at: 2, output: 1 },
          ],
          { more: { outages } },
        ),
      ),
    ).toEqual(["1: unavailable outage, 0 to 0", "2: completed, 2 (2) to 3"]);
  });

  it("lets an arrival join the step that starts at the same instant", () => {
    const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
    const replica = { engine: "batching", profile, maxSequences: 4, kvTokens: 1000 } as const;
    const calls = [
      { at: 0, output: 4 },
      { at: 1, output: 1 },
    ];
    expect(lives(play(calls, { pool: { replica } }))[1]).toBe("2: completed, 1 (1) to 2");
  });

  it("never runs back", () => {
    const times: number[] = [];
    const calls = Array.from({ length: 200 }, (_, index) => ({
      at: Math.floor(index / 3) / 2,
      output: 1 + (index % 4),
    }));
    const changes = { pool: { admission: waiting(5, "3s") }, traffic: { client: "openai-node-6" } } as const;
    const engine = makeEngine(calls, changes, { settled: (now) => times.push(now) });
    let isDue = true;
    while (engine.nextEventAt < NEVER) {
      const next = engine.nextEventAt;
      engine.step();
      isDue &&= engine.now === next;
    }
    expect(isDue).toBe(true);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(400);
  });
});
