import { describe, expect, it } from "vitest";
import { createDistribution } from "../../../src/core/random/distribution.js";
import { openStream } from "../../../src/core/random/stream.js";
import { meanInterval } from "../../../src/core/stats/interval.js";
import { lookSizes, spentAtLook, spentByLooks } from "../../../src/core/stats/sequential-looks.js";

describe("looks at what is still coming in", () => {
  it("come after about a third more each time, and at last at the end", () => {
    expect(lookSizes(40)).toEqual([4, 5, 7, 9, 12, 16, 22, 30, 40]);
    expect(lookSizes(3)).toEqual([3]);
    expect(lookSizes(4)).toEqual([4]);
    expect(lookSizes(5, 1)).toEqual([1, 2, 3, 4, 5]);
    const sizes = lookSizes(1000);
    expect(sizes.length).toBeLessThan(25);
    expect(sizes.every((size, index) => index === 0 || size > sizes[index - 1]!)).toBe(true);
  });

  it("may err no more than one look would, all together", () => {
    let errors = 0;
    for (let look = 1; look <= 100_000; look++) errors += 0.05 * spentAtLook(look);
    expect(errors).toBeLessThanOrEqual(0.05);
    expect(errors).toBeGreaterThan(0.0499);
    expect([1, 2, 3].map(spentAtLook)).toEqual([1 / 2, 1 / 6, 1 / 12]);
    expect(spentByLooks([4, 5, 8])).toEqual([1 / 2, 1 / 8, 3 / 8]);
    expect(spentByLooks([8])).toEqual([1]);
  });

  it("keep their word: one that stops at the first exclusion is wrong in at most 5 of 100", () => {
    const source = createDistribution({ dist: "gamma", mean: 10, cv: 0.2 }, openStream("1", "looks"));
    const studies = 1000;
    let [spent, unspent] = [0, 0];
    for (let study = 0; study < studies; study++) {
      const values = Array.from({ length: 100 }, () => source.sample());
      const excludes = (size: number, confidence: number) => {
        const { low, high } = meanInterval(values.slice(0, size), confidence);
        return low > 10 || high < 10;
      };
      const sizes = lookSizes(100);
      const parts = spentByLooks(sizes);
      if (sizes.some((size, index) => excludes(size, 1 - 0.05 * parts[index]!))) spent++;
      if (sizes.some((size) => excludes(size, 0.95))) unspent++;
    }
    expect(spent / studies).toBeLessThan(0.05);
    // Looking as often without spending is wrong far more often than it says.
    expect(unspent / studies).toBeGreaterThan(0.12);
  });

  it("are counted from 1", () => {
    for (const look of [0, -1, 1.5]) expect(() => spentAtLook(look)).toThrow(/from 1/);
    expect(() => lookSizes(0)).toThrow(/at least one replication/);
  });
});
