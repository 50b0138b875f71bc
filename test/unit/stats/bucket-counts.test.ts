import fc from "fast-check";
import { Float64Histogram } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { BucketCounts } from "../../../src/core/stats/bucket-counts.js";

const wholes = fc.oneof(fc.nat(5000), fc.nat(), fc.maxSafeNat());
const edges = Array.from({ length: 53 }, (_, power) => 2 ** power).flatMap((value) => [
  value - 1,
  value,
  value + 1,
]);

describe("bucket counts", () => {
  it("finds the same bucket as the library does by logarithms", () => {
    const counts = new BucketCounts();
    const library = new Float64Histogram(1, 2, 3);
    const differ = (value: number) => counts.countsArrayIndex(value) !== library.countsArrayIndex(value);
    expect(edges.filter(differ)).toEqual([]);
    fc.assert(
      fc.property(wholes, (value) => !differ(value)),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("finds the same coarse bucket, too", () => {
    const counts = new BucketCounts({ coarse: true });
    const library = new Float64Histogram(1, 2, 2);
    const differ = (value: number) => counts.countsArrayIndex(value) !== library.countsArrayIndex(value);
    expect(edges.filter(differ)).toEqual([]);
  });

  it("takes the values of a coarse bucket to lie evenly in it", () => {
    const counts = new BucketCounts({ coarse: true });
    // 1,024 to 1,031 share a bucket.
    for (const value of [1024, 1025, 1030, 1031]) counts.recordValue(value);
    expect([0, 1, 2, 3].map((rank) => counts.valueAtRank(rank))).toEqual([1024.5, 1026.5, 1028.5, 1030.5]);
  });

  it("gives the value at every rank to within its bucket", () => {
    fc.assert(
      fc.property(fc.array(wholes, { minLength: 1, maxLength: 50 }), (values) => {
        const counts = new BucketCounts();
        for (const value of values) counts.recordValue(value);
        const sorted = [...values].sort((left, right) => left - right);
        return sorted.every((value, rank) => Math.abs(counts.valueAtRank(rank) - value) <= value / 1024);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
