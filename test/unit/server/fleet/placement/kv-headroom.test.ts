import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { kvHeadroom } from "../../../../../src/core/server/fleet/placement/kv-headroom.js";
import { createRule, placement } from "../../../../../src/core/server/fleet/placement/registry.js";
import { MembersOf, turn } from "./members.js";

function ruleOf(kvUsed: readonly number[], period: string, kvTokens = 1000) {
  const pool = new MembersOf(kvUsed.map((used) => ({ slots: 10, kvTokens, kvUsed: used })));
  const rule = createRule(placement.parse({ strategy: kvHeadroom.name, signals: { period } }), pool.context);
  return { pool, rule, wish: () => rule.wish(turn(0, 100), pool.loads.least, START) };
}

describe.each(["0s", "1s"])("kv-headroom on signals every %s", (period) => {
  it("is the replica with the most free KV tokens, the first of equals, however many slots are busy", () => {
    const { pool, wish } = ruleOf([500, 300, 300, 900], period);
    pool.setBusy(1, 9);
    expect(wish()).toBe(1);
  });

  it("goes by what is in use where memory has no bound", () => {
    expect(ruleOf([500, 300, 200], period, Number.POSITIVE_INFINITY).wish()).toBe(2);
  });

  it("is one that takes sequences", () => {
    const { pool, wish } = ruleOf([500, 300, 400], period);
    wish();
    pool.close(1);
    expect(wish()).toBe(2);
    pool.comeUp(4, { slots: 10 });
    expect(wish()).toBe(4);
  });

  it("is, by a look at all of them, never one with less room than another", () => {
    const law = fc.property(fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 20 }), (kvUsed) => {
      const { wish } = ruleOf(kvUsed, period);
      return wish() === kvUsed.indexOf(Math.min(...kvUsed));
    });
    fc.assert(law);
  });
});

describe("kv-headroom", () => {
  it("counts what it sends until it reads again", () => {
    const { pool, rule, wish } = ruleOf([0, 150], "1s");
    const sent = [0, 0, 0].map(() => {
      const leaf = wish();
      rule.placed!(turn(0, 100), leaf);
      return leaf;
    });
    expect(sent).toEqual([0, 0, 1]);
    pool.replicas[0]!.grow(1);
    rule.signals!.renew(instant(1e6));
    // Nothing of it has arrived there.
    expect(wish()).toBe(0);
  });

  it("sees contexts grow at once on live signals alone", () => {
    const wishes = ["0s", "1s"].map((age) => {
      const { pool, wish } = ruleOf([0, 100], age);
      wish();
      pool.replicas[0]!.grow(200);
      return wish();
    });
    expect(wishes).toEqual([1, 0]);
  });

  it("passes over a replica without an opening, if it sees that", () => {
    const { pool, wish } = ruleOf([0, 100], "0s");
    pool.setBusy(0, 10);
    expect(wish()).toBe(1);
  });
});
