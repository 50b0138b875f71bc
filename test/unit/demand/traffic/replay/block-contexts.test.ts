import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { readTrace } from "../../../../../src/core/demand/trace/read-trace.js";
import { InfiniteBlockCache } from "../../../../../src/core/demand/trace/statistics.js";
import { Contexts } from "../../../../../src/core/demand/traffic/contexts.js";
import { BlockContexts } from "../../../../../src/core/demand/traffic/replay/block-contexts.js";
import { sharedFile } from "../../../../support/shared-data.js";

const BLOCK = 10;
const MOONCAKE = sharedFile("data/traces/mooncake_synthetic_trace.jsonl");

function reader(most?: number) {
  const contexts = new BlockContexts(new Contexts(), most);
  const next = (...ids: number[]) => {
    contexts.next(ids, BLOCK, ids.length * BLOCK - 3);
    const { prefix, prefixTokens, session, sharedTokens } = contexts;
    return [prefix, prefixTokens, session, sharedTokens];
  };
  return { contexts, next };
}

describe("prompts by their blocks", () => {
  it("go on in the session whose whole prompt they begin with, up to its last block", () => {
    const { next } = reader();
    expect(next(1, 2, 3)).toEqual([NONE, 0, 0, 0]);
    expect(next(1, 2, 3, 4, 5)).toEqual([NONE, 0, 0, 30]);
    // The last block was not full, and is another now that it is.
    expect(next(1, 2, 3, 4, 50, 6)).toEqual([NONE, 0, 0, 40]);
  });

  it("share a prefix where they begin alike and go their own ways", () => {
    const { next } = reader();
    next(1, 2, 3, 4, 10, 11);
    expect(next(1, 2, 3, 4, 20, 21)).toEqual([0, 40, 1, 0]);
    expect(next(1, 2, 3, 4, 30, 31, 32)).toEqual([0, 40, 2, 0]);
    // A little more in common than the prefix: the prefix that others have too.
    expect(next(1, 2, 3, 4, 30, 40, 41)).toEqual([0, 40, 3, 0]);
    // And a session keeps the prefix that it began with.
    expect(next(1, 2, 3, 4, 20, 21, 22)).toEqual([0, 40, 1, 60]);
  });

  it("have nothing in common with what was forgotten, the end of a prompt first", () => {
    const { contexts, next } = reader(4);
    next(1, 2, 3, 4);
    next(5, 6);
    expect(contexts.size).toBe(4);
    expect(next(1, 2, 3, 4)[3]).toBe(0);
    expect(next(5, 6, 7)).toEqual([NONE, 0, expect.any(Number), 0]);
  });

  it("have no more in common than they are long", () => {
    const { next } = reader();
    next(1, 2);
    expect(next(1, 2)).toEqual([NONE, 0, 0, 17]);
  });
});

const title = "find most of what a cache without bounds finds in Mooncake's synthetic trace";
it.skipIf(MOONCAKE === undefined)(
  MOONCAKE === undefined ? `${title} (skipped: the trace is not here)` : title,
  () => {
    const infinite = new InfiniteBlockCache();
    const contexts = new BlockContexts(new Contexts());
    const known = new Set<number>();
    let found = 0;
    for (const row of readTrace([readFileSync(MOONCAKE!, "utf8")], { file: "mooncake.jsonl" })) {
      const hits = infinite.add(row.blocks!);
      contexts.next(row.blocks!, row.blockTokens, row.inputTokens);
      const prefixHits = known.has(contexts.prefix) ? contexts.prefixTokens / row.blockTokens : 0;
      if (contexts.prefix !== NONE) known.add(contexts.prefix);
      const ours = Math.max(prefixHits, Math.ceil(contexts.sharedTokens / row.blockTokens));
      expect(ours).toBeLessThanOrEqual(hits);
      found += ours;
    }
    expect(infinite.hitRate!.toFixed(4)).toBe("0.6396");
    expect(found / infinite.hits).toBeGreaterThan(0.85);
  },
);
