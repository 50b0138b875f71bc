import { describe, expect, it } from "vitest";
import { RequestState, RequestTable } from "../../../src/core/engine/request-table.js";
import { NO_EVENT } from "../../../src/core/kernel/event-queue.js";

describe("request table", () => {
  it("reuses the slot of a request that has ended, with a number of its own", () => {
    const table = new RequestTable();
    const first = table.open();
    table.attempts[first] = 3;
    table.queueTimer[first] = 7;
    table.close(first);
    const second = table.open();
    expect([second, table.number[second], table.opened, table.alive]).toEqual([first, 2, 2, 1]);
    expect([table.attempts[second], table.queueTimer[second], table.clientTimer[second]]).toEqual([
      0,
      NO_EVENT,
      NO_EVENT,
    ]);
    expect(table.state[second]).toBe(RequestState.resting);
  });

  it("grows with those alive, keeps what it knows, and stays as large as it was needed", () => {
    const table = new RequestTable();
    const count = 3000;
    const slots = Array.from({ length: count }, (_, index) => {
      const slot = table.open();
      table.outputTokens[slot] = index;
      table.offeredAt[slot] = index / 2;
      return slot;
    });
    expect(new Set(slots).size).toBe(count);
    expect(
      slots.every((slot, index) => table.outputTokens[slot] === index && table.offeredAt[slot] === index / 2),
    ).toBe(true);
    const { capacity } = table;
    for (let round = 0; round < 3; round++) {
      for (const slot of slots) table.close(slot);
      for (let index = 0; index < count; index++) slots[index] = table.open();
    }
    expect([table.capacity, table.alive, table.opened]).toEqual([capacity, count, 4 * count]);
  });

  it("lists who waits or runs in the order in which they came up, whatever their slots", () => {
    const table = new RequestTable();
    const [first, second, third] = [table.open(), table.open(), table.open()];
    table.close(first);
    const fourth = table.open();
    table.state[second] = RequestState.running;
    table.state[fourth] = RequestState.queued;
    expect([fourth, third]).toEqual([first, expect.any(Number)]);
    expect(table.underWay()).toEqual([second, fourth]);
  });

  it("opens a slot beside another for the same request, with timers and a twin of its own", () => {
    const table = new RequestTable();
    const first = table.open();
    table.outputTokens[first] = 9;
    table.offeredAt[first] = 5;
    table.queueTimer[first] = 7;
    const second = table.openBeside(first);
    expect([table.number[second], table.outputTokens[second], table.offeredAt[second]]).toEqual([1, 9, 5]);
    expect([table.queueTimer[second], table.twin[second], table.opened]).toEqual([NO_EVENT, -1, 1]);
    table.close(first);
    expect(table.alive).toBe(1);
  });

  it("refuses to end a request twice, or in the middle of an attempt", () => {
    const table = new RequestTable();
    const slot = table.open();
    table.state[slot] = RequestState.running;
    expect(() => table.close(slot)).toThrow("LAW-1");
    table.state[slot] = RequestState.resting;
    table.close(slot);
    expect(() => table.close(slot)).toThrow("LAW-1");
  });
});
