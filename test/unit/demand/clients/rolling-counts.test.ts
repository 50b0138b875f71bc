import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "../../../../src/core/base/units.js";
import { RollingCounts } from "../../../../src/core/demand/clients/rolling-counts.js";
import { at } from "./calls.js";

describe("rolling counts", () => {
  it("forget what is older than the window, and remember eleven twelfths of it at least", () => {
    const law = fc.property(fc.array(fc.nat({ max: 8_000_000 }), { maxLength: 60 }), (gaps) => {
      const counts = new RollingCounts(seconds(12));
      const seen: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        counts.countFirst(at(now / 1e6));
        seen.push(now);
        const count = counts.first(at(now / 1e6));
        const within = (window: number) => seen.filter((time) => time > now - window).length;
        if (count < within(11e6) || count > within(12e6)) return false;
      }
      return true;
    });
    fc.assert(law, { numRuns: 300 });
  });

  it("count two things apart, and forget both when cleared", () => {
    const counts = new RollingCounts(seconds(10));
    counts.countFirst(at(1));
    counts.countSecond(at(1));
    counts.countSecond(at(2));
    expect([counts.first(at(2)), counts.second(at(2))]).toEqual([1, 2]);
    counts.clear();
    expect([counts.first(at(2)), counts.second(at(2))]).toEqual([0, 0]);
  });
});
