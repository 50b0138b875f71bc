import { describe, expect, it } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import { Displacement, leastMissed } from "../../../../src/core/server/fleet/displacement.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { makeFleet, makeFleetOn, started } from "./fleets.js";

const EACH = { gpusPerReplica: 1 };

/** Two types of two nodes of one GPU; the second pool stands on the first type alone, and may displace the first. */
function makeTyped() {
  const types = [
    { ...undivided(1), nodes: 2 },
    { ...undivided(1), nodes: 2 },
  ];
  const fleet = makeFleetOn(types, "least-loaded", [EACH, { ...EACH, nodeTypes: [0] }, EACH]);
  return { fleet, displacement: new Displacement(fleet, [[], [0], []]) };
}

/** As many as there are may be given up. */
const all = () => 9;

describe("pools that displace others", () => {
  it("come before them, whatever the order of the scenario", () => {
    const orderOf = (...displaces: number[][]) => {
      const shapes = displaces.map(() => ({}));
      return new Displacement(makeFleetOn([undivided(8)], "least-loaded", shapes), displaces).order;
    };
    expect(orderOf([], [])).toEqual([0, 1]);
    expect(orderOf([], [], [0])).toEqual([2, 0, 1]);
    expect(orderOf([1], [2], [])).toEqual([0, 1, 2]);
    expect(orderOf([], [0], [1])).toEqual([2, 1, 0]);
    expect(orderOf([], [0], [], [1, 2])).toEqual([3, 1, 0, 2]);
  });

  it("keep those from GPUs that they may use themselves, as long as they wait for any", () => {
    const { fleet, displacement } = makeTyped();
    const now = () => [0, 1, 2].map((pool) => displacement.typesFor(pool));
    expect(now()).toEqual([[0, 1], [0], [0, 1]]);
    expect([0, 1].map((pool) => displacement.canBeDisplaced(pool))).toEqual([true, false]);
    fleet.pend(1, START);
    expect(now()).toEqual([[1], [0], [0, 1]]);
    expect([displacement.isClaimed(0), displacement.waitingOf(1)]).toEqual([true, 1]);
  });

  it("but not where nothing that they may be given makes room", () => {
    const two = { gpusPerReplica: 2 };
    const fleet = makeFleetOn([{ ...undivided(2), nodes: 2 }], "least-loaded", [EACH, two, EACH]);
    const displacement = new Displacement(fleet, [[], [0], []]);
    for (const pool of [2, 2, 2, 0]) fleet.begin(pool, 1);
    fleet.lose(0, START);
    fleet.abandon(0, START);
    fleet.pend(1, START);
    expect(displacement.typesFor(0)).toEqual([]);
    expect([displacement.toGiveUp(1, all), displacement.typesFor(0), displacement.isClaimed(0)]).toEqual([
      [],
      [0],
      false,
    ]);
    fleet.lose(1, START);
    fleet.abandon(1, START);
    expect([displacement.toGiveUp(1, all), displacement.typesFor(0), displacement.isClaimed(0)]).toEqual([
      [],
      [],
      true,
    ]);
  });
});

describe("what a pool is made to give up", () => {
  it("stands where the other may stand", () => {
    const { fleet, displacement } = makeTyped();
    fleet.begin(0, 4);
    expect(displacement.toGiveUp(1, all)).toEqual([]);
    for (let count = 0; count < 3; count++) fleet.pend(1, START);
    expect(displacement.toGiveUp(1, all)).toEqual([1, 0]);
    expect(displacement.toGiveUp(1, () => 1)).toEqual([1]);
    expect(displacement.toGiveUp(1, () => -1)).toEqual([]);
  });

  it("is no more than is missing beside what is free and what already leaves", () => {
    const fleet = makeFleet(8);
    const displacement = new Displacement(fleet, [[], [0]]);
    fleet.begin(0, 3);
    for (const request of [1, 2, 3]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    fleet.pend(1, START);
    expect(displacement.toGiveUp(1, all)).toEqual([]);
    fleet.pend(1, START);
    expect(displacement.toGiveUp(1, all)).toEqual([2]);
    fleet.drain(0, START);
    expect(displacement.toGiveUp(1, all)).toEqual([]);
    fleet.pend(1, START);
    expect(displacement.toGiveUp(1, all)).toEqual([2]);
  });

  it("makes up for what a second one waits for, too", () => {
    const fleet = makeFleetOn([undivided(4)], "least-loaded", [EACH, EACH, EACH]);
    const displacement = new Displacement(fleet, [[], [0], [0]]);
    fleet.begin(0, 4);
    for (const request of [1, 2, 3, 4]) fleet.pools[0]!.join(request, 0, 0, START);
    started(fleet, 0);
    fleet.pend(1, START);
    fleet.drain(3, START);
    expect(displacement.toGiveUp(1, all)).toEqual([]);
    fleet.pend(2, START);
    expect(displacement.toGiveUp(2, all)).toEqual([2]);
  });

  it("is what stands by before what serves, of the first pool before the next", () => {
    const fleet = makeFleetOn([undivided(5)], "least-loaded", [EACH, EACH, EACH]);
    const displacement = new Displacement(fleet, [[], [], [1, 0]]);
    fleet.begin(0, 2, 1);
    fleet.begin(1, 1, 1);
    for (let count = 0; count < 4; count++) fleet.pend(2, START);
    expect(displacement.toGiveUp(2, all)).toEqual([4, 3, 2, 1]);
    expect(fleet.roles.of(4)).toBe(Role.standsBy);
  });
});

it("of a pool's instances those are missed least that have no GPUs, that start or are lost, then the last", () => {
  const fleet = makeFleetOn([undivided(8)]);
  fleet.begin(0, 3, 1);
  fleet.pend(0, START);
  fleet.lose(1, START);
  expect(leastMissed([0, 1, 2, 3, 4], fleet.instances)).toEqual([4, 3, 1, 2, 0]);
  fleet.setSpeed(0, 0, START);
  expect(leastMissed([2, 3, 0], fleet.instances)).toEqual([3, 2, 0]);
  // Until it is repaired.
  fleet.instances.keepOut(1);
  expect(leastMissed([0, 1, 2], fleet.instances)).toEqual([2, 1, 0]);
  fleet.repair(1, START);
  fleet.lose(1, START);
  expect(leastMissed([0, 1, 2], fleet.instances)).toEqual([1, 2, 0]);
});
