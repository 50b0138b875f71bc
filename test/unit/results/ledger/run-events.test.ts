import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../src/core/base/none.js";
import { type Instant, instant, seconds } from "../../../../src/core/base/units.js";
import { RunEvents } from "../../../../src/core/results/ledger/run-events.js";

const at = (time: number): Instant => instant(seconds(time));

describe("the events of a run", () => {
  it("are told in order of time, whatever the order in which they come", () => {
    const events = new RunEvents();
    events.add("node-lost", undefined, at(5));
    events.add("launch", 1, at(2), { name: "kimi" });
    expect(events.list()).toEqual([
      {
        ...{ kind: "launch", pool: 1, at: at(2), until: at(2), count: 1 },
        ...{ before: undefined, after: undefined, name: "kimi", zone: undefined, by: undefined },
      },
      {
        ...{ kind: "node-lost", pool: NONE, at: at(5), until: at(5), count: 1 },
        ...{ before: undefined, after: undefined, name: undefined, zone: undefined, by: undefined },
      },
    ]);
  });

  it("are one where the same happens several times in one instant", () => {
    const events = new RunEvents();
    for (let slot = 0; slot < 3; slot++) events.add("instance-lost", 0, at(1));
    events.add("instance-lost", 1, at(1), { count: 2 });
    events.add("instance-lost", 1, at(2));
    expect(events.list().map(({ pool, count }) => [pool, count])).toEqual([
      [0, 3],
      [1, 2],
      [1, 1],
    ]);
  });

  it("are one of a kind, pool and name in an instant also where they come by turns", () => {
    const events = new RunEvents();
    for (const [name, zone] of [
      ["a", 1],
      ["a", 2],
      ["b", 1],
    ] as const) {
      events.add("node-lost", undefined, at(1), { name, zone, by: "faults.rack" });
      events.add("instance-lost", 0, at(1), { by: "faults.rack" });
    }
    events.add("instance-lost", 0, at(1), { by: "faults.crash" });
    expect(events.list().map(({ kind, count, name, zone, by }) => [kind, count, name, zone, by])).toEqual([
      ["node-lost", 2, "a", undefined, "faults.rack"],
      ["instance-lost", 4, undefined, undefined, undefined],
      ["node-lost", 1, "b", 1, "faults.rack"],
    ]);
  });

  it("are taken together where there are too many, and say from what to what they go", () => {
    const events = new RunEvents(4);
    for (const [time, before, after] of [
      [1, 1, 2],
      [2, 2, 3],
      [100, 3, 4],
      [101, 4, 6],
      [102, 6, 7],
    ] as const) {
      events.add("scale-up", 0, at(time), { before, after });
    }
    const told = events.list().map(({ at: from, until, before, after, count: each }) => ({
      ...{ from, until, before, after, each },
    }));
    expect(told).toEqual([
      { from: at(1), until: at(2), before: 1, after: 3, each: 2 },
      { from: at(100), until: at(102), before: 3, after: 7, each: 3 },
    ]);
  });

  it("stay few, and none is left out", () => {
    const told = fc.record({
      kind: fc.constantFrom("scale-up", "scale-down", "instance-lost"),
      pool: fc.nat(2),
      time: fc.nat(100_000),
      count: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 400 }), fc.integer({ min: 2, max: 30 }), (list, most) => {
        const events = new RunEvents(most);
        // Kinds and pools that differ are never one.
        const kinds = new Set(list.map(({ kind, pool }) => `${kind} ${pool}`)).size;
        for (const { kind, pool, time, count } of list) events.add(kind, pool, at(time), { count });
        const entries = events.list();
        const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
        expect(entries.length).toBeLessThanOrEqual(Math.max(most, 2 * kinds));
        expect(total(entries.map(({ count }) => count))).toBe(total(list.map(({ count }) => count)));
        for (const { kind, pool, time } of list) {
          const own = entries.filter((entry) => entry.kind === kind && entry.pool === pool);
          expect(own.some((entry) => entry.at <= at(time) && at(time) <= entry.until)).toBe(true);
        }
      }),
    );
  });
});
