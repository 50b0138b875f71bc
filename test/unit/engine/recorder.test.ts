import { describe, expect, it } from "vitest";
import { reasonCode } from "../../../src/core/base/outcome.js";
import { instant, START, seconds } from "../../../src/core/base/units.js";
import { Recorder } from "../../../src/core/engine/recorder.js";
import { EventQueue } from "../../../src/core/kernel/event-queue.js";
import { Fleet } from "../../../src/core/server/fleet/fleet.js";
import { undivided } from "../../../src/core/server/fleet/node-type.js";
import { Pool } from "../../../src/core/server/fleet/pool.js";
import { Sizing } from "../../../src/core/server/fleet/sizing.js";
import { none } from "../../../src/core/server/gateway/policies/none.js";
import { aloneWork } from "../../conformance/replica-run.js";
import { placementOf, signalsOf } from "../../support/dated.js";
import { admissionOf, dispatching, policyContext, waitingView } from "../../support/gateway-views.js";
import { makerOf, ReplicaOfCounts } from "../server/fleet/replicas.js";

const MACHINES = { profile: "some", engineVersion: "vllm-0.15", estimate: true, uncertainty: null };
const at = (time: number) => instant(seconds(time));
const facts = {
  ...waitingView(),
  promptOf: () => aloneWork({ inputTokens: 10, outputTokens: 1 }),
};

/** A fleet of one pool that may have these replicas, of which the first are up, each on four of its GPUs. */
function makeFleet(replicas: readonly ReplicaOfCounts[], up = replicas.length): Fleet {
  const coming = [...replicas];
  const pool = new Pool({
    name: "shared",
    kvMost: replicas[0]!.kvTokens,
    admission: admissionOf({
      policy: none.create({ maxQueue: 9 }, policyContext()),
      ranks: [0],
      rule: "fifo",
    }),
    placement: placementOf(),
    signals: signalsOf(),
  });
  const maker = makerOf(() => coming.shift()!);
  const fleet = new Fleet({
    pools: [{ pool, maker, gpusPerReplica: 4 }],
    inventory: [undivided(10)],
    events: new EventQueue(),
    kind: 0,
    startKind: 13,
    listener: { firstToken() {}, completed() {}, preempted() {} },
  });
  fleet.begin(0, up);
  return fleet;
}

/** That wants as many replicas as are up. */
function sizingOf(fleet: Fleet): Sizing {
  const sizing = new Sizing({ fleet });
  for (const [pool, { serving }] of fleet.pools.entries()) sizing.resize(pool, serving.replicas, START);
  return sizing;
}

function makeRecorder() {
  const replica = new ReplicaOfCounts({ slots: 2, kvTokens: 100 });
  const later = new ReplicaOfCounts({ slots: 2, kvTokens: 100 });
  const fleet = makeFleet([replica, later], 1);
  const pool = fleet.pools[0]!;
  const recorder = new Recorder(["standard", "fast"], 1, seconds(2));
  recorder.watch(fleet, sizingOf(fleet));
  const change = (time: number, work: () => void) => {
    work();
    pool.dispatch(
      at(time),
      dispatching(facts, (request) => replica.admit(request, facts.promptOf())),
    );
    recorder.poolChanged(0, at(time));
  };
  return { fleet, pool, replica, recorder, change };
}

describe("recorder", () => {
  it("bins attempts by arrival, and their ends by outcome", () => {
    const { recorder } = makeRecorder();
    recorder.attemptArrived(0, at(0));
    recorder.attemptArrived(0, at(1.9));
    recorder.attemptArrived(1, at(2));
    recorder.attemptEnded(0, reasonCode("none"), 30, at(5));
    recorder.attemptEnded(0, reasonCode("queue_timeout"), 0, at(5));
    recorder.attemptEnded(1, reasonCode("requests"), 0, at(2));
    recorder.attemptEnded(1, reasonCode("outage"), 7, at(3));
    recorder.attemptEnded(1, reasonCode("client_timeout"), 0, at(3));
    const { interval, tiers } = recorder.series();
    expect(interval).toBe(2);
    expect(tiers).toEqual([
      {
        tier: "standard",
        attempts: [2, 0, 0],
        completed: [0, 0, 1],
        rateLimited: [0, 0, 0],
        overloaded: [0, 0, 1],
        unavailable: [0, 0, 0],
        outputTokens: [0, 0, 30],
      },
      {
        tier: "fast",
        attempts: [0, 1, 0],
        completed: [0, 0, 0],
        rateLimited: [0, 1, 0],
        overloaded: [0, 0, 0],
        unavailable: [0, 1, 0],
        outputTokens: [0, 0, 0],
      },
    ]);
  });

  it("shows pools as they are when sampled, also after bins were folded", () => {
    const { pool, recorder, change } = makeRecorder();
    change(0, () => [1, 2, 3].map((request) => pool.join(request, 0, 0, START)));
    recorder.sample(at(0), 0);
    change(1, () => pool.leave(3, at(1)));
    recorder.sample(at(2), 0);
    expect(recorder.series().pools).toEqual([
      { pool: "shared", replicas: [1, 1], queued: [1, 0], slotsBusy: [2, 2], kvUsed: [20, 20] },
    ]);
    for (let time = 4; time <= 2 * 5000; time += 2) recorder.sample(at(time), 0);
    const folded = recorder.series();
    expect([folded.interval, folded.pools[0]!.queued[0], folded.pools[0]!.slotsBusy[1000]]).toEqual([
      4, 0.5, 2,
    ]);
  });

  it("shows no replica up while an outage lasts, and overlapping ones until the last is over", () => {
    const { recorder } = makeRecorder();
    const changes: readonly (boolean | null)[] = [null, true, true, false, false];
    for (const [index, begins] of changes.entries()) {
      if (begins !== null) recorder.outage(0, begins);
      recorder.sample(at(2 * index), 0);
    }
    expect(recorder.series().pools[0]!.replicas).toEqual([1, 0, 0, 0, 1]);
  });

  it("samples once per bin, however wide the bins have become", () => {
    const { pool, recorder, change } = makeRecorder();
    change(0, () => [1, 2, 3].map((request) => pool.join(request, 0, 0, START)));
    let samples = 0;
    let time = 0;
    for (; time < 1e6; time += recorder.sample(at(time), 0) / 1e6) samples++;
    const { interval, pools } = recorder.series();
    const { queued, slotsBusy, kvUsed } = pools[0]!;
    expect([samples < 20_000, interval > 100, queued.length]).toEqual([true, true, slotsBusy.length]);
    const seen = [new Set(queued), new Set(slotsBusy), new Set(kvUsed)];
    expect(seen).toEqual([new Set([1]), new Set([2]), new Set([20])]);
  });

  it("averages over time from the opening of the window to its close", () => {
    const { pool, recorder, change } = makeRecorder();
    change(0, () => pool.join(1, 0, 0, START));
    recorder.windowOpens(at(4));
    change(6, () => [2, 3].map((request) => pool.join(request, 0, 0, at(6))));
    recorder.windowCloses(at(8));
    change(20, () => pool.leave(3, at(20)));
    expect(recorder.poolResults([MACHINES], at(8), true)).toEqual([
      {
        pool: "shared",
        replicas: 1,
        profile: "some",
        engineVersion: "vllm-0.15",
        estimate: true,
        uncertainty: null,
        gpus: 4,
        slots: 2,
        slotsBusyMean: 1.5,
        kvUsedMean: 20,
        kvPeak: 20,
        kvTokens: 100,
        queuedMean: 0.5,
        preemptions: 0,
        lostTokens: 0,
        cutOutputs: 0,
        cutTokens: 0,
        gpuSeconds: { ready: 16 },
        scaling: expect.objectContaining({ lagMean: 1, lagShare: 0.5, overshootMean: 0 }),
        gpuCost: null,
      },
    ]);
    expect(recorder.fleetTotals(at(8), true)).toMatchObject({
      gpus: 10,
      gpuSeconds: { free: 24, ready: 16 },
    });
  });

  it("averages capacity over time, and tells GPU-seconds by state, which add up to the inventory's", () => {
    const { fleet, pool, recorder, change } = makeRecorder();
    change(0, () => pool.join(1, 0, 0, START));
    recorder.windowOpens(at(2));
    const slot = fleet.launch(0, at(3));
    fleet.drain(0, at(5));
    change(6, () => {
      fleet.instances.replicaOf(0).cancel(1, at(6));
      pool.left(1);
      fleet.changed(0, at(6));
    });
    fleet.lose(slot, at(8));
    fleet.abandon(slot, at(9));
    recorder.sample(at(10), 0);
    recorder.windowCloses(at(12));
    const [seen] = recorder.poolResults([MACHINES], at(12), true);
    // One serves from 2 to 3, two to 6, one to 8, and then none.
    expect([seen!.replicas, seen!.slots, seen!.kvTokens]).toEqual([0.9, 1.8, 90]);
    expect([seen!.gpus, seen!.gpuSeconds]).toEqual([4, { ready: 4 * (3 + 5), draining: 4, lost: 4 }]);
    expect(recorder.fleetTotals(at(12), true)).toMatchObject({
      gpus: 10,
      gpuSeconds: { free: 60, ready: 32, draining: 4, lost: 4 },
    });
    expect(recorder.series().pools[0]!.replicas).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("remembers the peak of a replica that has left", () => {
    const { fleet, replica, recorder } = makeRecorder();
    recorder.windowOpens(at(2));
    replica.grow(70);
    replica.grow(-70);
    fleet.lose(0, at(3));
    recorder.windowCloses(at(5));
    expect(recorder.poolResults([MACHINES], at(5), true)[0]!.kvPeak).toBe(70);
  });

  it("has the mean of the samples of KV in the window, the opening included, and its peak there", () => {
    const { replica, recorder, change } = makeRecorder();
    replica.grow(90);
    recorder.sample(at(0), 0);
    change(1, () => replica.grow(-50));
    recorder.windowOpens(at(4));
    for (const [time, tokens] of [
      [6, 5],
      [8, 25],
      [10, -60],
    ] as const) {
      replica.grow(tokens);
      recorder.sample(at(time), 0);
    }
    recorder.windowCloses(at(11));
    replica.grow(80);
    recorder.sample(at(12), 0);
    const [seen] = recorder.poolResults([MACHINES], at(11), true);
    expect([seen!.kvUsedMean, seen!.kvPeak]).toEqual([(45 + 70 + 10) / 3, 70]);
  });

  it("has what all replicas have done, and no peak where memory has no end", () => {
    const fleet = makeFleet([new ReplicaOfCounts({ slots: 2, kvTokens: Number.POSITIVE_INFINITY })]);
    Object.assign(fleet.workOf(0), { steps: 30, epochs: 3, preemptions: 9, lostTokens: 300 });
    const recorder = new Recorder(["standard"], 1, seconds(2));
    recorder.watch(fleet, sizingOf(fleet));
    recorder.windowCloses(at(5));
    expect(recorder.work()).toEqual({ steps: 30, epochs: 3 });
    expect(recorder.poolResults([MACHINES], at(5), true)).toMatchObject([
      { preemptions: 9, lostTokens: 300, kvPeak: null, kvTokens: null },
    ]);
  });

  it("has no averages of a run that was cut off before they began", () => {
    const { recorder } = makeRecorder();
    expect(recorder.poolResults([MACHINES], at(0), false)).toMatchObject([
      { pool: "shared", slots: 2, slotsBusyMean: null, kvUsedMean: null, kvPeak: null, queuedMean: null },
    ]);
  });

  it("refuses to watch other pools than were announced", () => {
    const { fleet } = makeRecorder();
    expect(() => new Recorder(["standard"], 2, seconds(1)).watch(fleet, sizingOf(fleet))).toThrow(
      "as many pools",
    );
  });
});
