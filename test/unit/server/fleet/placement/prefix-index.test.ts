import { describe, expect, it } from "vitest";
import { HOLDERS, PrefixIndex } from "../../../../../src/core/server/fleet/placement/prefix-index.js";
import { MembersOf, prefixed, turn } from "./members.js";

const indexOf = (...kvTokens: number[]) => {
  const pool = new MembersOf(kvTokens.map((tokens) => ({ slots: 10, kvTokens: tokens })));
  return { pool, index: new PrefixIndex(pool.replicas, pool.loads) };
};

const holders = (index: PrefixIndex, prefix: number) =>
  Array.from({ length: HOLDERS }, (_, place) => index.holderOfPrefix(prefix, place)).filter(
    (leaf) => leaf >= 0,
  );

describe("what a replica is believed to hold", () => {
  it("is what was sent there, as far as the next prompt shares it", () => {
    const { index } = indexOf(1000, 1000);
    index.add(turn(5, 300), 0);
    expect(index.held(turn(5, 400, 350), 0)).toBe(300);
    expect(index.held(turn(5, 400, 120), 0)).toBe(120);
    expect(index.held(turn(5, 400, 350), 1)).toBe(0);
    expect(index.held(turn(6, 400, 350), 0)).toBe(0);
  });

  it("is the prefix of an application for all its prompts, and for no other's", () => {
    const { index } = indexOf(1000, 1000);
    index.add(prefixed(2, 300, 250), 1);
    expect([1, 0].map((leaf) => index.held(prefixed(2, 900, 250), leaf))).toEqual([250, 0]);
    expect(index.held(prefixed(1, 900, 250), 1)).toBe(0);
    // A session is no application of the same number.
    expect(index.held(turn(2, 900, 250), 1)).toBe(0);
  });

  // Memory for 1000: of the first context 300, after 700 others, 1000 - 700 are left; after 800, 200; after 1000, none.
  it("is forgotten from its end as the memory fills with other things, and kept by use", () => {
    const { index } = indexOf(1000);
    const next = turn(1, 310, 300);
    index.add(turn(1, 300), 0);
    index.add(turn(2, 700), 0);
    expect(index.held(next, 0)).toBe(300);
    index.add(turn(3, 100), 0);
    expect(index.held(next, 0)).toBe(200);
    index.add(next, 0);
    // Only what was not held had to be put there: 100 and 110 since the second, which leaves room for all of it.
    expect(index.held(turn(2, 800, 700), 0)).toBe(700);
    index.add(turn(4, 900), 0);
    expect([index.held(turn(2, 800, 700), 0), index.held(turn(1, 320, 310), 0)]).toEqual([0, 100]);
  });

  it("is gone with the replica", () => {
    const { index } = indexOf(1000);
    index.add(turn(1, 300), 0);
    index.forget(0);
    expect(index.held(turn(1, 400, 300), 0)).toBe(0);
    index.add(turn(1, 200), 0);
    expect(index.held(turn(1, 400, 300), 0)).toBe(200);
  });
});

describe("the holders that are named", () => {
  const many = indexOf(...new Array<number>(12).fill(1000));

  it("are all, while there is a place for each", () => {
    for (let leaf = 0; leaf < HOLDERS; leaf++) {
      many.pool.setBusy(leaf, leaf === 3 ? 9 : 1);
      many.index.add(prefixed(0, 100, 50), leaf);
      many.index.add(prefixed(0, 100, 50), leaf);
    }
    expect(holders(many.index, 0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("are then the less loaded ones, and those that do not hold it any more go first", () => {
    many.index.add(prefixed(0, 100, 50), 8);
    expect(holders(many.index, 0)).toEqual([0, 1, 2, 8, 4, 5, 6]);
    many.index.forget(5);
    many.index.add(prefixed(0, 100, 50), 9);
    expect(holders(many.index, 0)).toEqual([0, 1, 2, 8, 4, 9, 6]);
    // One that is not named holds it all the same.
    expect(many.index.held(prefixed(0, 100, 50), 3)).toBe(50);
  });

  it("are bounded in number, however many beginnings there are: of two on one place the last counts", () => {
    const { index } = indexOf(Number.POSITIVE_INFINITY);
    // More than may be held.
    const sessions = 140_000;
    for (let session = 0; session < sessions; session++) index.add(turn(session, 100), 0);
    let named = 0;
    let held = 0;
    for (let session = 0; session < sessions; session++) {
      if (index.holderOfSession(session, 0) === 0) named++;
      if (index.held(turn(session, 200, 100), 0) > 0) held++;
    }
    expect(named).toBeLessThanOrEqual(2 ** 16);
    // Of twice as many places as these it would be 0.82 of them.
    expect(held).toBeLessThanOrEqual(0.7 * 2 ** 17);
    // And the places are made use of: with even hashing all but e^(-140/65.5) of them, which is 11.8 %.
    expect(named).toBeGreaterThan(0.87 * 2 ** 16);
    expect(index.holderOfSession(sessions - 1, 0)).toBe(0);
  });
});
