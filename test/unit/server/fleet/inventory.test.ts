import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { Inventory } from "../../../../src/core/server/fleet/inventory.js";
import { type NodeType, undivided } from "../../../../src/core/server/fleet/node-type.js";

it("LAW-15: gives out no more GPUs than there are, and takes back what it gave", () => {
  const inventory = new Inventory([undivided(10)], 1);
  const take = (slot: number, gpus: number) => inventory.take(slot, 0, gpus, inventory.allTypes, START);
  expect([take(0, 8), take(1, 3), inventory.taken]).toEqual([true, false, 8]);
  expect([take(1, 2), take(2, 1), inventory.taken]).toEqual([true, false, 10]);
  inventory.giveBack(0, START);
  expect([inventory.taken, take(3, 3), inventory.holdingOf(0)]).toEqual([2, true, undefined]);
});

const TYPES: readonly NodeType[] = [
  { ...undivided(0), name: "a", gpusPerNode: 8, nodes: 3, zones: 2 },
  { ...undivided(0), name: "b", gpusPerNode: 4, nodes: 2 },
];

describe("GPUs by type of node", () => {
  it("come from the first type that has them as they are needed, in the order asked for", () => {
    const inventory = new Inventory(TYPES, 2);
    expect(inventory.gpus).toBe(32);
    const typeOf = (slot: number) => inventory.holdingOf(slot)?.type;
    inventory.take(0, 0, 4, [1, 0], START);
    inventory.take(1, 0, 4, [1, 0], START);
    inventory.take(2, 0, 4, [1, 0], START);
    expect([0, 1, 2].map(typeOf)).toEqual([1, 1, 0]);
    // Twice eight on whole nodes, of which two are left.
    expect([inventory.take(3, 1, 16, inventory.allTypes, START), typeOf(3)]).toEqual([true, 0]);
    expect(inventory.take(4, 1, 16, inventory.allTypes, START)).toBe(false);
  });

  it("that are held, free or gone are all there are, whatever happens (LAW-15)", () => {
    const step = fc.record({
      gap: fc.nat({ max: 3_000_000 }),
      kind: fc.constantFrom("take", "take", "give", "lose", "restore"),
      choice: fc.nat({ max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), fc.nat({ max: 10 }), (steps, opens) => {
        const inventory = new Inventory(TYPES, 2);
        const { nodes } = inventory;
        const held = new Map<number, number>();
        let [now, from] = [START, START];
        for (const [index, { gap, kind, choice }] of steps.entries()) {
          now = (now + gap) as Instant;
          if (index === opens) {
            inventory.reset(now);
            from = now;
          }
          const node = choice % nodes.count;
          const [slot] = [...held.keys()].slice(choice % Math.max(1, held.size));
          if (kind === "take") {
            const gpus = [1, 3, 4, 8, 16][choice % 5]!;
            if (inventory.take(index, choice % 2, gpus, inventory.allTypes, now)) held.set(index, gpus);
          } else if (kind === "give" && slot !== undefined) {
            inventory.giveBack(slot, now);
            held.delete(slot);
          } else if (kind === "lose" && !nodes.isGone(node)) inventory.nodeGoes(node, now);
          else if (kind === "restore" && nodes.isGone(node)) inventory.nodeComesBack(node, now);
        }
        const heldSeconds = [0, 1].flatMap((type) =>
          [0, 1].map((pool) => inventory.heldSeconds(type, pool, now)),
        );
        const all = heldSeconds.reduce((sum, seconds) => sum + seconds, 0);
        const total = all + inventory.freeSeconds(now) + inventory.goneSeconds(now);
        expect(inventory.taken).toBe([...held.values()].reduce((sum, gpus) => sum + gpus, 0));
        expect(total).toBeCloseTo((32 * (now - from)) / 1e6, 6);
      }),
    );
  });

  it("on a node that is gone are taken by none, and free again only once it is back", () => {
    const inventory = new Inventory([{ ...undivided(8), nodes: 1 }], 1);
    inventory.take(0, 0, 3, inventory.allTypes, START);
    inventory.nodeGoes(0, START);
    expect(inventory.take(1, 0, 1, inventory.allTypes, START)).toBe(false);
    expect(inventory.giveBack(0, START)).toBe(false);
    const [later, end] = [2_000_000 as Instant, 5_000_000 as Instant];
    inventory.nodeComesBack(0, later);
    expect([inventory.goneSeconds(end), inventory.freeSeconds(end)]).toEqual([16, 24]);
    expect(inventory.take(1, 0, 8, inventory.allTypes, end)).toBe(true);
  });
});
