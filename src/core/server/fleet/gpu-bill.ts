// What the GPUs of a fleet cost: those on demand and on the spot for as long as an instance held them, in whatever
// state; reserved ones all the time, used or not, and also while their node is out for repair: the capacity was bought,
// and what a provider makes good for an outage is a matter of contracts, not of hours (ours). In whole micro-dollars,
// so that what the pools cost and what was reserved for nothing add up to the whole to the last unit (LAW-1). Knows the
// inventory and its prices.
import type { Instant } from "../../base/units.js";
import type { Inventory } from "./inventory.js";
import type { NodeType } from "./node-type.js";

const MICROS_PER_DOLLAR = 1e6;
const SECONDS_PER_HOUR = 3600;

/** US dollars, each a whole number of micro-dollars; null where GPUs were used that have no price. */
export interface GpuBill {
  /** By pool: what its instances held. */
  readonly pools: readonly (number | null)[];
  /** What no instance held of reserved GPUs, be it that they were free or that their node was gone. */
  readonly unused: number | null;
  readonly total: number | null;
}

/** Since times count, until an instant that is not before the last change. Undefined where no type has a price. */
export function gpuBill(inventory: Inventory, pools: number, until: Instant): GpuBill | undefined {
  const { types } = inventory;
  if (types.every(({ price }) => price === undefined)) return undefined;
  const held = Array.from({ length: pools }, (_, pool) =>
    sumOf(types.map((type, index) => microDollars(type, inventory.heldSeconds(index, pool, until)))),
  );
  const unused = sumOf(
    types.map((type, index) =>
      type.market === "reserved" ? microDollars(type, notHeld(inventory, index, until)) : 0,
    ),
  );
  return { pools: held.map(dollars), unused: dollars(unused), total: dollars(sumOf([...held, unused])) };
}

function notHeld(inventory: Inventory, type: number, until: Instant): number {
  return inventory.freeSeconds(until, type) + inventory.goneSeconds(until, type);
}

/** The price is by the hour, and rounded is once for each type and pool. */
function microDollars({ price }: NodeType, gpuSeconds: number): number | null {
  if (gpuSeconds === 0) return 0;
  return price === undefined ? null : Math.round((price * gpuSeconds * MICROS_PER_DOLLAR) / SECONDS_PER_HOUR);
}

function sumOf(parts: readonly (number | null)[]): number | null {
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

function dollars(micros: number | null): number | null {
  return micros === null ? null : micros / MICROS_PER_DOLLAR;
}
