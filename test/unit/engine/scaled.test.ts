// A pool that an autoscaler takes up from nothing and back, worked out by hand: the replica makes one token a second,
// and takes 20 s to start.
import { describe, expect, it } from "vitest";
import { lives, play, type TinyChanges, waiting } from "./tiny.js";

const inMicroDollars = (dollars: number) => Math.round(dollars * 1e6) / 1e6;

/** When it wants how many. */
const STEPS = [
  [10, 1],
  [60, 0],
  [70, 2],
  [120, 0],
] as const;

const changes = (node: object, thresholds: Record<string, string[]> = {}): TinyChanges => ({
  pool: {
    replicas: 0,
    replica: { engine: "slots", slots: 2, tokensPerSecond: 1 },
    admission: waiting(20, "1000s"),
    gpusPerReplica: 2,
    coldStart: {
      preset: "cached",
      provision: "0s",
      image: "5s",
      weights: { bytes: 35e9, from: "nvme", spread: 1 },
      init: "5s",
    },
    autoscaler: {
      algorithm: "schedule",
      steps: STEPS.map(([at, replicas]) => ({ at: `${at}s`, replicas })),
    },
  } as NonNullable<TinyChanges["pool"]>,
  more: {
    duration: "200s",
    inventory: { nodes: { h100: { gpu: "H100", count: 1, gpusPerNode: 8, ...node } } },
    thresholds,
  } as NonNullable<TinyChanges["more"]>,
});

/** One that needs the replica that is let go at once, and three that need two replicas. */
const CALLS = [{ at: 0, output: 1 }, ...[65, 65, 65].map((at) => ({ at, output: 10 }))];

describe("a pool that an autoscaler takes up from nothing", () => {
  it("is short until its first replicas have started, and has too many until they are let go", () => {
    const run = play(CALLS, changes({}));
    expect(lives(run)).toEqual([
      "1: completed, 0 (30) to 31",
      ...[2, 3, 4].map((request) => `${request}: completed, 65 (90) to 100`),
    ]);
    const [pool] = run.result.pools;
    expect(pool!.scaling).toEqual({
      wanted: (1 * 50 + 2 * 50) / 200,
      ...{ starts: 3, startDelayMean: 20, scaleUps: 2, scaleDowns: 2, flapsPerHour: (3 * 3600) / 200 },
      // One is missing until 30, and two from 65 to 90.
      ...{ lagMean: (30 + 2 * 25) / 200, lagShare: (30 + 25) / 200 },
      // One from 31 to 60, and two from 100 to 120.
      ...{ overshootMean: (29 + 2 * 20) / 200, pendingSeconds: 0 },
      ...{ coldWaits: 4, coldWaitMean: (30 + 3 * 25) / 4 },
    });
    expect(run.result.fleet.scaling).toMatchObject({ ...pool!.scaling, wanted: 1.75, overshootMean: 1.345 });
  });

  it("costs what its instances hold, from the first stage of their starts on", () => {
    const { pools, fleet } = play(CALLS, changes({})).result;
    // Two GPUs each: 3 starts of 20 s, and 30 s and twice 30 s ready, at 3.50 dollars; the other pool has one GPU.
    const cost = [(3.5 * 2 * (60 + 90)) / 3600, (3.5 * 200) / 3600].map(inMicroDollars);
    expect(pools.map(({ gpuCost }) => gpuCost)).toEqual(cost);
    const total = inMicroDollars(cost[0]! + cost[1]!);
    expect(fleet.gpuCost).toEqual({
      ...{ total, unused: 0, hours: 200 / 3600, tokens: 31, sessions: null, perSession: null },
      perHour: expect.closeTo(total * 18, 9),
      perMonth: expect.closeTo(total * 18 * 730, 6),
      perMillionTokens: (total / 31) * 1e6,
    });
  });

  it("costs reserved GPUs whether used or not", () => {
    const { pools, fleet } = play(CALLS, changes({ market: "reserved" })).result;
    expect(fleet.gpuCost!.total).toBe(inMicroDollars((2.45 * 8 * 200) / 3600));
    const parts = [...pools.map(({ gpuCost }) => gpuCost!), fleet.gpuCost!.unused];
    expect(inMicroDollars(parts.reduce((sum, part) => sum + part, 0))).toBe(fleet.gpuCost!.total);
  });

  it("waits for GPUs that others hold, which costs nothing", () => {
    const { pools, fleet } = play(CALLS, changes({ gpusPerNode: 4 })).result;
    // The other pool has one of the four: of the two that are wanted from 70 to 120 only one gets its GPUs.
    expect(fleet.scaling).toMatchObject({ pendingSeconds: 50, starts: 2, startDelayMean: 20 });
    expect(pools[0]!.gpuCost).toBe(inMicroDollars((3.5 * 2 * (50 + 50)) / 3600));
  });

  it("is asked by thresholds, and told of whether or not they ask where GPUs have prices", () => {
    const asked = { gpu_cost: "value<100", cold_waits: "count<9", flaps: "value<99", lag_rate: "rate<90%" };
    const more = { start_delay: "value<30s", cost_per_hour: "value<9", replica_lag: "value<2" };
    const thresholds = Object.entries({ ...asked, ...more }).map(([name, text]) => [name, [text]]);
    const { result } = play(CALLS, changes({}, Object.fromEntries(thresholds)));
    expect(result.thresholds.map(({ observed }) => observed)).toEqual([
      ...[0.486111, 4, 54, 0.275],
      ...[20, expect.closeTo(8.75, 4), 0.4],
    ]);
    const always = play(CALLS, changes({})).result.estimates.map(({ metric }) => metric);
    expect(always.slice(-3)).toEqual(["gpu_cost", "cost_per_month", "cost_per_million_tokens"]);
  });

  it("has no cost where it holds GPUs without a price", () => {
    const { pools, fleet } = play(CALLS, changes({ gpu: undefined })).result;
    expect([pools[0]!.gpuCost, fleet.gpuCost, fleet.isPriced]).toEqual([null, null, false]);
  });
});
