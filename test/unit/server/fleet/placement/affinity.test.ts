// Homes by rendezvous: the law that makes growth dilute the cache instead of scrambling it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Homes } from "../../../../../src/core/server/fleet/placement/affinity.js";

const SESSIONS = 2000;
const sessions = Array.from({ length: SESSIONS }, (_, session) => 17 * session);
const leavesOf = fc.uniqueArray(fc.nat(2000), { minLength: 1, maxLength: 40 });

/** Homes of the sessions in a pool whose members may change. */
function poolOf(first: readonly number[]) {
  const ready = [...first].sort((one, other) => one - other);
  let membership = 0;
  const homes = new Homes({ ready, membership: () => membership });
  const change = (leaves: readonly number[]) => {
    ready.splice(0, ready.length, ...[...leaves].sort((one, other) => one - other));
    membership++;
  };
  return { change, homes: () => sessions.map((session) => homes.of(session)) };
}

describe("homes of sessions", () => {
  it("are replicas that take sequences, the same for the same session and members, in whatever order they came", () => {
    fc.assert(
      fc.property(leavesOf, (leaves) => {
        const pool = poolOf(leaves);
        const homes = pool.homes();
        expect(homes.every((home) => leaves.includes(home))).toBe(true);
        expect(pool.homes()).toEqual(homes);
        expect(poolOf([...leaves].reverse()).homes()).toEqual(homes);
      }),
      { numRuns: 30 },
    );
  });

  it("move, by the law of rendezvous, to a replica that comes and to no other, about its share of them", () => {
    fc.assert(
      fc.property(leavesOf, fc.integer({ min: 3000, max: 4000 }), (leaves, newcomer) => {
        const pool = poolOf(leaves);
        const before = pool.homes();
        pool.change([...leaves, newcomer]);
        const after = pool.homes();
        const moved = after.filter((home, index) => home !== before[index]);
        expect(moved.every((home) => home === newcomer)).toBe(true);
        const share = 1 / (leaves.length + 1);
        // Five standard deviations of a binomial count.
        const slack = 5 * Math.sqrt(SESSIONS * share * (1 - share));
        expect(Math.abs(moved.length - SESSIONS * share)).toBeLessThan(slack);
      }),
      { numRuns: 30 },
    );
  });

  it("move from a replica that leaves and from no other, and come back with it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2000), { minLength: 2, maxLength: 40 }), (leaves) => {
        const pool = poolOf(leaves);
        const before = pool.homes();
        const [gone, ...others] = leaves;
        pool.change(others);
        const without = pool.homes();
        expect(without.every((home, index) => before[index] === gone || home === before[index])).toBe(true);
        pool.change(leaves);
        expect(pool.homes()).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });
});
