import fc from "fast-check";
import { expect, it } from "vitest";
import { type Instant, START } from "../../../../src/core/base/units.js";
import { Inventory } from "../../../../src/core/server/fleet/inventory.js";

it("LAW-15: gives out no more GPUs than there are, and takes back what it gave", () => {
  const inventory = new Inventory(10);
  const take = (gpus: number) => inventory.take(gpus, START);
  expect([take(8), take(3), inventory.taken]).toEqual([true, false, 8]);
  expect([take(2), take(1), inventory.taken]).toEqual([true, false, 10]);
  inventory.giveBack(8, START);
  expect([inventory.taken, take(3)]).toEqual([2, true]);
  expect(() => inventory.giveBack(6, START)).toThrow("LAW-15");
});

it("adds up how long GPUs have been free, from the start of the measured window", () => {
  const step = fc.record({
    gap: fc.nat({ max: 3_000_000 }),
    gpus: fc.integer({ min: 1, max: 5 }),
    isTaken: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), fc.nat({ max: 10 }), (steps, opens) => {
      const inventory = new Inventory(12);
      let [now, free] = [0, 0];
      for (const [index, { gap, gpus, isTaken }] of steps.entries()) {
        free += gap * (12 - inventory.taken);
        now += gap;
        if (index === opens) {
          inventory.reset(now as Instant);
          free = 0;
        }
        if (isTaken) inventory.take(gpus, now as Instant);
        else if (gpus <= inventory.taken) inventory.giveBack(gpus, now as Instant);
      }
      return Math.round(inventory.freeSeconds(now as Instant) * 1e6) === free;
    }),
  );
});
