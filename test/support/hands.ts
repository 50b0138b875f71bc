// Hands of queues as lists, for tests of what is dealt.
import type { ShuffleShard } from "../../src/core/server/gateway/queue/shuffle-shard.js";

/** The hand of that size which an account is dealt. */
export function handOf(shards: ShuffleShard, size: number, account: number): number[] {
  const from = shards.deal(account);
  return [...shards.hands.subarray(from, from + size)];
}
