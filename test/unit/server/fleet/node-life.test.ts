import { describe, expect, it } from "vitest";
import { InstanceState } from "../../../../src/core/base/instance-state.js";
import { type Duration, type Instant, NO_TIME, START } from "../../../../src/core/base/units.js";
import { NodeLife } from "../../../../src/core/server/fleet/node-life.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { Sizing } from "../../../../src/core/server/fleet/sizing.js";
import { makeFleetOn, started } from "./fleets.js";

const { ready, pending, draining } = InstanceState;
const LATER = 60_000_000 as Instant;

/** Nodes of four GPUs, each for two instances. */
function makeNodes(nodes: number, retry: Duration = NO_TIME) {
  const fleet = makeFleetOn([{ ...undivided(4), nodes }]);
  const sizing = new Sizing({ fleet, retry });
  const due: Instant[] = [];
  sizing.whenDue((at) => due.push(at));
  sizing.begin(0, 3);
  const states = () => [...fleet.instances.ofPool(0)].map((slot) => fleet.instances.stateOf(slot));
  const placed = () => [...fleet.instances.ofPool(0)].map((slot) => fleet.inventory.nodes.nodesOf(slot)[0]);
  return { fleet, sizing, due, life: new NodeLife(sizing), states, placed };
}

describe("a node that is lost", () => {
  it("takes along what is on it, and others come in its place on other nodes", () => {
    const { fleet, sizing, due, life, states, placed } = makeNodes(3);
    for (const request of [1, 2, 3]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    expect(placed()).toEqual([0, 0, 1]);
    expect(life.lose(0, START).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect([states(), due, fleet.pools[0]!.slotsBusy]).toEqual([[ready], [START], 1]);
    sizing.supply(START);
    expect([states(), placed()]).toEqual([
      [ready, ready, ready],
      [1, 2, 1],
    ]);
  });

  it("for two reasons at once is back when both are over", () => {
    const { life } = makeNodes(2);
    for (const _ of ["rack", "node"]) life.lose(0, START);
    life.restore(0, START);
    expect(life.nodes.isGone(0)).toBe(true);
    life.restore(0, START);
    expect(life.nodes.isGone(0)).toBe(false);
  });

  it("leaves instances waiting where there is no other, until it is back", () => {
    const { fleet, sizing, due, life, states } = makeNodes(2);
    life.lose(0, START);
    sizing.supply(START);
    expect(states().sort()).toEqual([pending, ready, ready].sort());
    expect(fleet.inventory.taken).toBe(4);
    due.length = 0;
    life.restore(0, LATER);
    expect(due).toEqual([LATER]);
    sizing.supply(LATER);
    expect(states()).toEqual([ready, ready, ready]);
  });

  it("is asked for again every so often where nobody tells that it is back", () => {
    const retry = 60_000_000 as Duration;
    const { sizing, due, life, states } = makeNodes(2, retry);
    life.lose(0, START);
    expect(sizing.supply(START)).toBe(LATER);
    due.length = 0;
    life.restore(0, START);
    expect([due, states().filter((state) => state === pending).length]).toEqual([[LATER], 1]);
    expect(sizing.supply(LATER)).toBe(Number.POSITIVE_INFINITY);
    expect(states()).toEqual([ready, ready, ready]);
  });
});

describe("a node that is about to go", () => {
  it("takes nothing new, and lets go what it has, while others start elsewhere", () => {
    const { fleet, sizing, life, states } = makeNodes(3);
    fleet.pools[0]!.join(1, 0, 0, START);
    started(fleet, 0);
    life.drain(0, START);
    expect(states()).toEqual([draining, ready]);
    sizing.supply(START);
    expect(states().filter((state) => state === ready)).toHaveLength(3);
    expect(life.lose(0, LATER).map(({ sequence }) => sequence)).toEqual([1]);
  });

  it("is so still when it has failed and is back before that", () => {
    const { fleet, sizing, life, states } = makeNodes(2);
    life.drain(1, START);
    sizing.supply(START);
    expect(states().filter((state) => state === pending)).toHaveLength(1);
    life.lose(1, LATER);
    life.restore(1, LATER);
    sizing.supply(LATER);
    expect([life.nodes.isCordoned(1), states().filter((state) => state === pending).length]).toEqual([
      true,
      1,
    ]);
    life.lose(1, LATER);
    life.hasGone(1, LATER);
    life.restore(1, LATER);
    sizing.supply(LATER);
    expect([life.nodes.isCordoned(1), states()]).toEqual([false, [ready, ready, ready]]);
    expect(fleet.inventory.taken).toBe(6);
  });

  it("is so until each that has said so has taken it", () => {
    const { life } = makeNodes(2);
    for (const _ of ["by schedule", "by chance"]) life.drain(1, START);
    life.hasGone(1, START);
    expect(life.nodes.isCordoned(1)).toBe(true);
  });

  it("is so though it is gone while that is said, and lets nobody know", () => {
    const { fleet, life } = makeNodes(2);
    const told: string[] = [];
    fleet.watch({ happened: (kind) => told.push(kind) });
    life.lose(1, START);
    life.drain(1, START);
    life.restore(1, LATER);
    expect([life.nodes.isCordoned(1), told]).toEqual([true, ["node-lost", "instance-lost", "node-back"]]);
  });

  it("gives up an instance that had crashed: another one starts elsewhere, and none where it was", () => {
    const { fleet, sizing, life, states, placed } = makeNodes(3);
    const [slot] = fleet.inventory.nodes.instancesOn(1);
    fleet.lose(slot!, START);
    life.drain(1, START);
    expect(states()).toEqual([ready, ready]);
    sizing.supply(START);
    expect([states(), placed().sort()]).toEqual([
      [ready, ready, ready],
      [0, 0, 2],
    ]);
  });

  it("lets nothing fall asleep on it that was to stand by", () => {
    const { fleet, life, states } = makeNodes(2);
    const [slot] = fleet.inventory.nodes.instancesOn(1);
    fleet.pools[0]!.join(1, 0, 0, START);
    for (const request of [2, 3]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    fleet.drain(slot!, START, Role.standsBy);
    life.drain(1, START);
    expect([states()[2], fleet.roles.of(slot!)]).toEqual([draining, Role.leaves]);
  });
});
