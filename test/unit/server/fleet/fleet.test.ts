import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { NOWHERE } from "../../../../src/core/server/fleet/load-index.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { leave, makeFleet, started } from "./fleets.js";

const { free, draining, lost } = InstanceState;

describe("a fleet", () => {
  it("launches as long as there are GPUs, each instance in its pool", () => {
    const fleet = makeFleet(6);
    expect([0, 1, 0, 0].map((pool) => fleet.launch(pool, START))).toEqual([0, 1, 2, NOWHERE]);
    expect([fleet.pools.map(({ slots }) => slots), fleet.inventory.taken]).toEqual([[6, 3], 6]);
  });

  it("tells when the capacity of a pool has changed, and not when one only stops taking more", () => {
    const fleet = makeFleet();
    const told: (readonly [number, Instant, number])[] = [];
    fleet.watch({ changed: (pool, now) => told.push([pool, now, fleet.pools[pool]!.replicaCount]) });
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
    expect([fleet.instances.stateOf(0), pool.replicaCount, fleet.inventory.taken]).toEqual([draining, 2, 4]);
    leave(fleet, 0, 5, 0);
    expect([fleet.instances.stateOf(0), pool.replicaCount, fleet.inventory.taken]).toEqual([free, 1, 2]);
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
    expect([pool.slots, pool.kvTokens, pool.slotsBusy, pool.kvUsed(START)]).toEqual([6, 2000, 3, 3]);
  });

  it("loses an instance with what is inside, keeps its GPUs, and has a fresh one once it is repaired", () => {
    const fleet = makeFleet();
    const pool = fleet.pools[0]!;
    const slot = fleet.launch(0, START);
    const before = fleet.instances.replicaOf(slot);
    for (const request of [4, 6]) pool.join(request, 0, 0, START);
    started(fleet, 0);
    expect(fleet.lose(slot, START).map(({ sequence }) => sequence)).toEqual([4, 6]);
    expect([pool.slotsBusy, pool.slots, fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([
      0,
      0,
      2,
      lost,
    ]);
    pool.join(8, 0, 0, START);
    expect(started(fleet, 0)).toEqual([]);
    fleet.repair(slot, START);
    expect([started(fleet, 0), fleet.inventory.taken]).toEqual([[slot], 2]);
    expect(fleet.instances.replicaOf(slot)).not.toBe(before);
    fleet.lose(slot, START);
    fleet.roles.set(slot, Role.leaves);
    expect([fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([2, lost]);
    fleet.repair(slot, START);
    expect([fleet.inventory.taken, fleet.instances.stateOf(slot)]).toEqual([0, free]);
  });
});
