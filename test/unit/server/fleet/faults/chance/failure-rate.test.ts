// Skewed rates of failure, and what they mean for jobs on many nodes. The figures are of arXiv 2410.21680 (Meta's
// RSC-1, elastic.md 2.7): 6.50 failures per 1,000 node-days, 8 GPUs a node; mean time to failure of jobs of 8 GPUs
// 47 days and of 1,024 GPUs 7.9 h, both measured; 1.80 h at 16,384 GPUs and 0.23 h at 131,072, both projected.
import { mean, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../../../../src/core/random/stream.js";
import {
  type RateSkew,
  rateFactor,
} from "../../../../../../src/core/server/fleet/faults/chance/failure-rate.js";
import { NodeFailures } from "../../../../../../src/core/server/fleet/faults/chance/node-failures.js";
import { gear } from "../../../../../support/mode.js";

const HOUR = 3600;
const GPUS_PER_NODE = 8;
const RSC1_MTBF = (1000 / 6.5) * 24 * HOUR;
const ALIKE: RateSkew = { lemons: 0, times: 1, spread: 0 };
const LEMONS: RateSkew = { lemons: 0.01, times: 20, spread: 0 };

/** Of an exact 99.9 % interval of a mean. */
const Z = 3.29;

function factors(skew: RateSkew, count: number, seed = "1"): number[] {
  const stream = openStream(seed, "factors");
  return Array.from({ length: count }, () => rateFactor(skew, stream));
}

function expectMean(values: readonly number[], expected: number): void {
  const error = sampleStandardDeviation([...values]) / Math.sqrt(values.length);
  expect(Math.abs(mean([...values]) - expected)).toBeLessThan(Z * error + 1e-12);
}

/** Mean time to the first failure of a job, in hours, where its nodes have these rates: exact for exponential failures. */
const jobMttf = (rates: readonly number[]) => 1 / rates.reduce((sum, rate) => sum + rate, 0) / HOUR;

/** Of the nodes of a job. */
const ratesOf = (gpus: number, skew: RateSkew, seed?: string) =>
  factors(skew, gpus / GPUS_PER_NODE, seed).map((factor) => factor / RSC1_MTBF);

describe("the factor of a node's rate", () => {
  it("has a mean of 1, whatever the skew", () => {
    expectMean(factors(LEMONS, 40_000), 1);
    for (const skew of [
      { lemons: 0.1, times: 5, spread: 0.8 },
      { lemons: 0, times: 7, spread: 1 },
    ])
      expectMean(factors(skew, gear(1000, 3000)), 1);
    expect(factors(ALIKE, 3)).toEqual([1, 1, 1]);
    expect(factors({ ...ALIKE, spread: 0.0005 }, 3)).toEqual([1, 1, 1]);
  });

  it("is that of an ordinary node or, for so many nodes, so many times that", () => {
    // By hand: 0.99 f + 0.01 x 20 f = 1.
    const drawn = factors(LEMONS, 40_000);
    const lemons = drawn.filter((factor) => factor > 1);
    expect(new Set(drawn)).toEqual(new Set([1 / 1.19, 20 / 1.19]));
    expect(Math.abs(lemons.length - 400)).toBeLessThan(Z * Math.sqrt(400 * 0.99));
  });

  it("spreads by a gamma law as much as it is said to", () => {
    const drawn = factors({ lemons: 0, times: 1, spread: 0.5 }, gear(1000, 3000));
    expect(sampleStandardDeviation(drawn)).toBeCloseTo(0.5, 1);
  });
});

describe("jobs on many nodes", () => {
  it("fail as Meta projects: one over nodes times rate", () => {
    expect(jobMttf(ratesOf(16_384, ALIKE)).toFixed(2)).toBe("1.80");
    expect(jobMttf(ratesOf(131_072, ALIKE)).toFixed(2)).toBe("0.23");
  });

  it("on a large part of a fleet fail no more often for lemons, since the fleet's mean is what it is", () => {
    // 16,384 nodes have about 164 lemons, and the sum of their rates has a standard deviation of 1.3 %.
    const share = (jobMttf(ratesOf(131_072, LEMONS)) * 16_384) / (RSC1_MTBF / HOUR);
    expect(Math.abs(share - 1)).toBeLessThan(Z * 0.0125);
  });

  it("fail first when the nodes' own draws say so", () => {
    const repair = { dist: "constant", value: 600 } as const;
    const nodes = Array.from(
      { length: 128 },
      (_, node) =>
        new NodeFailures({ mtbf: RSC1_MTBF, skew: ALIKE, repair }, openStream("1", `node/${node}`)),
    );
    const first = Array.from({ length: 500 }, () => Math.min(...nodes.map((node) => node.up())) / 1e6 / HOUR);
    // 28.8 h.
    expectMean(first, RSC1_MTBF / HOUR / 128);
  });

  // The estimator: each job is drawn with its nodes, has the mean time to failure of those nodes, and counts once. What
  // the plain rule says of 1,024 GPUs is the 128th part of what it is for jobs of one node.
  describe("of skewed nodes lie below the plain rule at 1,024 GPUs", () => {
    const JOBS = 2000;
    const perJob = (gpus: number, skew: RateSkew) =>
      Array.from({ length: JOBS }, (_, job) => jobMttf(ratesOf(gpus, skew, String(job))));

    /** E[128 / sum of 128 factors] over E[1 / factor]: exact, by how many lemons there are among 128. */
    function expectedShare({ lemons, times }: RateSkew): number {
      const norm = 1 + lemons * (times - 1);
      let large = 0;
      let probability = (1 - lemons) ** 128;
      for (let count = 0; count <= 128; count++) {
        large += (probability * 128 * norm) / (128 + count * (times - 1));
        probability *= ((128 - count) / (count + 1)) * (lemons / (1 - lemons));
      }
      return large / (norm * (1 - lemons + lemons / times));
    }

    it("by as much as the law says, which is about what was measured", () => {
      const one = mean(factors(LEMONS, 100_000).map((factor) => jobMttf([factor / RSC1_MTBF])));
      const scaled = perJob(1024, LEMONS).map((mttf) => (mttf * 128) / one);
      const expected = expectedShare(LEMONS);
      expectMean(scaled, expected);
      expect(expected).toBeCloseTo(0.864, 3);
      // Measured: 7.9 h, where 47 days over 128 are 8.8 h.
      expect(7.9 / ((47 * 24) / 128)).toBeCloseTo(0.896, 3);
    });

    it("and not where nodes are alike", () => {
      const scaled = perJob(1024, ALIKE).map((mttf) => (mttf * 128 * HOUR) / RSC1_MTBF);
      expect(Math.max(...scaled.map((share) => Math.abs(share - 1)))).toBeLessThan(1e-9);
    });

    it("and yet not below one over nodes times the mean rate", () => {
      expect(mean(perJob(1024, LEMONS))).toBeGreaterThan(RSC1_MTBF / HOUR / 128);
    });
  });
});
