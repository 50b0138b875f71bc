import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START, seconds } from "../../../../src/core/base/units.js";
import { gpuBill } from "../../../../src/core/server/fleet/gpu-bill.js";
import { Inventory } from "../../../../src/core/server/fleet/inventory.js";
import { MARKETS, type Market, undivided } from "../../../../src/core/server/fleet/node-type.js";
import { gear } from "../../../support/mode.js";

const at = (time: number) => instant(seconds(time));
const typeOf = (market: Market, price: number | undefined, gpus = 8) => ({
  ...undivided(gpus),
  ...{ name: market, market, price },
});

describe("the bill of a fleet's GPUs", () => {
  it("is the price by the hour of what was held, and of reserved ones of all that were there", () => {
    const inventory = new Inventory([typeOf("reserved", 2.45), typeOf("spot", 1.75)], 2);
    inventory.take(0, 0, 6, [0], START);
    inventory.take(1, 1, 4, [1], at(1800));
    inventory.giveBack(1, at(3600));
    // 6 GPU-hours of 2.45; 4 half an hour of 1.75; 2 GPU-hours of 2.45 for nothing.
    expect(gpuBill(inventory, 2, at(3600))).toEqual({ pools: [14.7, 3.5], unused: 4.9, total: 23.1 });
  });

  it("asks the same for reserved GPUs whether they are used, free, or their node is gone", () => {
    const inventory = new Inventory([typeOf("reserved", 3.6), typeOf("on-demand", 1)], 1);
    inventory.take(0, 0, 8, [0], START);
    inventory.nodeGoes(0, at(10));
    inventory.giveBack(0, at(10));
    inventory.nodeGoes(1, at(10));
    inventory.nodeComesBack(0, at(40));
    expect(gpuBill(inventory, 1, at(50))).toEqual({ pools: [0.08], unused: 0.32, total: 0.4 });
  });

  it("is null where GPUs were used that have no price, and is not made out where none has one", () => {
    const inventory = new Inventory([typeOf("spot", undefined), typeOf("on-demand", 3.6)], 2);
    inventory.take(0, 1, 1, [1], START);
    expect(gpuBill(inventory, 2, at(1))).toEqual({ pools: [0, 0.001], unused: 0, total: 0.001 });
    inventory.take(1, 0, 1, [0], at(1));
    expect(gpuBill(inventory, 2, at(2))).toEqual({ pools: [null, 0.002], unused: 0, total: null });
    const reserved = new Inventory([typeOf("reserved", undefined), typeOf("spot", 1)], 1);
    expect(gpuBill(reserved, 1, at(2))).toEqual({ pools: [0], unused: null, total: null });
    expect(gpuBill(new Inventory([undivided(8)], 1), 1, at(2))).toBeUndefined();
  });

  it("LAW-1: pools and what was not used add up to the whole, to the last micro-dollar", () => {
    const step = fc.record({ pool: fc.nat(2), gpus: fc.integer({ min: 1, max: 8 }), elapsed: fc.nat(9e9) });
    const price = fc.integer({ min: 1, max: 99_999 }).map((cents) => cents / 1000);
    const types = fc.array(fc.tuple(fc.constantFrom(...MARKETS), price), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(types, fc.array(step, { maxLength: 40 }), (kinds, steps) => {
        const inventory = new Inventory(
          kinds.map(([market, each]) => typeOf(market, each, 16)),
          3,
        );
        let now = 0;
        for (const [slot, { pool, gpus, elapsed }] of steps.entries()) {
          now += elapsed;
          inventory.take(slot, pool, gpus, inventory.allTypes, instant(now));
          const other = slot - 3;
          if (inventory.holdingOf(other) !== undefined) inventory.giveBack(other, instant(now));
        }
        const bill = gpuBill(inventory, 3, instant(now))!;
        const micros = (dollars: number | null) => Math.round(dollars! * 1e6);
        const parts = [...bill.pools, bill.unused].map(micros);
        expect(micros(bill.total)).toBe(parts.reduce((sum, part) => sum + part, 0));
        // Each type and pool is off by half a micro-dollar at most.
        const exact = kinds.reduce((sum, [market, each], type) => {
          const end = instant(now);
          const held = [0, 1, 2].reduce((so, pool) => so + inventory.heldSeconds(type, pool, end), 0);
          const gpuSeconds = market === "reserved" ? held + inventory.freeSeconds(end, type) : held;
          return sum + (each * gpuSeconds) / 3600;
        }, 0);
        expect(Math.abs(bill.total! - exact)).toBeLessThanOrEqual(kinds.length * 4 * 0.5e-6 + 1e-12 * exact);
      }),
      { numRuns: gear(100, 3000) },
    );
  });
});
