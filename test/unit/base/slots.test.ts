import { describe, expect, it } from "vitest";
import { Slots } from "../../../src/core/base/slots.js";

describe("the slots of a table", () => {
  it("are none at first, then 1,024, then four times as many each time, and twice as many of many", () => {
    const slots = new Slots();
    expect([slots.capacity, slots.inUse, slots.areAllInUse]).toEqual([0, 0, true]);
    expect([slots.grow(), slots.capacity, slots.inUse, slots.areAllInUse]).toEqual([1024, 1024, 0, false]);
    expect([1, 2, 3, 4].map(() => slots.grow())).toEqual([4096, 16_384, 65_536, 131_072]);
  });

  it("are given out from 0 up, each to one, and the last given back first", () => {
    const slots = new Slots();
    slots.grow();
    expect([slots.take(), slots.take(), slots.take()]).toEqual([0, 1, 2]);
    slots.giveBack(0);
    slots.giveBack(2);
    expect([slots.inUse, slots.take(), slots.take(), slots.take()]).toEqual([1, 2, 0, 3]);
    const rest = Array.from({ length: 1020 }, () => slots.take());
    expect([new Set(rest).size, slots.areAllInUse]).toEqual([1020, true]);
    slots.grow();
    expect(slots.take()).toBe(1024);
  });
});
