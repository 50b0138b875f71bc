import fc from "fast-check";
import { expect, it } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import { Inventory } from "../../../../src/core/server/fleet/inventory.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { givenUp, Room } from "../../../../src/core/server/fleet/room.js";
import { gear } from "../../../support/mode.js";

/** Two types: nodes of four GPUs, and of two. */
function makeInventory(nodes = 2): Inventory {
  return new Inventory(
    [
      { ...undivided(4), nodes },
      { ...undivided(2), nodes },
    ],
    1,
  );
}

/** Instances of one GPU each on all GPUs of the first node. */
function filled(): Inventory {
  const inventory = makeInventory();
  for (let slot = 0; slot < 4; slot++) inventory.take(slot, 0, 1, [0], START);
  return inventory;
}

it("counts what is free on nodes of the types that will do", () => {
  const inventory = makeInventory();
  const fits = (gpus: number, types = [0, 1]) => new Room(inventory, gpus, types).fits;
  expect([fits(1), fits(2), fits(4), fits(8), fits(3), fits(2, [1])]).toEqual([12, 6, 3, 1, 2, 2]);
  inventory.take(0, 0, 1, [0], START);
  expect([fits(1), fits(2), fits(4), fits(8)]).toEqual([11, 5, 2, 0]);
  inventory.nodes.cordon(1);
  inventory.nodeGoes(2, START);
  expect([fits(1), fits(2), fits(4), fits(2, [0])]).toEqual([5, 2, 0, 1]);
});

it("counts what leaves and what others wait for", () => {
  const room = new Room(filled(), 4, [0]);
  for (const slot of [0, 1, 2]) room.leaves(slot);
  expect(room.fits).toBe(1);
  room.leaves(3);
  expect(room.fits).toBe(2);
  room.stays(0);
  expect(room.fits).toBe(1);
  room.comes(2, [1, 0]);
  expect(room.fits).toBe(1);
  room.comes(8, [0]);
  expect(room.fits).toBe(1);
  room.comes(2, [0]);
  expect(room.fits).toBe(1);
  room.comes(4, [0]);
  expect(room.fits).toBe(0);
});

it("has nothing given up where none is short, nor where it would be in vain", () => {
  const ofOne = (types: readonly number[]) => new Room(filled(), 4, types);
  expect(givenUp(ofOne([0]), 1, [0, 1, 2, 3])).toEqual([]);
  expect(givenUp(ofOne([0]), 2, [3, 2, 1])).toEqual([]);
  expect(givenUp(ofOne([0]), 2, [3, 2, 1, 0])).toEqual([3, 2, 1, 0]);
  expect(givenUp(new Room(filled(), 1, [0]), 6, [3, 2, 1, 0])).toEqual([3, 2]);
  expect([ofOne([0]).isOf(0), ofOne([1]).isOf(0), ofOne([0]).isOf(9)]).toEqual([true, false, false]);
});

it("gives up as much as helps, of which none could stay", () => {
  const sizes = fc.array(fc.constantFrom(1, 2, 4, 8), { minLength: 1, maxLength: 12 });
  const seen = { some: 0, spared: 0 };
  const law = fc.property(
    sizes,
    fc.constantFrom(1, 2, 4, 8),
    fc.integer({ min: 1, max: 5 }),
    (held, gpus, waiting) => {
      const inventory = makeInventory(3);
      const slots = [...held.keys()].filter((slot) =>
        inventory.take(slot, 0, held[slot]!, [slot % 2, 0], START),
      );
      const roomWithout = (leaving: readonly number[]) => {
        const room = new Room(inventory, gpus, [0]);
        for (const slot of leaving) if (room.isOf(slot)) room.leaves(slot);
        return Math.min(waiting, room.fits);
      };
      const usable = slots.filter((slot) => new Room(inventory, gpus, [0]).isOf(slot));
      const given = givenUp(new Room(inventory, gpus, [0]), waiting, usable);
      expect(roomWithout(given)).toBe(roomWithout(usable));
      for (const slot of given)
        expect(roomWithout(given.filter((other) => other !== slot))).toBeLessThan(roomWithout(given));
      seen.some += given.length > 0 ? 1 : 0;
      seen.spared += given.length > 0 && given.length < usable.length ? 1 : 0;
    },
  );
  fc.assert(law, { numRuns: gear(300, 3000) });
  expect(Math.min(seen.some, seen.spared)).toBeGreaterThan(20);
});
