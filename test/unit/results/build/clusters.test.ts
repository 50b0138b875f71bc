import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../src/core/random/stream.js";
import { clusteringOf, clustersIn, mergedClusters } from "../../../../src/core/results/build/clusters.js";
import type { Estimate, RunResult } from "../../../../src/core/results/shape/result.js";
import { measureOf } from "../../../../src/core/results/verdict/measures.js";
import { ratioEstimate } from "../../../../src/core/stats/ratio.js";
import type { Design } from "../../../../src/core/stats/stratified-ratio.js";
import { runResult } from "../../../support/run-result.js";
import { stated } from "../../../support/stated-threshold.js";

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
    expect(clusteringOf(samplesOf(CLUSTERED), [], 0)).toBeCloseTo(wanted, 12);
  });

  it.each([1, 5, 20])("is about %d where they come in clumps of so many", (size) => {
    const effect = clusteringOf(clumped(200, size), [], 0)!;
    expect(effect / size).toBeGreaterThan(0.75);
    expect(effect / size).toBeLessThan(1.25);
  });

  it("is no less than that they are independent", () => {
    expect(clusteringOf(samplesOf(Array<number>(8).fill(8)), [], 0)).toBe(1);
  });

  it("is unknown where fewer than five runs have any, or lack any", () => {
    const lacking = (counts: readonly number[]) => samplesOf(counts.map((count) => ATTEMPTS - count));
    expect(clusteringOf(samplesOf([3, 1, 9, 2, 0, 0]), [], 0)).toBeUndefined();
    expect(clusteringOf(samplesOf([3, 1, 9, 2, 4, 0]), [], 0)).toBeGreaterThan(1);
    expect(clusteringOf(lacking([3, 1, 9, 2, 0, 0]), [], 1)).toBeUndefined();
    expect(clusteringOf(lacking([3, 1, 9, 2, 4, 0]), [], 1)).toBeGreaterThan(1);
    expect(clusteringOf(samplesOf(Array<number>(8).fill(ATTEMPTS)), [], 0)).toBeUndefined();
  });

  it("does not count runs without attempts", () => {
    const bare = [...samplesOf(CLUSTERED), { value: null, weight: 0 }, { value: 0.9, weight: 0 }];
    expect(clusteringOf(bare, [], 0)).toBeCloseTo(clusteringOf(samplesOf(CLUSTERED), [], 0)!, 12);
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
    const [plain, strata] = [[], design].map((one) => clusteringOf(samplesOf(CLUSTERED), one, 0)!);
    expect(strata).toBeLessThan(plain!);
  });
});

describe("the clusters that a result shows", () => {
  const asked = [
    ["overloaded_rate{tier:standard}", "rate<1"],
    ["completed_rate{tier:standard}", "rate>0"],
    ["overloaded_rate{tier:fast}", "rate<1"],
    ["amplification{tier:standard}", "value<2"],
    ["ttft{tier:standard}", "avg<1s"],
    ["attempts{tier:standard}", "count>1"],
  ] as const;
  const estimates: Estimate[] = asked.map(([metric, expression]) => {
    const { subject: _, ...named } = measureOf(stated(metric, expression).parsed);
    return { ...named, value: 0.1, low: null, high: null, n: 8, method: "replications", oneRun: null };
  });
  const resultOf = (counts: readonly number[]): RunResult =>
    runResult({
      estimates,
      replications: counts.map((count, index) => ({
        seed: `s/${index + 1}`,
        values: [count / ATTEMPTS, 1 - count / ATTEMPTS, 0, 1 + count, count / ATTEMPTS, count],
        weights: asked.map(() => ATTEMPTS),
      })),
    });

  it("are of its shares that have events enough, by the keys of their measures", () => {
    const effect = clusteringOf(samplesOf(CLUSTERED), [], 0)!;
    expect(clustersIn(resultOf(CLUSTERED))).toEqual({
      "overloaded_rate{tier:standard,per:attempt} rate": expect.closeTo(effect, 9),
      "completed_rate{tier:standard,per:attempt} rate": expect.closeTo(effect, 9),
    });
  });

  it("are none where few runs have an event, nor of what nearly all attempts do", () => {
    expect(clustersIn(resultOf([30, 1, 9, 2, 0, 0, 0, 0]))).toEqual({});
  });

  it("go by strata where the seeds were chosen so", () => {
    const shares = [
      ["s/1", "s/3", "s/5", "s/8"],
      ["s/2", "s/4", "s/6", "s/7"],
    ];
    const blocks = [
      { candidates: 96, strata: shares.map((seeds, index) => ({ share: [0.9, 0.1][index]!, seeds })) },
    ];
    const key = "overloaded_rate{tier:standard,per:attempt} rate";
    const [plain, strata] = [null, { blocks }].map(
      (one) => clustersIn({ ...resultOf(CLUSTERED), strata: one })[key]!,
    );
    expect(strata).toBeLessThan(plain!);
  });
});

describe("clusters of two results", () => {
  const clusters = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.double({ min: 1, max: 99, noNaN: true }));

  it("are the larger of each, of all that either knows", () => {
    fc.assert(
      fc.property(clusters, clusters, (one, other) => {
        const merged = mergedClusters(one, other);
        for (const key of ["a", "b", "c"]) {
          const known = [one[key], other[key]].filter((effect) => effect !== undefined);
          expect(merged[key]).toBe(known.length === 0 ? undefined : Math.max(...known));
        }
        expect(mergedClusters(other, one)).toEqual(merged);
      }),
    );
  });
});
