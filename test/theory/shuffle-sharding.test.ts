// Hands of queues against the odds of dealing: how often one account's requests can fill every queue of another's, in
// closed form, as Kubernetes has published it, and as it is among many accounts.
import { describe, expect, test } from "vitest";
import { ShuffleShard } from "../../src/core/server/gateway/queue/shuffle-shard.js";
import { binomialInterval } from "../../src/core/stats/binomial-interval.js";
import { chiSquare } from "../support/goodness-of-fit.js";
import { handOf } from "../support/hands.js";
import { gear } from "../support/mode.js";

/** How many ways there are to choose `few` of `many`. */
function choose(many: number, few: number): number {
  let ways = 1;
  for (let taken = 1; taken <= few; taken++) ways *= (many - few + taken) / taken;
  return ways;
}

/**
 * The chance that the hand of a mouse lies wholly in those of so many elephants: by inclusion and exclusion over the
 * queues of the mouse that none of them has.
 */
function captured(queues: number, size: number, elephants: number): number {
  let chance = 0;
  for (let spared = 0; spared <= size; spared++) {
    const sparedByAll = (choose(queues - spared, size) / choose(queues, size)) ** elephants;
    chance += (spared % 2 === 0 ? 1 : -1) * choose(size, spared) * sparedByAll;
  }
  return chance;
}

describe("the chance that a mouse has no queue of its own", () => {
  test("is that of one hand among all there are, for one elephant", () => {
    expect(1 / choose(128, 6) / (1 / 5.4e9)).toBeCloseTo(1, 2);
    expect(1 / choose(64, 8) / 2.25929199850899e-10).toBeCloseTo(1, 12);
    for (const [queues, size] of [
      [8, 2],
      [16, 3],
      [64, 8],
    ] as const) {
      // What is left of terms as large as one.
      expect(Math.abs(captured(queues, size, 1) - 1 / choose(queues, size))).toBeLessThan(1e-12);
    }
  });

  // From the documentation of API priority and fairness, read in 2026-11.
  test.each([
    [12, 32, 0.11431348830099144, 0.9935089607656024],
    [10, 64, 0.00045571320990370776, 0.49999929150089345],
    [8, 64, 0.0004886697053040446, 0.35935114681123076],
  ])("of %i queues among %i is as published for 4 and 16 elephants", (size, queues, four, sixteen) => {
    expect(captured(queues, size, 4)).toBeCloseTo(four, 10);
    expect(captured(queues, size, 16)).toBeCloseTo(sixteen, 10);
  });
});

const HERDS = gear(20_000, 400_000);

/** Herds of different accounts, in each of which the last is the mouse: in how many it is captured. */
function capturedAmong(queues: number, size: number, elephants: number, herds: number): number {
  const shards = new ShuffleShard(queues, size);
  const taken = new Uint8Array(queues);
  let count = 0;
  for (let herd = 0; herd < herds; herd++) {
    taken.fill(0);
    const first = herd * (elephants + 1);
    for (let account = first; account < first + elephants; account++) {
      for (const queue of handOf(shards, size, account)) taken[queue] = 1;
    }
    if (handOf(shards, size, first + elephants).every((queue) => taken[queue] === 1)) count++;
  }
  return count;
}

test.each([
  [8, 2, 1],
  [6, 3, 1],
  [16, 2, 1],
  [10, 2, 3],
  [64, 8, 16],
  [32, 12, 4],
])(
  "among %i queues and hands of %i, %i elephants capture as many mice as they should",
  (queues, size, elephants) => {
    const count = capturedAmong(queues, size, elephants, HERDS);
    const { low, high } = binomialInterval(count, HERDS, 0.999);
    const expected = captured(queues, size, elephants);
    expect(low).toBeLessThanOrEqual(expected);
    expect(high).toBeGreaterThanOrEqual(expected);
    // Hands of one queue fewer, or more, are told apart.
    expect(captured(queues, size + 1, elephants) > high || captured(queues, size + 1, elephants) < low).toBe(
      true,
    );
  },
);

test("every hand is as likely as any other", () => {
  const [queues, size] = [7, 3];
  const shards = new ShuffleShard(queues, size);
  const counts = new Map<string, number>();
  const accounts = gear(35_000, 1_000_000);
  for (let account = 0; account < accounts; account++) {
    const hand = handOf(shards, size, account).join();
    counts.set(hand, (counts.get(hand) ?? 0) + 1);
  }
  const hands = choose(queues, size);
  expect(counts.size).toBe(hands);
  const { statistic, limit } = chiSquare([...counts.values()], Array(hands).fill(accounts / hands));
  expect(statistic).toBeLessThan(limit);
});
