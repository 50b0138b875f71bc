import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import {
  boundOfClusters,
  clusteringOf,
  mergedClusters,
} from "../../../../src/core/results/build/clusters.js";
import { boundOfRuns } from "../../../../src/core/results/build/estimates.js";
import { binomialBound } from "../../../../src/core/stats/binomial-interval.js";
import { ratioEstimate } from "../../../../src/core/stats/ratio.js";
import type { Design } from "../../../../src/core/stats/stratified-ratio.js";

const ATTEMPTS = 100;
const samplesOf = (counts: readonly number[]) =>
  counts.map((count) => ({ value: count / ATTEMPTS, weight: ATTEMPTS }));
/** Events in so many of a hundred attempts of each run. */
const CLUSTERED = [0, 20, 2, 14, 5, 11, 8, 0];

/** Runs whose events come in clumps of a size, each attempt being as likely to begin one. */
function clumped(runs: number, size: number): { value: number; weight: number }[] {
  const stream = openStream("1", `clumps of ${size}`);
  const attempts = 2000;
  return Array.from({ length: runs }, () => {
    let events = 0;
    for (let clump = 0; clump < attempts / size; clump++) if (stream.uniform() < 0.1) events += size;
    return { value: events / attempts, weight: attempts };
  });
}

describe("how events of a share cluster", () => {
  it("is by how much runs vary more than independent attempts would", () => {
    const { value, error } = ratioEstimate(samplesOf(CLUSTERED));
    const wanted = error ** 2 / ((value * (1 - value)) / (ATTEMPTS * CLUSTERED.length));
    const found = clusteringOf(samplesOf(CLUSTERED), [], 0)!;
    expect(found.effect).toBeCloseTo(wanted, 12);
    expect(found.share).toBeCloseTo(60 / 800, 12);
    const lacking = samplesOf(CLUSTERED.map((count) => ATTEMPTS - count));
    expect(clusteringOf(lacking, [], 1)!.share).toBeCloseTo(60 / 800, 12);
  });

  it.each([1, 5, 20])("is about %d where they come in clumps of so many", (size) => {
    const effect = clusteringOf(clumped(200, size), [], 0)!.effect;
    expect(effect / size).toBeGreaterThan(0.75);
    expect(effect / size).toBeLessThan(1.25);
  });

  it("is no less than that they are independent", () => {
    expect(clusteringOf(samplesOf(Array<number>(8).fill(8)), [], 0)!.effect).toBe(1);
  });

  it("is unknown where fewer than five runs have any, or lack any", () => {
    const lacking = (counts: readonly number[]) => samplesOf(counts.map((count) => ATTEMPTS - count));
    expect(clusteringOf(samplesOf([3, 1, 9, 2, 0, 0]), [], 0)).toBeUndefined();
    expect(clusteringOf(samplesOf([3, 1, 9, 2, 4, 0]), [], 0)!.effect).toBeGreaterThan(1);
    expect(clusteringOf(lacking([3, 1, 9, 2, 0, 0]), [], 1)).toBeUndefined();
    expect(clusteringOf(lacking([3, 1, 9, 2, 4, 0]), [], 1)!.effect).toBeGreaterThan(1);
    expect(clusteringOf(samplesOf(Array<number>(8).fill(ATTEMPTS)), [], 0)).toBeUndefined();
  });

  it("does not count runs without attempts", () => {
    const bare = [...samplesOf(CLUSTERED), { value: null, weight: 0 }, { value: 0.9, weight: 0 }];
    expect(clusteringOf(bare, [], 0)!.effect).toBeCloseTo(
      clusteringOf(samplesOf(CLUSTERED), [], 0)!.effect,
      12,
    );
  });

  it("is as of seeds that were chosen by strata where they were", () => {
    const design: Design = [
      {
        candidates: 96,
        strata: [
          { share: 0.9, members: [0, 2, 4, 7] },
          { share: 0.1, members: [1, 3, 5, 6] },
        ],
      },
    ];
    const [plain, strata] = [[], design].map((one) => clusteringOf(samplesOf(CLUSTERED), one, 0)!.effect);
    expect(strata).toBeLessThan(plain!);
  });
});

describe("the highest plausible share", () => {
  const few = { share: 4 / 800, runs: 1, most: 1 };
  const samples = [...samplesOf(CLUSTERED), { value: null, weight: 0 }];

  it("is that of runs where nothing is known of clusters, of which none has more than a share", () => {
    expect(boundOfClusters(samples, few, undefined, 0.05)).toBe(boundOfRuns(1, 8, 1, 0.05));
    expect(boundOfClusters(samples, { ...few, most: 0.1 }, undefined, 0.05)).toBe(
      boundOfRuns(1, 8, 0.1, 0.05),
    );
  });

  it("is that of as many trials as clusters leave of the attempts, where that is less", () => {
    const bound = (effect: number) => boundOfClusters(samples, few, effect, 0.05);
    expect(bound(5)).toBeCloseTo(binomialBound(few.share * 160, 160, 0.05), 12);
    expect(bound(400)).toBe(boundOfRuns(1, 8, 1, 0.05));
  });
});

describe("clusters of two results", () => {
  const clustering = fc.record({
    effect: fc.double({ min: 1, max: 99, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const clusters = fc.dictionary(fc.constantFrom("a", "b", "c"), clustering);

  it("are those of fewer events, of all that either knows", () => {
    fc.assert(
      fc.property(clusters, clusters, (one, other) => {
        const merged = mergedClusters(one, other);
        for (const key of ["a", "b", "c"]) {
          const known = [one[key], other[key]].filter((found) => found !== undefined);
          if (known.length === 0) expect(merged).not.toHaveProperty(key);
          else expect(merged[key]!.share).toBe(Math.min(...known.map(({ share }) => share)));
          if (known.length > 0) expect(known).toContain(merged[key]);
        }
      }),
    );
  });
});
