import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { nextSample } from "../../../src/core/stats/next-sample.js";
import type { Design } from "../../../src/core/stats/stratified-ratio.js";

/** The published plan: 3 + 5 + 6 + 6 samples of strata of 50, 25, 15 and 10 %. */
const SHARES = [0.5, 0.25, 0.15, 0.1];
const COUNTS = [3, 5, 6, 6];
const CANDIDATES = 100;
const PLAN: Design = [{ candidates: CANDIDATES, strata: strataFrom(0) }];

function strataFrom(first: number) {
  let next = first;
  return COUNTS.map((count, index) => {
    const members = Array.from({ length: count }, () => next++);
    return { share: SHARES[index]!, members };
  });
}

const upTo20 = Array.from({ length: 20 }, (_, index) => (7 * index) % 20);

describe("where the next sample lies", () => {
  it("is from the least to the greatest, but for one in (n + 1) / 2", () => {
    expect(nextSample([3, 1, 2], [])).toEqual({ low: 1, high: 3, confidence: 0.5 });
    expect(nextSample(upTo20, [])).toEqual({ low: 0, high: 19, confidence: 1 - 2 / 21 });
  });

  it("does not count what has no value", () => {
    expect(nextSample([3, null, 1, null, 2], [])).toEqual(nextSample([3, 1, 2], []));
  });

  it("is unknown from one sample or none", () => {
    expect([nextSample([], []), nextSample([null], []), nextSample([4], [])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("by strata is outside of each with its share, of so many samples as that has", () => {
    const outside = 2 * (0.5 / 4 + 0.25 / 6 + 0.15 / 7 + 0.1 / 7);
    const found = nextSample(upTo20, PLAN)!;
    expect([found.low, found.high, found.confidence]).toEqual([0, 19, expect.closeTo(1 - outside, 12)]);
    // One of the three of half of all that might be drawn says nothing: a third of them is missing.
    const [, ...rest] = upTo20;
    const less = nextSample([null, ...rest], PLAN)!;
    expect(found.confidence - less.confidence).toBeCloseTo(2 * 0.5 * (1 / 3 - 1 / 4), 12);
  });

  it("is as sure from two blocks as from one, each of which tells of all", () => {
    const two: Design = [...PLAN, { candidates: CANDIDATES, strata: strataFrom(20) }];
    const [one, both] = [nextSample(upTo20, PLAN), nextSample([...upTo20, ...upTo20], two)];
    expect(both!.confidence).toBeCloseTo(one!.confidence, 12);
  });

  it("is unknown where strata have a sample each", () => {
    const strata = [0, 1].map((member) => ({ share: 0.5, members: [member] }));
    expect(nextSample([1, 2], [{ candidates: 8, strata }])).toBeUndefined();
  });
});

describe("how often the next sample is there", () => {
  const stream = openStream("1", "next sample");
  const EXPERIMENTS = 4000;
  /** Four standard errors of a share of about 0.9. */
  const margin = 4 * Math.sqrt(0.09 / EXPERIMENTS);
  const shareOf = (isThere: () => boolean) => {
    let count = 0;
    for (let one = 0; one < EXPERIMENTS; one++) if (isThere()) count++;
    return count / EXPERIMENTS;
  };
  /** Skewed: one in a hundred is over a hundred times the median. */
  const draw = () => (1 - stream.uniform()) ** -1.3;

  it("is as often as it says, however skewed samples are", () => {
    const confidence = 1 - 2 / 21;
    const found = shareOf(() => {
      const { low, high } = nextSample(Array.from({ length: 20 }, draw), [])!;
      const next = draw();
      return low <= next && next <= high;
    });
    expect(Math.abs(found - confidence)).toBeLessThan(margin);
  });

  it("is at least as often where the samples were chosen by strata", () => {
    // Candidates are drawn and sorted, and of each stratum so many are picked at random.
    let confidence = 0;
    const found = shareOf(() => {
      const sorted = Float64Array.from({ length: CANDIDATES }, draw).sort();
      let from = 0;
      const values = SHARES.flatMap((share, stratum) => {
        const until = from + share * CANDIDATES;
        const left = [...sorted.subarray(from, until)];
        from = until;
        return Array.from({ length: COUNTS[stratum]! }, () => left.splice(stream.below(left.length), 1)[0]!);
      });
      const interval = nextSample(values, PLAN)!;
      confidence = interval.confidence;
      const next = draw();
      return interval.low <= next && next <= interval.high;
    });
    expect(confidence).toBeGreaterThan(0.5);
    expect(found).toBeGreaterThan(confidence - margin);
  });
});
