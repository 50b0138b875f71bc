import { describe, expect, it } from "vitest";
import { emptyCall, NO_HANDLE } from "../../../../src/core/api/wire.js";
import { START } from "../../../../src/core/base/units.js";
import { RequestState, RequestTable } from "../../../../src/core/demand/callers/request-table.js";
import { emptyArrival } from "../../../../src/core/demand/traffic/source.js";
import { NO_EVENT } from "../../../../src/core/kernel/event-queue.js";

describe("request table", () => {
  it("reuses the slot of a request that has ended, with a number of its own", () => {
    const table = new RequestTable();
    const first = table.open();
    table.attempts[first] = 3;
    table.hedgeTimer[first] = 7;
    table.close(first);
    const second = table.open();
    expect([second, table.number[second], table.opened, table.alive]).toEqual([first, 2, 2, 1]);
    expect([table.attempts[second], table.hedgeTimer[second], table.clientTimer[second]]).toEqual([
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

  it("lists whose attempt is under way in the order in which they came up, whatever their slots", () => {
    const table = new RequestTable();
    const [first, second, third] = [table.open(), table.open(), table.open()];
    table.close(first);
    const fourth = table.open();
    table.move(second, RequestState.underWay);
    table.move(fourth, RequestState.underWay);
    expect([fourth, third]).toEqual([first, expect.any(Number)]);
    expect(table.underWay()).toEqual([second, fourth]);
  });

  it("opens a slot beside another for the same request, with timers and a twin of its own", () => {
    const table = new RequestTable();
    const first = table.open();
    table.outputTokens[first] = 9;
    table.offeredAt[first] = 5;
    table.hedgeTimer[first] = 7;
    const second = table.openBeside(first, RequestState.resting);
    expect([table.number[second], table.outputTokens[second], table.offeredAt[second]]).toEqual([1, 9, 5]);
    expect([table.hedgeTimer[second], table.twin[second], table.opened]).toEqual([NO_EVENT, -1, 1]);
    table.close(first);
    expect(table.alive).toBe(1);
  });

  it("opens one that takes over an attempt under way, without a handle of its own", () => {
    const table = new RequestTable();
    const first = table.open();
    table.move(first, RequestState.underWay);
    table.handle[first] = 12;
    const second = table.openBeside(first, RequestState.underWay);
    expect([table.handle[second], table.state[second]]).toEqual([NO_HANDLE, RequestState.underWay]);
  });

  it("fills in the call of an attempt", () => {
    const table = new RequestTable();
    const slot = table.open();
    const arrival = { ...emptyArrival(), account: 4, inputTokens: 30, cachedTokens: 10, outputTokens: 7 };
    table.describe(slot, { ...arrival, session: 5, sharedTokens: 9, maxTokens: 20 }, 0, START);
    table.route[slot] = 2;
    const call = emptyCall();
    table.fill(call, slot);
    expect(call).toEqual({
      ...emptyCall(),
      reference: slot,
      account: 4,
      route: 2,
      inputTokens: 30,
      cachedTokens: 10,
      session: 5,
      sharedTokens: 9,
      maxTokens: 20,
      outputTokens: 7,
    });
  });

  const { free, resting, underWay } = RequestState;
  it.each([
    [resting, underWay, true],
    [resting, free, true],
    [underWay, resting, true],
    [free, resting, true],
    [resting, resting, false],
    [underWay, underWay, false],
    [underWay, free, false],
    [free, underWay, false],
    [free, free, false],
  ])("lets state %i be followed by %i: %s", (from, to, isLegal) => {
    const table = new RequestTable();
    const slot = table.open();
    table.state[slot] = from;
    const move = () => table.move(slot, to);
    if (isLegal) expect(move).not.toThrow();
    else expect(move).toThrow("LAW-1");
  });
});
