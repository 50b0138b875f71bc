import { expect, it } from "vitest";
import { Inventory } from "../../../../src/core/server/fleet/inventory.js";

it("LAW-15: gives out no more GPUs than there are, and takes back what it gave", () => {
  const inventory = new Inventory(10);
  expect([inventory.take(8), inventory.take(3), inventory.taken]).toEqual([true, false, 8]);
  expect([inventory.take(2), inventory.take(1), inventory.taken]).toEqual([true, false, 10]);
  inventory.giveBack(8);
  expect([inventory.taken, inventory.take(3)]).toEqual([2, true]);
  expect(() => inventory.giveBack(6)).toThrow("LAW-15");
});
