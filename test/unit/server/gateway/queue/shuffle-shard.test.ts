import { describe, expect, it } from "vitest";
import { ShuffleShard } from "../../../../../src/core/server/gateway/queue/shuffle-shard.js";

import { handOf } from "../../../../support/hands.js";

const handsOf = (queues: number, size: number, accounts: number) => {
  const shards = new ShuffleShard(queues, size);
  return Array.from({ length: accounts }, (_, account) => handOf(shards, size, account));
};

describe("a hand of queues", () => {
  it("has so many different ones of them, in their order", () => {
    for (const [queues, size] of [
      [64, 8],
      [128, 6],
      [5, 5],
      [1, 1],
    ] as const) {
      for (const hand of handsOf(queues, size, 500)) {
        const sorted = [...new Set(hand)].sort((one, other) => one - other);
        expect(hand).toEqual(sorted);
        expect([hand.length, hand[0]! >= 0, hand.at(-1)! < queues]).toEqual([size, true, true]);
      }
    }
  });

  it("is the same whenever it is dealt, and for other accounts another", () => {
    const shards = new ShuffleShard(64, 8);
    const first = handOf(shards, 8, 7);
    // The last takes the place in which the first is remembered.
    for (const account of [8, 7 + 2 ** 10]) expect(handOf(shards, 8, account)).not.toEqual(first);
    expect(handOf(shards, 8, 7)).toEqual(first);
  });

  it("is not larger than the deck", () => {
    expect(() => new ShuffleShard(4, 5)).toThrow("a hand is not larger than the deck");
  });
});
