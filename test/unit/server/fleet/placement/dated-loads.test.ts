import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { NOWHERE } from "../../../../../src/core/server/fleet/load-index.js";
import { DatedLoads, Members } from "../../../../../src/core/server/fleet/placement/dated-loads.js";
import { lossChance, timingOf } from "../../../../support/dated.js";
import { MembersOf } from "./members.js";

const EMPTY = { slots: 10 };

function datedOf(pool: MembersOf, timing: Parameters<typeof timingOf>[0] = {}): DatedLoads {
  const { ready, membership, replicas } = pool.context;
  const read = ({ slotsBusy, slots }: { slotsBusy: number; slots: number }) => slotsBusy / slots;
  const signals = timingOf({ period: 100, ...timing });
  return new DatedLoads({ countSent: true, signals, ready, membership, replicas, lossChance, read });
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
