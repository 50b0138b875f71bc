import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../../src/core/base/instance-state.js";
import { instant, NEVER, START } from "../../../../../src/core/base/units.js";
import { PoolLife } from "../../../../../src/core/server/fleet/control/pool-life.js";
import { Sizing } from "../../../../../src/core/server/fleet/sizing.js";
import { leave, makeFleet, started } from "../fleets.js";

const at = (seconds: number) => instant(seconds * 1e6);
const sizings = [
  { warmPool: 1, displaces: [1] },
  { warmPool: 0, displaces: [] },
];

function makeLife(gpus = 20) {
  const fleet = makeFleet(gpus);
  const sizing = new Sizing({ fleet, pools: sizings });
  sizing.beginAbsent(0);
  const life = new PoolLife({ sizing, pool: 0, replicas: 2, from: at(10), until: at(20) });
  const counts = () => fleet.pools.map(({ serving }) => serving.replicas);
  return { fleet, sizing, life, counts };
}

describe("the life of a pool", () => {
  it("begins with its replicas and its warm pool, and ends with nothing", () => {
    const { fleet, life, counts } = makeLife();
    expect([life.act(START), counts(), fleet.inventory.taken]).toEqual([at(10), [0, 0], 0]);
    expect([life.act(at(10)), counts(), fleet.inventory.taken]).toEqual([at(20), [2, 0], 6]);
    expect(fleet.instances.times[0]!.count(InstanceState.sleeping)).toBe(1);
    expect([life.act(at(20)), counts(), fleet.inventory.taken]).toEqual([NEVER, [0, 0], 0]);
  });

  it("ends once what waits has started, which is finished", () => {
    const { fleet, life, counts } = makeLife();
    life.act(at(10));
    for (let request = 0; request < 7; request++) fleet.pools[0]!.join(request, 0, 0, at(10));
    const slots = started(fleet, 0);
    expect(life.act(at(20))).toBe(at(21));
    leave(fleet, 0, 0, slots[0]!, at(20));
    started(fleet, 0);
    expect([life.act(at(21)), counts()]).toEqual([NEVER, [2, 0]]);
    for (const [request, slot] of [...slots.entries()].slice(1)) leave(fleet, 0, request, slot, at(22));
    expect(counts()).toEqual([1, 0]);
  });

  it("displaces as many of others as it needs, and no more", () => {
    const { fleet, sizing, life, counts } = makeLife(8);
    sizing.begin(1, 4);
    life.act(at(10));
    sizing.supply(at(10));
    // The warm pool displaces nobody.
    expect([counts(), sizing.wantedOf(1), fleet.inventory.taken]).toEqual([[2, 2], 2, 8]);
  });

  it("waits for those that are displaced to be empty, and lets no one else have their GPUs first", () => {
    const { fleet, sizing, life, counts } = makeLife(8);
    sizing.begin(1, 4);
    for (let request = 0; request < 12; request++) fleet.pools[1]!.join(request, 0, 0, START);
    const slots = started(fleet, 1);
    life.act(at(10));
    expect([counts(), fleet.instances.times[0]!.count(InstanceState.pending)]).toEqual([[0, 4], 2]);
    // Wanted back, they wait behind those that displaced them.
    sizing.resize(1, 4, at(11));
    expect(fleet.instances.times[1]!.count(InstanceState.pending)).toBe(2);
    for (const [request, slot] of slots.entries()) leave(fleet, 1, request, slot, at(12));
    sizing.supply(at(12));
    expect(counts()).toEqual([2, 2]);
  });
});
