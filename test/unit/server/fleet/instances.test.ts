import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { Instances } from "../../../../src/core/server/fleet/instances.js";
import { ReplicaOfCounts } from "./replicas.js";

const { free, ready, draining, lost } = InstanceState;

function launched(instances: Instances, pool: number): number {
  const slot = instances.next(pool);
  instances.move(slot, ready, START);
  instances.install(slot, new ReplicaOfCounts({ slots: 1 }), 100 + slot);
  return slot;
}

describe("the table of instances", () => {
  it("has them in slots, of which the lowest free one is used next, however many there are", () => {
    const instances = new Instances(2);
    const slots = Array.from({ length: 40 }, (_, index) => launched(instances, index % 2));
    expect(slots).toEqual([...slots.keys()]);
    for (const slot of [30, 7, 8]) {
      instances.uninstall(slot);
      instances.move(slot, draining, START);
      instances.move(slot, free, START);
    }
    expect([launched(instances, 1), launched(instances, 0), launched(instances, 0)]).toEqual([7, 8, 30]);
    expect([launched(instances, 0), instances.size]).toEqual([40, 41]);
    expect([instances.poolOf(7), instances.poolOf(8), instances.leafOf(30)]).toEqual([1, 0, 130]);
  });

  it("knows which are up, and which are of a pool", () => {
    const instances = new Instances(2);
    for (const pool of [0, 1, 0]) launched(instances, pool);
    instances.uninstall(0);
    instances.move(0, lost, START);
    expect([...instances.up()].map(([slot]) => slot)).toEqual([1, 2]);
    expect([[...instances.ofPool(0)], [...instances.ofPool(1)]]).toEqual([[0, 2], [1]]);
    instances.move(0, free, START);
    expect([...instances.ofPool(0)]).toEqual([2]);
  });

  it("remembers how fast each works, at first as its profile says", () => {
    const instances = new Instances(1);
    for (let slot = 0; slot < 40; slot++) launched(instances, 0);
    instances.noteSpeed(3, 0.5);
    expect([2, 3, 39].map((slot) => instances.speedOf(slot))).toEqual([1, 0.5, 1]);
    instances.uninstall(3);
    instances.install(3, new ReplicaOfCounts({ slots: 1 }), 103);
    expect(instances.speedOf(3)).toBe(1);
  });

  it("adds up their time by pool", () => {
    const instances = new Instances(2);
    for (const pool of [0, 1, 0]) launched(instances, pool);
    const second = 1_000_000 as Instant;
    expect(instances.times.map((times) => times.gpuSeconds(1, second))).toEqual([{ ready: 2 }, { ready: 1 }]);
  });

  it("refuses what cannot follow, and a second replica in a slot", () => {
    const instances = new Instances(1);
    const slot = launched(instances, 0);
    expect(() => instances.move(slot, free, START)).toThrow("ready becomes free");
    expect(() => instances.install(slot, new ReplicaOfCounts({ slots: 1 }), 0)).toThrow("one replica");
  });
});
