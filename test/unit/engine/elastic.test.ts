import { describe, expect, it } from "vitest";
import { ByHand } from "../../support/by-hand.js";
import { lives, play, type TinyChanges, tinyScenario, waiting } from "./tiny.js";

interface Step {
  readonly at: number;
  readonly replicas: number;
}

const byClock = (steps: Step[]) => ({ autoscaler: { algorithm: "schedule", steps } }) as const;
const scheduled = (
  replicas: number,
  steps: Step[],
  more: NonNullable<TinyChanges["more"]> = {},
): TinyChanges => ({ pool: { replicas, ...byClock(steps), admission: waiting(9), gpusPerReplica: 2 }, more });

describe("a pool that grows and shrinks by the clock", () => {
  it("serves those who waited once it has grown, and lets the last ones finish before they leave", () => {
    const run = play(
      [0, 0, 0].map((at) => ({ at, output: 4 })),
      scheduled(
        1,
        [
          { at: 2, replicas: 3 },
          { at: 3, replicas: 1 },
        ],
        { duration: "10s", drain: true },
      ),
    );
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 4",
      "2: completed, 0 (2) to 6",
      "3: completed, 0 (2) to 6",
    ]);
    const [pool] = run.result.pools;
    // One throughout, two more from 2 to 6, of which two drain from 3 on.
    expect(pool).toMatchObject({ replicas: 1.8, slots: 1.8, gpus: 3.6, slotsBusyMean: 1.2 });
    expect(pool!.gpuSeconds).toEqual({ ready: 2 * (10 + 2), draining: 2 * 6 });
    expect(run.result.fleet).toMatchObject({
      gpus: 10,
      gpuSeconds: { free: 100 - 36 - 10, ready: 34, draining: 12 },
    });
    expect(run.result.series.pools[0]!.replicas.slice(0, 8)).toEqual([1, 1, 3, 3, 3, 3, 1, 1]);
  });

  it("begins with what it has by the clock, which has always been there", () => {
    const startsOf = (autoscaler: object) =>
      lives(
        play(
          [0, 0, 6].map((at) => ({ at, output: 1 })),
          { pool: { ...startsIn("5s"), admission: waiting(9), autoscaler: autoscaler as never } },
        ),
      ).map((life) => Number(/\((\d+)\)/.exec(life)![1]));
    const { autoscaler } = byClock([{ at: 0, replicas: 2 }]);
    expect(startsOf(autoscaler)).toEqual([0, 0, 6]);
    // Before its first step it has what the last one of the period before says.
    const nightly = byClock([1, 2].map((at) => ({ at, replicas: at }))).autoscaler;
    expect(startsOf({ ...nightly, every: "1h" })).toEqual([0, 0, 6]);
    expect(startsOf(nightly)).toEqual([0, 1, 6]);
  });

  it("starts none while it has no replica, and sheds by its own rules", () => {
    const run = play(
      [0, 1, 3].map((at) => ({ at, output: 1 })),
      {
        pool: { ...byClock([{ at: 1, replicas: 0 }]), admission: waiting(1, "3s") },
        more: { duration: "10s" },
      },
    );
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 1",
      "2: overloaded queue_timeout, 1 to 4",
      "3: overloaded overloaded_capacity, 3 to 3",
    ]);
    expect(run.result.pools[0]).toMatchObject({ replicas: 0.1, slots: 0.1 });
  });

  it("ends a run in which requests wait for replicas that never come", () => {
    const run = play(
      [0, 2].map((at) => ({ at, output: 1 })),
      { pool: { ...byClock([{ at: 1, replicas: 0 }]), admission: { policy: "none" } } },
    );
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 1", "2: in_flight, 2 to ?"]);
    // At once: nothing is asked of the clock any more.
    expect(run.result.time.simulated).toBeLessThan(60);
  });

  it("takes GPUs over from a pool that shrinks as they become free", () => {
    const run = play(
      [
        { at: 0, output: 5 },
        { at: 1, output: 1, model: "kimi-fast" },
        { at: 1, output: 2, model: "kimi-fast" },
      ],
      {
        pool: { replicas: 1, ...byClock([{ at: 2, replicas: 0 }]) },
        more: {
          duration: "10s",
          inventory: { gpus: 1 },
          pools: {
            shared: {
              replicas: 1,
              replica: { engine: "slots", slots: 1, tokensPerSecond: 1 },
              ...byClock([{ at: 2, replicas: 0 }]),
            },
            fast: {
              replicas: 0,
              replica: { engine: "slots", slots: 1, tokensPerSecond: 2 },
              ...byClock([{ at: 2, replicas: 1 }]),
              admission: waiting(9),
            },
          },
        },
      },
    );
    // The GPU is free at 5, when the long answer is over.
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 5",
      "2: completed, 1 (5) to 5.5",
      "3: completed, 1 (5.5) to 6.5",
    ]);
    expect(run.result.fleet.gpuSeconds).toEqual({ ready: 2 + 5, draining: 3 });
  });
});

describe("an outage of some instances", () => {
  const outage = (from: number, length: number, instances: number): NonNullable<TinyChanges["more"]> => ({
    duration: "10s",
    outages: [{ pool: "shared", from, for: length, instances }],
  });

  it("ends what they held as unavailable, and leaves the rest alone", () => {
    const run = play(
      [0, 0, 0].map((at) => ({ at, output: 4 })),
      { pool: { replicas: 2, admission: waiting(9) }, more: outage(2, 3, 1) },
    );
    expect(lives(run)).toEqual([
      "1: unavailable outage, 0 (0) to 2",
      "2: completed, 0 (0) to 4",
      "3: completed, 0 (4) to 8",
    ]);
    const { pools, all } = run.result;
    expect(pools[0]).toMatchObject({ replicas: 1.7, gpus: 2, gpuSeconds: { ready: 17, lost: 3 } });
    expect(all).toMatchObject({
      wastedPrefillTokens: 10,
      wastedDecodeTokens: 2,
      outcomes: { unavailable: 1 },
    });
  });

  it("brings fresh ones up, where what waits can start", () => {
    const run = play(
      [0, 1].map((at) => ({ at, output: 3 })),
      { pool: { admission: waiting(9) }, more: outage(2, 3, 1) },
    );
    expect(lives(run)).toEqual(["1: unavailable outage, 0 (0) to 2", "2: completed, 1 (5) to 8"]);
  });
});

const scaled = (
  autoscaler: object,
  pool: Partial<NonNullable<TinyChanges["pool"]>> = {},
  more: NonNullable<TinyChanges["more"]> = { duration: "60s" },
): TinyChanges => ({
  pool: {
    replicas: 1,
    admission: waiting(9),
    autoscaler: {
      algorithm: "target-load",
      targets: { concurrency: 1 },
      ...{ window: 0, interval: "1s", upWindow: 0, downWindow: 0 },
      ...autoscaler,
    } as never,
    ...pool,
  },
  more,
});
const three = [0, 0, 0].map((at) => ({ at, output: 10 }));
const startsIn = (init: string) => ({ coldStart: { preset: "warm", init } }) as const;

describe("a pool with an autoscaler", () => {
  it("launches what the load asks for, which starts as soon as it is ready, and lets it go again", () => {
    const run = play(three, scaled({ min: 1, max: 5 }, startsIn("3s")));
    // Seen at 1, ready at 4.
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 10",
      "2: completed, 0 (4) to 14",
      "3: completed, 0 (4) to 14",
    ]);
    // The last two are let go when the load falls: one is empty at once, the other serves on from 11 to 14.
    const [{ warming, ready, draining } = {}] = run.result.pools.map(({ gpuSeconds }) => gpuSeconds);
    expect([warming, ready! + draining!]).toEqual([2 * 3, 60 + 2 * 10]);
  });

  it("waits for its metrics to be old enough, and has no more than its bounds and the inventory allow", () => {
    const startsOf = (autoscaler: object, more = {}) =>
      lives(play(three, scaled(autoscaler, more))).map((life) => Number(/\((\d+)\)/.exec(life)![1]));
    expect(startsOf({ metricsDelay: "2s" })).toEqual([0, 3, 3]);
    expect(startsOf({ max: 2 })).toEqual([0, 1, 10]);
    expect(startsOf({}, { gpusPerReplica: 4 })).toEqual([0, 1, 10]);
  });

  it("goes to zero and back: the first to come waits for the whole start", () => {
    const calls = [0, 400].map((at) => ({ at, output: 2 }));
    const changes = scaled({ min: 0, zeroAfter: "5m" }, { replicas: 0, ...startsIn("5s") });
    const run = play(calls, { ...changes, more: { duration: "600s" } });
    expect(lives(run)).toEqual(["1: completed, 0 (6) to 8", "2: completed, 400 (406) to 408"]);
    // The last load is seen at 7: from 307 on it has been without any for five minutes.
    expect(run.result.pools[0]!.gpuSeconds.ready).toBe(307 - 6 + (600 - 406));
  });

  it("wakes what is asleep before it starts anything else, and keeps as many asleep as it is to", () => {
    const asleep = { ...startsIn("10s"), warmPool: 1 } as const;
    const own = { coldStart: { preset: "warm", init: "10s", wake: "1s" }, warmPool: 1 } as const;
    const run = play(three.slice(0, 2), scaled({}, { ...asleep, ...own }));
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 10", "2: completed, 0 (2) to 12"]);
    // Another one has come up to take the place of the one that was woken, and sleeps from 11 on.
    const { sleeping, warming } = run.result.pools[0]!.gpuSeconds;
    expect([warming, sleeping! > 40]).toEqual([1 + 10, true]);
  });

  it("asks in vain for GPUs that others hold, until they are given back", () => {
    const run = play(three.slice(0, 2), {
      ...scaled({}),
      more: {
        duration: "60s",
        inventory: { nodes: { big: { gpusPerNode: 1, count: 2, price: 2 } }, retry: "4s" },
      },
    });
    // The other pool has the second node throughout.
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 10", "2: completed, 0 (10) to 20"]);
    expect(run.result.fleet.gpus).toBe(2);
  });

  it("does not keep a run going in which nothing will ever be up", () => {
    const steps = [1, 0].map((replicas, at) => ({ at, replicas }));
    // Asked every minute, as it looks back at what it has wanted.
    const autoscaler = { ...byClock(steps).autoscaler, upWindow: "1m" };
    const pool: TinyChanges["pool"] = { replicas: 0, admission: { policy: "none" }, autoscaler };
    const run = play(
      [0, 2].map((at) => ({ at, output: 1 })),
      { pool, more: {} },
    );
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 1", "2: in_flight, 2 to ?"]);
  });
});

it("wants by load no more than there is room for on nodes that it may stand on", () => {
  const wanted = (nodes: string[] | undefined, gpusPerReplica: number) => {
    const inventory = { nodes: { small: { count: 2, gpusPerNode: 2 }, large: { count: 2, gpusPerNode: 4 } } };
    const pool = {
      ...{ gpusPerReplica, admission: waiting(99), autoscaler: { algorithm: "hpa", interval: "1s" } },
      ...(nodes && { nodes }),
    };
    const hand = new ByHand(tinyScenario({ pool, more: { inventory } } as TinyChanges));
    for (let call = 0; call < 50; call++) hand.call(call, { outputTokens: 900 });
    hand.until(120);
    return hand.service.parts.sizing.wantedOf(0);
  };
  expect([wanted(undefined, 1), wanted(["small"], 1), wanted(["large"], 3)]).toEqual([12, 4, 2]);
});
