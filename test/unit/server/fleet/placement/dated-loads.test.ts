import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { NOWHERE } from "../../../../../src/core/server/fleet/load-index.js";
import { DatedLoads, Members } from "../../../../../src/core/server/fleet/placement/dated-loads.js";
import { lossChance, timingOf } from "../../../../support/dated.js";
import { MembersOf } from "./members.js";

const EMPTY = { slots: 10 };

function datedOf(pool: MembersOf, timing: Parameters<typeof timingOf>[0] = {}, countSent = true): DatedLoads {
  const { ready, membership, replicas } = pool.context;
  const read = ({ slotsBusy, slots }: { slotsBusy: number; slots: number }) => slotsBusy / slots;
  const signals = timingOf({ period: 100, ...timing });
  return new DatedLoads({ countSent, signals, ready, membership, replicas, lossChance, read });
}

const known = (loads: DatedLoads, leaves: readonly number[]) =>
  leaves.map((leaf) => loads.known.loadOf(leaf));

describe("what is known of loads", () => {
  it("is what was read, and what was sent since, until it is read again", () => {
    const pool = new MembersOf([EMPTY, EMPTY]);
    const loads = datedOf(pool);
    loads.renew(START);
    pool.setBusy(0, 5);
    loads.follow(instant(50));
    expect(known(loads, [0, 1])).toEqual([0, 0]);
    loads.add(1, 0.25);
    expect([known(loads, [0, 1]), loads.known.least]).toEqual([[0, 0.25], 0]);
    loads.renew(instant(100));
    expect([known(loads, [0, 1]), loads.known.least]).toEqual([[0.5, 0], 1]);
  });

  it("is at once who takes sequences: newcomers as they are then, and none that has left", () => {
    const pool = new MembersOf([EMPTY, EMPTY]);
    const loads = datedOf(pool);
    loads.renew(START);
    pool.setBusy(0, 4);
    pool.close(1);
    pool.comeUp(2, { slots: 10, busy: 7 });
    loads.follow(instant(10));
    expect(known(loads, [0, 1, 2])).toEqual([0, Number.POSITIVE_INFINITY, 0.7]);
    pool.close(0);
    pool.close(2);
    loads.follow(instant(20));
    expect(loads.known.least).toBe(NOWHERE);
  });

  it("is of the replica that stands in a leaf now, if another left in between", () => {
    const pool = new MembersOf([{ slots: 10, busy: 9 }, EMPTY]);
    const loads = datedOf(pool);
    loads.follow(START);
    pool.close(0);
    pool.comeUp(0, { slots: 10, busy: 2 });
    loads.follow(START);
    expect(known(loads, [0, 1])).toEqual([0.2, 0]);
  });

  it("does not grow by what is sent to a replica before it is known: it is read with that inside", () => {
    const pool = new MembersOf([EMPTY]);
    const loads = datedOf(pool);
    loads.follow(START);
    loads.add(7, 0.5);
    pool.comeUp(7, { slots: 10, busy: 5 });
    loads.follow(START);
    expect(known(loads, [0, 7])).toEqual([0, 0.5]);
  });
});

describe("readings that travel", () => {
  it("are known once they arrive, with all that was sent since they were taken", () => {
    const pool = new MembersOf([EMPTY, EMPTY]);
    const loads = datedOf(pool, { age: 150 });
    loads.renew(START);
    loads.add(0, 0.1);
    pool.setBusy(0, 3);
    pool.setBusy(1, 8);
    // Taken here, with a tenth sent before it.
    loads.renew(instant(100));
    loads.add(0, 0.2);
    loads.follow(instant(249));
    expect(known(loads, [0, 1])).toEqual([0.1 + 0.2, 0]);
    loads.renew(instant(250));
    expect(known(loads, [0, 1]).map((load) => load.toFixed(9))).toEqual(["0.500000000", "0.800000000"]);
  });

  it("say nothing of a replica that came after they were taken, in the place of another", () => {
    const pool = new MembersOf([EMPTY, { slots: 10, busy: 6 }]);
    const loads = datedOf(pool, { age: 50 });
    loads.renew(START);
    pool.setBusy(1, 9);
    loads.renew(instant(100));
    pool.close(1);
    pool.comeUp(1, { slots: 10, busy: 1 });
    loads.follow(instant(140));
    pool.setBusy(1, 2);
    loads.follow(instant(160));
    expect(known(loads, [1])).toEqual([0.1]);
    loads.renew(instant(200));
    loads.follow(instant(250));
    expect(known(loads, [1])).toEqual([0.2]);
  });

  it("add nothing where a router does not count what it sends", () => {
    const pool = new MembersOf([EMPTY]);
    const loads = datedOf(pool, {}, false);
    loads.renew(START);
    loads.add(0, 0.5);
    expect(known(loads, [0])).toEqual([0]);
  });

  const event = fc.record({
    wait: fc.nat({ max: 90 }),
    kind: fc.constantFrom("busy", "send", "look"),
    leaf: fc.nat({ max: 2 }),
    busy: fc.nat({ max: 10 }),
  });

  it("are the newest that have arrived, and on top what was sent from their date on, whatever happens", () => {
    const timing = fc.record({ period: fc.integer({ min: 1, max: 60 }), age: fc.nat({ max: 150 }) });
    fc.assert(
      fc.property(timing, fc.array(event, { maxLength: 60 }), (given, events) => {
        const pool = new MembersOf([EMPTY, EMPTY, EMPTY]);
        const loads = datedOf(pool, given);
        const history: { at: number; leaf: number; busy?: number; sent?: number }[] = [];
        let now = 0;
        loads.renew(START);
        return events.every(({ wait, kind, leaf, busy }) => {
          now += wait;
          loads.renew(instant(now));
          if (kind === "busy") {
            pool.setBusy(leaf, busy);
            history.push({ at: now, leaf, busy });
          } else if (kind === "send") {
            loads.add(leaf, 1 / 16);
            history.push({ at: now, leaf, sent: 1 / 16 });
          }
          loads.follow(instant(now));
          const asOf = Math.max(0, Math.floor((now - given.age) / given.period) * given.period);
          const of = (one: number) => history.filter((each) => each.leaf === one);
          return [0, 1, 2].every((one) => {
            const before = of(one).filter(({ at, busy: is }) => at < asOf && is !== undefined);
            const since = of(one).filter(({ at, sent }) => at >= asOf && sent !== undefined);
            return loads.known.loadOf(one) === (before.at(-1)?.busy ?? 0) / 10 + since.length / 16;
          });
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("members", () => {
  it("are those that take sequences, told once each, whoever comes and goes between two looks", () => {
    const command = fc.record({ leaf: fc.nat({ max: 6 }), isNew: fc.boolean(), looks: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const pool = new MembersOf([EMPTY]);
        const told = new Map<number, unknown>();
        let again = 0;
        const members = new Members(pool.context, (leaf, replica) => {
          if (told.has(leaf) && told.get(leaf) === replica) again++;
          told.set(leaf, replica);
        });
        return commands.every(({ leaf, isNew, looks }) => {
          if (pool.ready.includes(leaf)) pool.close(leaf);
          else if (isNew || pool.replicas[leaf] === undefined) pool.comeUp(leaf, EMPTY);
          else pool.open(leaf);
          if (!looks) return true;
          members.follow();
          const takes = [...told].filter(([, replica]) => replica !== undefined);
          const isRight = takes.every(([each, replica]) => pool.replicas[each] === replica);
          return isRight && takes.length === pool.ready.length && again === 0;
        });
      }),
    );
  });
});
