import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NodeType, roomOn, undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Nodes } from "../../../../src/core/server/fleet/nodes.js";

const type = (name: string, nodes: number, gpusPerNode: number): NodeType => ({
  ...undivided(gpusPerNode),
  ...{ name, nodes },
});

describe("room on nodes", () => {
  it("is of the types that are named, and of all where none are", () => {
    const types = [type("a", 2, 8), type("b", 3, 4)];
    expect(roomOn(types, undefined, 3)).toBe(2 * 2 + 3 * 1);
    expect(roomOn(types, ["b"], 3)).toBe(3);
    expect(roomOn(types, [], 3)).toBe(0);
    // On whole nodes: two of four, none of eight.
    expect([roomOn(types, ["b"], 8), roomOn(types, ["a"], 12), roomOn(types, ["b"], 12)]).toEqual([1, 0, 1]);
    expect(roomOn([undivided(9)], undefined, 2)).toBe(4);
  });

  it("is as much as can be put there", () => {
    const some = fc.record({
      nodes: fc.integer({ min: 1, max: 6 }),
      gpusPerNode: fc.integer({ min: 1, max: 9 }),
    });
    const law = fc.property(some, fc.integer({ min: 1, max: 18 }), ({ nodes, gpusPerNode }, gpus) => {
      const types = [type("a", nodes, gpusPerNode)];
      // What is neither within a node nor on whole ones is refused before.
      if (gpus > gpusPerNode && gpus % gpusPerNode !== 0) return roomOn(types, undefined, gpus) === 0;
      const made = new Nodes(types);
      let placed = 0;
      while (made.put(placed, gpus, 0)) placed++;
      return roomOn(types, undefined, gpus) === placed;
    });
    fc.assert(law);
  });
});
