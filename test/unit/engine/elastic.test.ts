import { describe, expect, it } from "vitest";
import { lives, play, type TinyChanges, waiting } from "./tiny.js";

const scheduled = (
  replicas: number,
  schedule: NonNullable<NonNullable<TinyChanges["pool"]>["schedule"]>,
  more: NonNullable<TinyChanges["more"]> = {},
): TinyChanges => ({ pool: { replicas, schedule, admission: waiting(9), gpusPerReplica: 2 }, more });

describe("a pool that grows and shrinks by hand", () => {
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
    expect(run.result.fleet).toEqual({
      gpus: 10,
      gpuSeconds: { free: 100 - 36 - 10, ready: 34, draining: 12 },
    });
    expect(run.result.series.pools[0]!.replicas.slice(0, 8)).toEqual([1, 1, 3, 3, 3, 3, 1, 1]);
  });

  it("starts none while it has no replica, and sheds by its own rules", () => {
    const run = play(
      [0, 1, 3].map((at) => ({ at, output: 1 })),
      {
        pool: { schedule: [{ at: 1, replicas: 0 }], admission: waiting(1, "3s") },
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
      { pool: { schedule: [{ at: 1, replicas: 0 }], admission: { policy: "none" } } },
    );
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 1", "2: in_flight, 2 to ?"]);
  });

  it("takes GPUs over from a pool that shrinks as they become free", () => {
    const run = play(
      [
        { at: 0, output: 5 },
        { at: 1, output: 1, model: "kimi-fast" },
        { at: 1, output: 2, model: "kimi-fast" },
      ],
      {
        pool: { replicas: 1, schedule: [{ at: 2, replicas: 0 }] },
        more: {
          duration: "10s",
          inventory: { gpus: 1 },
          pools: {
            shared: {
              replicas: 1,
              replica: { engine: "slots", slots: 1, tokensPerSecond: 1 },
              schedule: [{ at: 2, replicas: 0 }],
            },
            fast: {
              replicas: 0,
              replica: { engine: "slots", slots: 1, tokensPerSecond: 2 },
              schedule: [{ at: 2, replicas: 1 }],
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
