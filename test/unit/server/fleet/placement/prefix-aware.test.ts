import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import type { StatedPrompt } from "../../../../../src/core/server/attempts/stated/prompt.js";
import { prefixAware } from "../../../../../src/core/server/fleet/placement/prefix-aware.js";
import { createRule, placement } from "../../../../../src/core/server/fleet/placement/registry.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { MembersOf, prefixed, turn } from "./members.js";

type Options = { cacheWeight?: number; period?: string };

function ruleOf(count: number, { period = "0s", ...options }: Options = {}) {
  const pool = new MembersOf(new Array(count).fill({ slots: 100, kvTokens: 100_000 }));
  const spec = placement.parse({ strategy: prefixAware.name, signals: { period }, ...options });
  const rule = createRule(spec, pool.context);
  const wish = (work: StatedPrompt, now = START) => rule.wish(work, pool.loads.least, now);
  return { pool, rule, wish, place: (work: StatedPrompt, leaf: number) => rule.placed!(work, leaf) };
}

describe("prefix-aware", () => {
  // 0.5 x 900/1000 = 0.45: worth going there at 44 % of slots beside an empty one, and not at 46 %.
  it("goes where most is cached until that is busier by the weight of it", () => {
    const { pool, wish, place } = ruleOf(4);
    place(turn(1, 900), 2);
    const at = (busy: number) => {
      pool.setBusy(2, busy);
      return wish(turn(1, 1000, 900));
    };
    expect([0, 44, 46, 99, 44].map(at)).toEqual([2, 2, 0, 0, 2]);
  });

  it("goes to the less loaded of equal caches, and to the longer cache at equal loads", () => {
    const { pool, wish, place } = ruleOf(4);
    for (const leaf of [1, 3]) place(turn(1, 500), leaf);
    expect(wish(turn(1, 1000, 800))).toBe(1);
    pool.setBusy(1, 10);
    expect(wish(turn(1, 1000, 800))).toBe(3);
    pool.setBusy(3, 10);
    place(turn(1, 800, 500), 3);
    expect(wish(turn(1, 1000, 800))).toBe(3);
  });

  it("goes to the least loaded with what nobody has seen, or without any weight", () => {
    const { pool, wish, place } = ruleOf(3, { cacheWeight: 0 });
    place(turn(1, 500), 2);
    pool.setBusy(0, 3);
    expect([wish(turn(1, 600, 500)), wish(turn(9, 600)), wish(prefixed(4, 600, 100))]).toEqual([1, 1, 1]);
  });

  it("takes the least loaded for a holder of a prefix that more hold than are named", () => {
    const { pool, wish, place } = ruleOf(30);
    for (let leaf = 0; leaf < 30; leaf++) place(prefixed(0, 100, 90), leaf);
    for (let leaf = 0; leaf < 30; leaf++) pool.setBusy(leaf, leaf === 20 ? 39 : 40);
    expect(wish(prefixed(0, 100, 90))).toBe(20);
  });

  it("goes by loads as it last read them, by what it sent since, and by its own index at once", () => {
    const { pool, rule, wish, place } = ruleOf(2, { period: "1s" });
    rule.signals!.renew(START);
    pool.setBusy(0, 50);
    expect(wish(turn(1, 100))).toBe(0);
    place(turn(1, 100), 0);
    // One of a hundred slots more than the other.
    expect([wish(turn(2, 100)), wish(turn(1, 200, 100))]).toEqual([1, 0]);
    rule.signals!.renew(instant(1e6));
    expect([wish(turn(2, 100)), wish(turn(1, 200, 100))]).toEqual([1, 1]);
  });

  it("names none that drains, finds its cache when it is back, and nothing in one that came up in its place", () => {
    for (const period of ["0s", "1h"]) {
      const { pool, wish, place } = ruleOf(3, { period });
      wish(turn(1, 900));
      place(turn(1, 900), 2);
      pool.close(2);
      expect(wish(turn(1, 1000, 900))).toBe(0);
      pool.open(2);
      expect(wish(turn(1, 1000, 900))).toBe(2);
      pool.close(2);
      pool.comeUp(2, { slots: 100, kvTokens: 100_000 });
      expect(wish(turn(1, 1000, 900))).toBe(0);
    }
  });

  it("looks at a few replicas of a thousand", () => {
    const { pool, rule, wish, place } = ruleOf(1000);
    for (let leaf = 0; leaf < 1000; leaf++) place({ ...prefixed(0, 100, 90), session: 5 }, leaf);
    let looks = 0;
    const { loadOf } = pool.loads;
    pool.loads.loadOf = (leaf) => {
      looks++;
      return loadOf.call(pool.loads, leaf);
    };
    wish({ ...prefixed(0, 100, 90), session: 5 });
    rule.placed!(prefixed(0, 100, 90), 3);
    expect(looks).toBeGreaterThan(10);
    expect(looks).toBeLessThanOrEqual(25);
  });

  const sent = fc.record({
    session: fc.nat({ max: 5 }),
    prefix: fc.nat({ max: 2 }),
    tokens: fc.integer({ min: 10, max: 500 }),
    leaf: fc.nat({ max: 5 }),
    busy: fc.nat({ max: 99 }),
  });
  const workOf = ({ session, prefix, tokens }: { session: number; prefix: number; tokens: number }) =>
    aloneWork({
      inputTokens: tokens,
      outputTokens: 1,
      session,
      sharedTokens: tokens - 5,
      prefix,
      prefixTokens: Math.floor(tokens / 3),
    });

  it("has, by a look at all that was ever sent anywhere, the best score, and is no hotter than its cache is worth", () => {
    const law = fc.property(
      fc.array(sent, { maxLength: 60 }),
      sent,
      fc.constantFrom(0, 0.25, 0.5, 2),
      (log, last, cacheWeight) => {
        const { pool, wish, place } = ruleOf(6, { cacheWeight });
        const lengths = new Map<string, number>();
        for (const one of log) {
          const work = workOf(one);
          place(work, one.leaf);
          lengths.set(`session ${one.session} ${one.leaf}`, work.inputTokens);
          lengths.set(`prefix ${one.prefix} ${one.leaf}`, work.prefixTokens);
          pool.setBusy(one.leaf, one.busy);
        }
        const work = workOf(last);
        const held = (leaf: number) =>
          Math.max(
            Math.min(work.sharedTokens, lengths.get(`session ${work.session} ${leaf}`) ?? 0),
            Math.min(work.prefixTokens, lengths.get(`prefix ${work.prefix} ${leaf}`) ?? 0),
          );
        const score = (leaf: number) =>
          (cacheWeight * held(leaf)) / work.inputTokens - pool.replicas[leaf]!.slotsBusy / 100;
        const best = Math.max(...[0, 1, 2, 3, 4, 5].map(score));
        const chosen = wish(work);
        const isCool = pool.loads.loadOf(chosen) <= pool.loads.loadOf(pool.loads.least) + cacheWeight;
        return Math.abs(score(chosen) - best) < 1e-12 && isCool;
      },
    );
    fc.assert(law, { numRuns: 200 });
  });
});
