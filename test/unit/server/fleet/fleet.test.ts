import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Instant, START } from "../../../../src/core/base/units.js";
import type { Fleet } from "../../../../src/core/server/fleet/fleet.js";
import { NOWHERE } from "../../../../src/core/server/fleet/load-index.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { Sizing } from "../../../../src/core/server/fleet/sizing.js";
import { GPUS, leave, makeFleet, started } from "./fleets.js";
import type { ReplicaOfCounts } from "./replicas.js";

const { free, ready, draining, hung, lost, sleeping } = InstanceState;

describe("a fleet", () => {
  it("launches as long as there are GPUs, each instance in its pool", () => {
    const fleet = makeFleet(6);
    expect([0, 1, 0, 0].map((pool) => fleet.launch(pool, START))).toEqual([0, 1, 2, NOWHERE]);
    expect([fleet.pools.map(({ serving }) => serving.slots), fleet.inventory.taken]).toEqual([[6, 3], 6]);
  });

  it("tells when the capacity of a pool has changed, and not when one only stops taking more", () => {
    const fleet = makeFleet();
    const told: (readonly [number, Instant, number])[] = [];
    fleet.watch({ changed: (pool, now) => told.push([pool, now, fleet.pools[pool]!.serving.replicas]) });
    const slot = fleet.launch(0, 1 as Instant);
    fleet.pools[0]!.join(7, 0, 0, START);
    started(fleet, 0);
    fleet.drain(slot, 2 as Instant);
    expect(told).toEqual([[0, 1, 1]]);
    leave(fleet, 0, 7, slot, 3 as Instant);
    fleet.lose(fleet.launch(1, 4 as Instant), 5 as Instant);
    fleet.repair(slot, 6 as Instant);
    expect(told.slice(1)).toEqual([
      [0, 3, 0],
      [1, 4, 1],
      [1, 5, 0],
      [1, 6, 1],
    ]);
  });

  it("drains an instance: it takes nothing new, is taken back, and leaves when it is empty", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    const slots = [fleet.launch(0, START), fleet.launch(0, START)];
    for (const request of [1, 2]) pool.join(request, 0, 0, START);
    expect(started(fleet, 0)).toEqual(slots);
    fleet.drain(0, START);
    for (const request of [3, 4, 5]) pool.join(request, 0, 0, START);
    // The other one has two places left.
    expect([started(fleet, 0), pool.queue.length]).toEqual([[1, 1], 1]);
    fleet.recall(0, START);
    expect(started(fleet, 0)).toEqual([0]);
    fleet.drain(0, START);
    leave(fleet, 0, 1, 0);
    expect([fleet.instances.stateOf(0), pool.serving.replicas, fleet.inventory.taken]).toEqual([
      draining,
      2,
      4,
    ]);
    leave(fleet, 0, 5, 0);
    expect([fleet.instances.stateOf(0), pool.serving.replicas, fleet.inventory.taken]).toEqual([free, 1, 2]);
  });

  it("shows policies of an instance that drains neither its room nor what is in it", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    for (let count = 0; count < 2; count++) fleet.launch(0, START);
    for (const request of [1, 2, 3]) pool.join(request, 0, 0, START);
    started(fleet, 0);
    expect(pool.signalsAt(START)).toMatchObject({ slots: 6, slotsBusy: 3, openings: 3, kvTokens: 2000 });
    fleet.drain(0, START);
    expect(pool.signalsAt(START)).toMatchObject({ slots: 3, slotsBusy: 1, openings: 2, kvTokens: 1000 });
    expect([pool.serving.slots, pool.serving.kvTokens, pool.slotsBusy, pool.kvUsed(START)]).toEqual([
      6, 2000, 3, 3,
    ]);
  });

  it("loses an instance with what is inside, keeps its GPUs, and has a fresh one once it is repaired if it was to stay", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    const slot = fleet.launch(0, START);
    const before = fleet.instances.replicaOf(slot);
    for (const request of [4, 6]) pool.join(request, 0, 0, START);
    started(fleet, 0);
    expect(fleet.lose(slot, START).map(({ sequence }) => sequence)).toEqual([4, 6]);
    expect([
      pool.slotsBusy,
      pool.serving.slots,
      fleet.inventory.taken,
      fleet.instances.stateOf(slot),
    ]).toEqual([0, 0, 2, lost]);
    pool.join(8, 0, 0, START);
    expect(started(fleet, 0)).toEqual([]);
    fleet.repair(slot, START);
    expect([started(fleet, 0), fleet.inventory.taken]).toEqual([[slot], 2]);
    expect(fleet.instances.replicaOf(slot)).not.toBe(before);
    fleet.drain(slot, START);
    fleet.lose(slot, START);
    expect([fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([0, free]);
  });
});

describe("a pool was cold", () => {
  const at = (time: number) => time as Instant;

  it("while none of its instances took requests, however that came about", () => {
    const fleet = makeFleet();
    fleet.begin(0, 1);
    fleet.pools[0]!.join(1, 0, 0, START);
    started(fleet, 0);
    fleet.drain(0, at(2));
    fleet.recall(0, at(4));
    fleet.lose(0, at(6));
    fleet.launch(0, at(8));
    const cold = [...Array(10).keys()].filter((time) => fleet.pools[0]!.wasCold(at(time)));
    expect(cold).toEqual([2, 3, 6, 7]);
    expect([fleet.pools[1]!.wasCold(START), fleet.pools[1]!.wasCold(at(9))]).toEqual([true, true]);
  });

  it("never where another one takes the place of the last one at once", () => {
    const fleet = makeFleet();
    fleet.begin(0, 1);
    fleet.lose(0, at(6));
    fleet.launch(0, at(6));
    fleet.drain(1, at(8));
    fleet.launch(0, at(8));
    expect([...Array(10).keys()].some((time) => fleet.pools[0]!.wasCold(at(time)))).toBe(false);
  });
});

describe("an instance that is lost while it drains to fall asleep", () => {
  it.each(["repair", "restart"] as const)("is asleep after a %s that takes no time", (mend) => {
    const fleet = makeFleet();
    const slot = fleet.launch(0, START);
    fleet.pools[0]!.join(1, 0, 0, START);
    started(fleet, 0);
    fleet.drain(slot, START, Role.standsBy);
    fleet.lose(slot, START);
    fleet[mend](slot, START);
    expect([fleet.instances.stateOf(slot), fleet.roles.of(slot)]).toEqual([sleeping, Role.standsBy]);
  });
});

describe("an instance that slows down or hangs", () => {
  /** One instance with two requests inside. */
  function busy(): { fleet: Fleet; slot: number; replica: ReplicaOfCounts } {
    const fleet = makeFleet();
    const slot = fleet.launch(0, START);
    for (const request of [1, 2]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    return { fleet, slot, replica: fleet.instances.replicaOf(slot) as ReplicaOfCounts };
  }

  it("is told so, and is as ready as before while it is only slow", () => {
    const { fleet, slot, replica } = busy();
    const { instances } = fleet;
    fleet.setSpeed(slot, 0.25, START);
    expect([replica.speed, instances.speedOf(slot), instances.stateOf(slot)]).toEqual([0.25, 0.25, ready]);
    fleet.setSpeed(slot, 1, START);
    expect([replica.speed, instances.speedOf(slot), instances.stateOf(slot)]).toEqual([1, 1, ready]);
    fleet.lose(slot, START);
    expect(() => fleet.setSpeed(slot, 1, START)).toThrow("only what is up");
  });

  it("takes requests while it hangs, and its time as hung is counted", () => {
    const { fleet, slot } = busy();
    const pool = fleet.pools[0]!;
    fleet.setSpeed(slot, 0, 1_000_000 as Instant);
    fleet.setSpeed(slot, 0, 2_000_000 as Instant);
    expect([fleet.instances.stateOf(slot), fleet.drains(slot)]).toEqual([hung, false]);
    pool.join(3, 0, 0, START);
    expect([started(fleet, 0), pool.signalsAt(START)]).toMatchObject([[slot], { replicas: 1, slotsBusy: 3 }]);
    fleet.setSpeed(slot, 0.5, 4_000_000 as Instant);
    expect([fleet.instances.stateOf(slot), fleet.instances.speedOf(slot)]).toEqual([ready, 0.5]);
    const seconds = fleet.instances.times[0]!.gpuSeconds(GPUS, 5_000_000 as Instant);
    expect(seconds).toEqual({ ready: 4, hung: 6 });
  });

  it("is lost like any other: hands back what was inside, and a fresh one is at full speed", () => {
    const { fleet, slot } = busy();
    fleet.setSpeed(slot, 0, START);
    expect(fleet.lose(slot, START).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect([fleet.instances.stateOf(slot), fleet.pools[0]!.slotsBusy]).toEqual([lost, 0]);
    fleet.repair(slot, START);
    expect([fleet.instances.stateOf(slot), fleet.instances.speedOf(slot)]).toEqual([ready, 1]);
  });

  it("drains on when it hung while it drained, and leaves once it is empty, hung or not", () => {
    for (const isHung of [false, true]) {
      const { fleet, slot } = busy();
      fleet.drain(slot, START);
      fleet.setSpeed(slot, 0, START);
      expect([fleet.instances.stateOf(slot), fleet.drains(slot)]).toEqual([hung, true]);
      if (!isHung) fleet.setSpeed(slot, 1, START);
      expect(fleet.instances.stateOf(slot)).toBe(isHung ? hung : draining);
      fleet.pools[0]!.join(3, 0, 0, START);
      expect(started(fleet, 0)).toEqual([]);
      for (const request of [1, 2]) leave(fleet, 0, request, slot);
      expect([fleet.instances.stateOf(slot), fleet.inventory.taken]).toEqual([free, 0]);
    }
  });

  it("is drained and recalled while it hangs, as one that does not", () => {
    const { fleet, slot } = busy();
    const sizing = new Sizing({ fleet });
    sizing.resize(0, 1, START);
    fleet.setSpeed(slot, 0, START);
    sizing.resize(0, 0, START);
    expect([fleet.instances.stateOf(slot), fleet.drains(slot)]).toEqual([hung, true]);
    sizing.resize(0, 1, START);
    expect([fleet.instances.stateOf(slot), fleet.drains(slot)]).toEqual([hung, false]);
    fleet.setSpeed(slot, 1, START);
    expect(fleet.instances.stateOf(slot)).toBe(ready);
    fleet.setSpeed(slot, 0, START);
    sizing.resize(0, 0, START);
    fleet.lose(slot, START);
    // It was not wanted any more.
    expect([fleet.instances.stateOf(slot), fleet.inventory.taken, fleet.drains(slot)]).toEqual([
      free,
      0,
      false,
    ]);
  });
});
