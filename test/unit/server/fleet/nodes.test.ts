import { describe, expect, it } from "vitest";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Nodes } from "../../../../src/core/server/fleet/nodes.js";

const TYPES = [
  { ...undivided(8), name: "big", nodes: 3, zones: 2 },
  { ...undivided(4), name: "small", nodes: 2 },
];

describe("nodes", () => {
  it("are numbered type by type, and go to zones by turns", () => {
    const nodes = new Nodes(TYPES);
    expect([nodes.count, [...nodes.ofType(1)], [0, 1, 2, 3, 4].map((node) => nodes.zoneOf(node))]).toEqual([
      5,
      [3, 4],
      [0, 1, 0, 0, 0],
    ]);
  });

  it("are filled up before another is begun, and one that fits exactly before all", () => {
    const nodes = new Nodes(TYPES);
    const nodeOf = (slot: number, gpus: number) => {
      nodes.put(slot, gpus, 0);
      return nodes.nodesOf(slot)[0];
    };
    expect([nodeOf(0, 5), nodeOf(1, 6), nodeOf(2, 2), nodeOf(3, 3)]).toEqual([0, 1, 1, 0]);
    expect([nodeOf(4, 1), nodes.freeOf(2)]).toEqual([2, 7]);
    expect(nodes.instancesOn(1)).toEqual([1, 2]);
    nodes.remove(1, 6);
    expect([nodes.freeOf(1), nodes.instancesOn(1), nodes.nodesOf(1)]).toEqual([6, [2], []]);
  });

  it("are taken as a whole by an instance that is larger than one", () => {
    const nodes = new Nodes(TYPES);
    nodes.put(0, 1, 0);
    expect([nodes.put(1, 16, 0), nodes.nodesOf(1)]).toEqual([true, [1, 2]]);
    expect([nodes.put(2, 16, 0), nodes.put(2, 8, 1), nodes.nodesOf(2)]).toEqual([false, true, [3, 4]]);
  });

  it("take nothing while they are cordoned or gone, and have no free GPUs when they are gone", () => {
    const nodes = new Nodes([{ ...undivided(8), nodes: 2 }]);
    nodes.cordon(0);
    nodes.goes(1);
    expect([nodes.put(0, 1, 0), nodes.freeOf(0), nodes.freeOf(1)]).toEqual([false, 8, 0]);
    nodes.uncordon(0);
    expect([nodes.put(0, 1, 0), nodes.isGone(1), nodes.isCordoned(0)]).toEqual([true, true, false]);
    expect(() => nodes.goes(1)).toThrow("goes once");
    nodes.comesBack(1);
    expect([nodes.put(1, 8, 0), nodes.nodesOf(1)]).toEqual([true, [1]]);
    expect(() => nodes.comesBack(1)).toThrow("was gone");
  });

  it("stay cordoned when they fail and come back, until each that has cordoned them takes it back", () => {
    const nodes = new Nodes([{ ...undivided(8), nodes: 1 }]);
    for (const _ of [1, 2]) nodes.cordon(0);
    nodes.goes(0);
    nodes.comesBack(0);
    expect([nodes.isCordoned(0), nodes.put(0, 1, 0)]).toEqual([true, false]);
    nodes.uncordon(0);
    expect(nodes.put(0, 1, 0)).toBe(false);
    nodes.uncordon(0);
    expect(nodes.put(0, 1, 0)).toBe(true);
    expect(() => nodes.uncordon(0)).toThrow("was cordoned");
  });
});
