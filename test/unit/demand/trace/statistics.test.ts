import { expect, test } from "vitest";
import { InfiniteBlockCache } from "../../../../src/core/demand/trace/statistics.js";

test("counts blocks seen before, and keeps each block once", () => {
  const cache = new InfiniteBlockCache();
  expect(cache.hitRate).toBeUndefined();
  expect([cache.add([1, 2, 3]), cache.add([1, 2, 4]), cache.add([1, 2, 3, 5])]).toEqual([0, 2, 3]);
  expect([cache.blocks, cache.hits, cache.uniqueBlocks, cache.hitRate]).toEqual([10, 5, 5, 0.5]);
});
