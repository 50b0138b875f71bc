import { describe, expect, it } from "vitest";
import { instant, START } from "../../../../../src/core/base/units.js";
import { NOWHERE } from "../../../../../src/core/server/fleet/load-index.js";
import { createRule, placement } from "../../../../../src/core/server/fleet/placement/registry.js";
import { lossChance } from "../../../../support/dated.js";
import { MembersOf, turn } from "./members.js";

/** Where six sequences go one after the other, and six more after the next reading. */
function placesOf(strategy: "least-loaded" | "power-of-two", options: object): number[][] {
  const pool = new MembersOf(new Array(3).fill({ slots: 12 }));
  const spec = placement.parse({ strategy, ...options } as never);
  const rule = createRule(spec, { ...pool.context, lossChance });
  return [0, 1e6].map((now) =>
    Array.from({ length: 6 }, () => {
      rule.signals?.renew(instant(now));
      const wish = rule.wish(turn(0, 100), pool.loads.least, instant(now));
      const leaf = wish === NOWHERE ? pool.loads.least : wish;
      pool.setBusy(leaf, pool.replicas[leaf]!.slotsBusy + 1);
      rule.placed?.(turn(0, 100), leaf);
      return leaf;
    }),
  );
}

describe("least-loaded", () => {
  it("spreads evenly as long as it sees what is, or counts what it sends", () => {
    const even = [
      [0, 1, 2, 0, 1, 2],
      [0, 1, 2, 0, 1, 2],
    ];
    expect(placesOf("least-loaded", {})).toEqual(even);
    expect(placesOf("least-loaded", { signals: { period: "1s" } })).toEqual(even);
  });

  it("sends all to the one that looked least busy, on readings alone", () => {
    expect(placesOf("least-loaded", { countSent: false, signals: { period: "1s" } })).toEqual([
      [0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1],
    ]);
  });

  it("has no signals to be renewed where it sees what is", () => {
    const { context } = new MembersOf([{ slots: 1 }]);
    const rule = createRule(placement.parse("least-loaded"), context);
    expect([rule.signals, rule.placed, rule.wish(turn(0, 1), 0, START)]).toEqual([
      undefined,
      undefined,
      NOWHERE,
    ]);
  });
});

describe("power-of-two", () => {
  it("draws the same two, whether it sees what is or goes by readings", () => {
    const [live, counted] = [{}, { signals: { period: "1s" } }].map((each) => placesOf("power-of-two", each));
    expect(counted).toEqual(live);
  });

  it("spreads by chance what least-loaded sends to one", () => {
    const [first, later] = placesOf("power-of-two", { countSent: false, signals: { period: "1s" } });
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(new Set(later).size).toBeGreaterThan(1);
  });
});
