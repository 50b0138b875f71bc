import { describe, expect, it } from "vitest";
import { emptyCall, NO_HANDLE } from "../../../../src/core/api/wire.js";
import { NONE } from "../../../../src/core/base/none.js";
import { instant, NEVER, START } from "../../../../src/core/base/units.js";
import { Role } from "../../../../src/core/demand/callers/request-lines.js";
import { RequestState, RequestTable } from "../../../../src/core/demand/callers/request-table.js";
import { type Arrival, emptyArrival } from "../../../../src/core/demand/traffic/source.js";
import { NO_EVENT } from "../../../../src/core/kernel/event-queue.js";

const { free, resting, underWay } = RequestState;
const ARRIVAL = { ...emptyArrival(), account: 4, inputTokens: 30, cachedTokens: 10, outputTokens: 7 };

const opened = (table: RequestTable, changes: Partial<Arrival> = {}, at = 0) =>
  table.open({ ...ARRIVAL, ...changes }, 2, instant(at));

describe("request table", () => {
  it("reuses the slot of a request that has ended, with a number of its own", () => {
    const table = new RequestTable();
    const first = opened(table);
    table.setAttempts(first, 3);
    table.setHedgeTimer(first, 7);
    table.setTries(first, 5);
    table.fallBack(first, 0, 1);
    table.close(first);
    const second = opened(table);
    expect([second, table.number(second), table.opened, table.alive]).toEqual([first, 2, 2, 1]);
    const { tries, fallbacks, attempts, hedgeTimer, clientTimer, twin, handle, goneAt, role } =
      RequestTable.prototype;
    const fresh = [attempts, tries, fallbacks, hedgeTimer, clientTimer, twin, handle, goneAt, role];
    expect(fresh.map((read) => read.call(table, second))).toEqual([
      0,
      0,
      0,
      NO_EVENT,
      NO_EVENT,
      NONE,
      NO_HANDLE,
      NEVER,
      Role.main,
    ]);
    expect(table.state(second)).toBe(resting);
  });

  it("has a place of its own for everything that is set, in every slot", () => {
    const table = new RequestTable();
    const slots = [opened(table), opened(table), opened(table)];
    const wholes = ["Twin", "ClientTimer", "HedgeTimer", "Attempts", "CachedTokens"] as const;
    const others = ["Home", "StartedAt", "FirstTokenAt", "GoneAt", "Tries", "Handle"] as const;
    const set = slots.map((slot) => {
      table.send(slot, instant(slot));
      table.setRole(slot, Role.abandoned);
      table.takeRoute(slot, 900 + slot, 800 + slot);
      return [...wholes, ...others].map((name, index) => {
        table[`set${name}`](slot, (1000 * (slot + 1) + index) as never);
        return 1000 * (slot + 1) + index;
      });
    });
    const read = slots.map((slot) =>
      [...wholes, ...others].map((name) =>
        table[`${name[0]!.toLowerCase()}${name.slice(1)}` as "twin"](slot),
      ),
    );
    expect(read).toEqual(set);
    for (const slot of slots) {
      expect([table.role(slot), table.state(slot), table.route(slot)]).toEqual([
        Role.abandoned,
        underWay,
        900 + slot,
      ]);
      expect([table.tier(slot), table.source(slot), table.account(slot)]).toEqual([800 + slot, 2, 4]);
      expect([table.inputTokens(slot), table.offeredAt(slot), table.arrivedAt(slot)]).toEqual([30, 0, slot]);
      expect([table.outputTokens(slot), table.ticket(slot), table.number(slot)]).toEqual([
        7,
        ARRIVAL.ticket,
        slot + 1,
      ]);
    }
  });

  it("grows with those alive, keeps what it knows, and stays as large as it was needed", () => {
    const table = new RequestTable();
    const count = 3000;
    const slots = Array.from({ length: count }, (_, index) =>
      opened(table, { outputTokens: index }, 2 * index),
    );
    expect(new Set(slots).size).toBe(count);
    expect(slots.map((slot) => table.outputTokens(slot))).toEqual(slots.map((_, index) => index));
    expect(slots.map((slot) => table.offeredAt(slot))).toEqual(slots.map((_, index) => 2 * index));
    const { capacity } = table;
    for (let round = 0; round < 3; round++) {
      for (const slot of slots) table.close(slot);
      for (let index = 0; index < count; index++) slots[index] = opened(table);
    }
    expect([table.capacity, table.alive, table.opened]).toEqual([capacity, count, 4 * count]);
  });

  it("lists whose attempt is under way in the order in which they came up, whatever their slots", () => {
    const table = new RequestTable();
    const [first, second, third] = [opened(table), opened(table), opened(table)];
    table.close(first);
    const fourth = opened(table);
    table.send(second, START);
    table.send(fourth, START);
    expect([fourth, third]).toEqual([first, expect.any(Number)]);
    expect(table.underWay()).toEqual([second, fourth]);
  });

  it("counts attempts as they leave, and forgets what the one before found", () => {
    const table = new RequestTable();
    const slot = opened(table);
    table.send(slot, instant(1));
    table.setCachedTokens(slot, 20);
    table.setStartedAt(slot, instant(2));
    table.setFirstTokenAt(slot, instant(3));
    table.move(slot, resting);
    table.send(slot, instant(4));
    expect([table.attempt(slot), table.attempts(slot), table.cachedTokens(slot)]).toEqual([2, 2, 10]);
    expect([table.arrivedAt(slot), table.startedAt(slot), table.firstTokenAt(slot)]).toEqual([
      4,
      NEVER,
      NEVER,
    ]);
  });

  it("opens a slot beside another for the same request, with timers and a twin of its own", () => {
    const table = new RequestTable();
    const first = opened(table, { outputTokens: 9 }, 5);
    table.setHedgeTimer(first, 7);
    const second = table.openBeside(first, resting);
    expect([table.number(second), table.outputTokens(second), table.offeredAt(second)]).toEqual([1, 9, 5]);
    expect([table.hedgeTimer(second), table.twin(second), table.opened]).toEqual([NO_EVENT, NONE, 1]);
    table.close(first);
    expect(table.alive).toBe(1);
  });

  it("opens one that takes over an attempt under way, without a handle of its own", () => {
    const table = new RequestTable();
    const first = opened(table);
    table.send(first, START);
    table.setHandle(first, 12);
    const second = table.openBeside(first, underWay);
    expect([table.handle(second), table.state(second), table.attempt(second)]).toEqual([
      NO_HANDLE,
      underWay,
      1,
    ]);
  });

  it("fills in the call of an attempt", () => {
    const table = new RequestTable();
    const slot = opened(table, { session: 5, sharedTokens: 9, maxTokens: 20 });
    table.takeRoute(slot, 2, 2);
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
    const slot = opened(table);
    if (from === underWay) table.move(slot, underWay);
    if (from === free) table.close(slot);
    const move = () => table.move(slot, to);
    if (isLegal) expect(move).not.toThrow();
    else expect(move).toThrow("LAW-1");
  });
});
