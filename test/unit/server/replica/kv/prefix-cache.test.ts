import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { type CacheUse, PrefixCache } from "../../../../../src/core/server/replica/kv/prefix-cache.js";
import { type Shares, sequence } from "./sharing.js";

const BLOCK = 4;

/** A cache, and the life of a sequence in it, in one go or bit by bit. */
function makeCache() {
  const cache = new PrefixCache(BLOCK);
  const enter = (shares: Shares, prompt: number): CacheUse => {
    const use = sequence(shares);
    cache.look(use, prompt);
    cache.use(use);
    return use;
  };
  /** Comes, computes its prompt, and goes after some output. Returns the tokens it found. */
  const serve = (shares: Shares, prompt: number, output = 1): number => {
    const use = enter(shares, prompt);
    const found = cache.hitBlocks * BLOCK;
    cache.offerPrefix(use);
    cache.release(use, prompt + output - 1);
    return found;
  };
  const finds = (shares: Shares, prompt: number): number => {
    cache.look(sequence(shares), prompt);
    return cache.hitBlocks * BLOCK;
  };
  return { cache, enter, serve, finds };
}

const app = (prefix: number, prefixTokens = 8): Shares => ({ prefix, prefixTokens });
const chat = (session: number, sharedTokens: number, more: Shares = {}): Shares => ({
  session,
  sharedTokens,
  ...more,
});

describe("the prefix of an application", () => {
  it("is found from when the first prompt that begins with it is computed, in whole blocks", () => {
    const { cache, enter, finds } = makeCache();
    const first = enter(app(1, 11), 30);
    expect(finds(app(1, 11), 30)).toBe(0);
    cache.offerPrefix(first);
    expect([finds(app(1, 11), 30), finds(app(2, 11), 30), cache.blocksInUse, cache.blocksIdle]).toEqual([
      8, 0, 2, 0,
    ]);
  });

  it("counts once, however many stand on it, and is idle only when all have gone", () => {
    const { cache, enter } = makeCache();
    const first = enter(app(1), 20);
    cache.offerPrefix(first);
    const others = [enter(app(1), 20), enter(app(1), 30)];
    expect([cache.blocksInUse, first.sharedBlocks, ...others.map((each) => each.sharedBlocks)]).toEqual([
      2, 2, 2, 2,
    ]);
    for (const each of [first, ...others]) {
      expect(cache.blocksInUse).toBe(2);
      cache.release(each, 8);
    }
    expect([cache.blocksInUse, cache.blocksIdle]).toEqual([0, 2]);
  });

  it("is used whole or not at all, and never to the last token of a prompt", () => {
    const { serve, finds } = makeCache();
    serve(app(1), 20);
    expect([finds(app(1), 9), finds(app(1), 8), finds(app(1, 4), 20)]).toEqual([8, 0, 0]);
  });

  it("belongs to the quicker one where two compute it at the same time", () => {
    const { cache, enter } = makeCache();
    const both = [enter(app(1), 20), enter(app(1), 20)];
    for (const each of both) cache.offerPrefix(each);
    expect([cache.blocksInUse, ...both.map((each) => each.sharedBlocks)]).toEqual([2, 2, 0]);
  });

  it("outlives the contexts that went on from it", () => {
    const { cache, serve, finds } = makeCache();
    serve(chat(1, 0, app(1)), 40);
    serve(chat(2, 0, app(1)), 40);
    expect(cache.blocksIdle).toBe(2 + 8 + 8);
    cache.evictTo(2);
    expect([finds(app(1), 40), finds(chat(1, 40, app(1)), 60), finds(chat(2, 40, app(1)), 60)]).toEqual([
      8, 8, 8,
    ]);
    cache.evictTo(1);
    expect(cache.blocksIdle).toBe(1);
  });
});

describe("the context of a session", () => {
  it("is found when its last sequence has left, as far as the prompt shares it", () => {
    const { serve, finds } = makeCache();
    expect(serve(chat(7, 0), 20, 10)).toBe(0);
    expect([
      finds(chat(7, 29), 50),
      finds(chat(7, 30), 50),
      finds(chat(7, 13), 50),
      finds(chat(8, 29), 50),
    ]).toEqual([28, 28, 12, 0]);
  });

  it("comes on top of its prefix, and is of no use without it", () => {
    const { cache, serve, finds } = makeCache();
    serve(chat(7, 0, app(1)), 30, 3);
    expect([finds(chat(7, 32, app(1)), 50), finds(chat(7, 32, app(2)), 50)]).toEqual([32, 0]);
    // The session is older than its prefix, and goes first.
    cache.evictTo(cache.blocksIdle - 6);
    expect(finds(chat(7, 32, app(1)), 50)).toBe(8);
  });

  it("gives back at once what the session throws away", () => {
    const { cache, serve, enter } = makeCache();
    serve(chat(7, 0), 41);
    expect(cache.blocksIdle).toBe(10);
    enter(chat(7, 13), 50);
    expect([cache.blocksInUse, cache.blocksIdle]).toEqual([3, 0]);
  });

  it("is not taken away from under another sequence of it that stands on more of it", () => {
    const { cache, serve, enter, finds } = makeCache();
    serve(chat(7, 0), 41);
    enter(chat(7, 40), 60);
    expect([finds(chat(7, 20), 60), finds(chat(7, 40), 60), cache.blocksInUse]).toEqual([0, 40, 10]);
  });
});

describe("eviction", () => {
  it("takes the least recently used first, from its end, and only as much as it must", () => {
    const { cache, serve, finds } = makeCache();
    for (const session of [1, 2, 3]) serve(chat(session, 0), 21);
    serve(chat(1, 20), 25);
    cache.evictTo(cache.blocksIdle - 7);
    const found = [1, 2, 3].map((session) => finds(chat(session, 20), 40));
    expect([found, cache.blocksIdle]).toEqual([[20, 0, 12], 9]);
  });

  it("takes what no prompt will use in its turn", () => {
    const { cache, serve, finds } = makeCache();
    serve({}, 41);
    serve(chat(1, 0), 21);
    cache.evictTo(6);
    expect([finds(chat(1, 20), 40), cache.blocksIdle]).toEqual([20, 6]);
    cache.evictTo(5);
    expect(finds(chat(1, 20), 40)).toBe(20);
  });

  it("never touches what a sequence stands on", () => {
    const { cache, serve, enter } = makeCache();
    serve(chat(1, 0, app(1)), 41);
    enter(chat(1, 40, app(1)), 60);
    cache.evictTo(0);
    expect([cache.blocksInUse, cache.blocksIdle]).toEqual([10, 0]);
  });
});

describe("what is found", () => {
  const turn = fc.record({
    session: fc.constantFrom(NONE, 0, 1, 2),
    prefix: fc.constantFrom(NONE, 0, 1),
    keeps: fc.constantFrom(0, 0.5, 1, 1),
    fresh: fc.integer({ min: BLOCK + 1, max: 30 }),
    output: fc.integer({ min: 1, max: 20 }),
  });

  it("is what a list of all contexts, token by token, says, where nothing is evicted", () => {
    const law = fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
      const { serve } = makeCache();
      const contexts = new Map<number, string[]>();
      const computed = new Set<string>();
      let tokens = 0;
      return turns.every(({ session, keeps, fresh, output, ...drawn }) => {
        // A session stays with its application.
        const prefix = session === NONE ? drawn.prefix : (session % 3) - 1;
        const prefixTokens = prefix === NONE ? 0 : 7 + 5 * prefix;
        const start = Array.from({ length: prefixTokens }, (_, index) => `${prefix}/${index}`);
        const before = contexts.get(session) ?? [];
        const shared = Math.max(Math.floor(before.length * keeps), Math.min(before.length, prefixTokens));
        const prompt = [...before.slice(0, shared), ...start.slice(shared)];
        for (let count = 0; count < fresh; count++) prompt.push(`${tokens++}`);
        const chain = (all: readonly string[], blocks: number) => all.slice(0, blocks * BLOCK).join();
        let expected = 0;
        while ((expected + 1) * BLOCK < prompt.length && computed.has(chain(prompt, expected + 1)))
          expected++;
        const sharedTokens = session === NONE ? 0 : shared;
        const found = serve({ prefix, prefixTokens, session, sharedTokens }, prompt.length, output);
        const whole = [...prompt];
        for (let count = 0; count < output; count++) whole.push(`${tokens++}`);
        // The last token generated is never computed.
        const blocks = Math.floor((whole.length - 1) / BLOCK);
        // Without a session no prompt can use it, but for its prefix.
        const kept = session === NONE ? Math.floor(prefixTokens / BLOCK) : blocks;
        for (let count = 1; count <= kept; count++) computed.add(chain(whole, count));
        if (session !== NONE) contexts.set(session, whole);
        return found === expected * BLOCK;
      });
    });
    fc.assert(law, { numRuns: 500 });
  });
});
