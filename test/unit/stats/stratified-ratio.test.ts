import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ratioEstimate, type WeightedSample } from "../../../src/core/stats/ratio.js";
import {
  type Design,
  designedRatio,
  type StrataBlock,
  standingFor,
} from "../../../src/core/stats/stratified-ratio.js";

const evenly = (values: readonly number[]) => values.map((value) => ({ value, weight: 1 }));
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]) => sumOf(values) / values.length;
const variance = (values: readonly number[]) =>
  sumOf(values.map((value) => (value - meanOf(values)) ** 2)) / (values.length - 1);

/** Strata of so many samples each, in the order of the samples. */
function block(
  shares: readonly number[],
  counts: readonly number[],
  candidates = 1e15,
  first = 0,
): StrataBlock {
  let next = first;
  const strata = counts.map((count, index) => {
    const members = Array.from({ length: count }, () => next++);
    return { share: shares[index]!, members };
  });
  return { candidates, strata };
}

/** The published plan: 3 + 5 + 6 + 6 samples of strata of 50, 25, 15 and 10 % of 96 candidates. */
const PLAN = block([0.5, 0.25, 0.15, 0.1], [3, 5, 6, 6], 96);

const sample = fc.record({
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  weight: fc.integer({ min: 1, max: 100 }),
});
const samples = (count: number) => fc.array(sample, { minLength: count, maxLength: count });
/** Sizes of strata of which each has as large a share as it has samples. */
const sizes = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 4 });

describe("for how many random samples one stands", () => {
  it("is its stratum's share over its samples, and together as many as there are", () => {
    expect([...standingFor([PLAN], 20)]).toEqual([
      ...Array(3).fill((0.5 * 20) / 3),
      ...Array(5).fill((0.25 * 20) / 5),
      ...Array(6).fill((0.15 * 20) / 6),
      ...Array(6).fill((0.1 * 20) / 6),
    ]);
    const two: Design = [PLAN, block([0.3, 0.7], [2, 4], 10, 20)];
    expect(sumOf([...standingFor(two, 26)])).toBeCloseTo(26, 12);
    // However many samples each block has, both say as much of the whole.
    expect(sumOf([...standingFor(two, 26)].slice(0, 20))).toBeCloseTo(13, 12);
  });

  it("is one without a design, and where every stratum has its share of the samples", () => {
    expect([...standingFor([], 3)]).toEqual([1, 1, 1]);
    expect([...standingFor([block([0.5, 0.5], [2, 2])], 4)]).toEqual([1, 1, 1, 1]);
  });
});

describe("a ratio of samples that were chosen by strata", () => {
  it("is the plain one without a design", () => {
    fc.assert(
      fc.property(samples(7), (some) => {
        expect(designedRatio(some, [])).toEqual(ratioEstimate(some));
      }),
    );
  });

  it("has the plain ratio where every stratum has its share of the samples", () => {
    fc.assert(
      fc.property(
        sizes.chain((counts) => fc.tuple(fc.constant(counts), samples(sumOf(counts)))),
        ([counts, some]) => {
          const shares = counts.map((count) => count / some.length);
          const { value, n } = designedRatio(some, [block(shares, counts)]);
          expect(value).toBeCloseTo(ratioEstimate(some).value, 9);
          expect(n).toBe(some.length);
        },
      ),
    );
  });

  it("has, as a mean, the error of the plain formula: the variance within strata", () => {
    fc.assert(
      fc.property(
        sizes.chain((counts) => fc.tuple(fc.constant(counts), samples(sumOf(counts)))),
        ([counts, some]) => {
          const values = some.map(({ value }) => value);
          const n = values.length;
          const design = block(
            counts.map((count) => count / n),
            counts,
          );
          const within = design.strata.map(({ members }) => {
            const own = members.map((member) => values[member]!);
            return (own.length / n ** 2) * variance(own);
          });
          const { error } = designedRatio(evenly(values), [design]);
          expect(error).toBeCloseTo(Math.sqrt(sumOf(within)), 7);
        },
      ),
    );
  });

  it("weighs strata back, and adds what the choice of candidates leaves open", () => {
    // Strata of 3/4 and 1/4 with means 1 and 5: 3/4 + 5/4 = 2, where the plain mean of all four is 3.
    const design = block([0.75, 0.25], [2, 2], 50);
    const { value, error } = designedRatio(evenly([0, 2, 4, 6]), [design]);
    expect(value).toBeCloseTo(2, 12);
    const within = (0.75 ** 2 * 2 + 0.25 ** 2 * 2) / 2;
    const between = (0.75 * (1 - 2) ** 2 + 0.25 * (5 - 2) ** 2) / 50;
    expect(error ** 2).toBeCloseTo(within + between, 12);
  });

  it("counts a sample by its weight: the ratio of the sums of what they stand for", () => {
    const some: WeightedSample[] = [
      { value: 0.1, weight: 10 },
      { value: 0.3, weight: 30 },
      { value: 0.5, weight: 20 },
      { value: 0.9, weight: 40 },
    ];
    const { value } = designedRatio(some, [block([0.75, 0.25], [2, 2])]);
    const part = (0.75 * (0.1 * 10 + 0.3 * 30)) / 2 + (0.25 * (0.5 * 20 + 0.9 * 40)) / 2;
    const whole = (0.75 * (10 + 30)) / 2 + (0.25 * (20 + 40)) / 2;
    expect(value).toBeCloseTo(part / whole, 12);
  });

  it("is as sure from two blocks that agree as from twice the samples", () => {
    const values = [0, 2, 4, 6];
    const [one, two] = [
      designedRatio(evenly(values), [block([0.75, 0.25], [2, 2], 50)]),
      designedRatio(evenly([...values, ...values]), [
        block([0.75, 0.25], [2, 2], 50),
        block([0.75, 0.25], [2, 2], 50, 4),
      ]),
    ];
    expect(two.value).toBeCloseTo(one.value, 12);
    expect(two.error ** 2).toBeCloseTo(one.error ** 2 / 2, 12);
    expect(two.freedom).toBeGreaterThan(one.freedom);
  });

  it("has at most as many degrees of freedom as samples less strata, and from 1 up", () => {
    fc.assert(
      fc.property(samples(20), (some) => {
        const { freedom } = designedRatio(some, [PLAN]);
        expect(freedom).toBeGreaterThanOrEqual(1);
        expect(freedom).toBeLessThanOrEqual(16);
      }),
    );
    // One stratum alone varies.
    const still = evenly([5, 9, ...Array<number>(18).fill(1)]);
    expect(designedRatio(still, [block([0.5, 0.5], [2, 18])]).freedom).toBeCloseTo(2 - 1 / 2, 9);
  });

  it("does not count samples without weight, nor mind their values", () => {
    const some = [
      { value: 0.5, weight: 3 },
      { value: 0.1, weight: 1 },
      { value: 0.2, weight: 0 },
      { value: 0.4, weight: 2 },
    ];
    const design = [block([0.5, 0.5], [2, 2])];
    const found = designedRatio(some, design);
    expect(found.n).toBe(3);
    const other = some.map((one) => (one.weight === 0 ? { ...one, value: 7 } : one));
    expect(designedRatio(other, design)).toEqual(found);
  });

  it("does not know its error where a stratum has one sample, and has a value all the same", () => {
    const { value, error, freedom, n } = designedRatio(evenly([1, 2, 3]), [block([0.5, 0.5], [1, 2])]);
    expect([value, error, freedom, n]).toEqual([1.75, Number.POSITIVE_INFINITY, 1, 3]);
  });
});

/** All ways of so many values, each of these. */
function tuples<Value>(of: readonly Value[], count: number): Value[][] {
  if (count === 0) return [[]];
  return tuples(of, count - 1).flatMap((rest) => of.map((one) => [...rest, one]));
}

describe("the error, over all samples that might have been taken", () => {
  it("is right on average within strata", () => {
    // Two samples of each of two strata, whose values are equally likely ones of these.
    const values = { low: [0, 1, 5], high: [4, 20] };
    const shares = [0.8, 0.2];
    const found = tuples(values.low, 2).flatMap((low) =>
      tuples(values.high, 2).map((high) => designedRatio(evenly([...low, ...high]), [block(shares, [2, 2])])),
    );
    const truth = 0.8 * meanOf(values.low) + 0.2 * meanOf(values.high);
    expect(meanOf(found.map(({ value }) => value))).toBeCloseTo(truth, 12);
    const spread = meanOf(found.map(({ value }) => (value - truth) ** 2));
    expect(meanOf(found.map(({ error }) => error ** 2))).toBeCloseTo(spread, 9);
  });

  it("is right on average but for the candidates' few, where they are drawn and sorted first", () => {
    // Six candidates, each with one of three values; sorted, the lower and the upper three, two of each at random.
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    const population = [0, 3, 10];
    const candidates = 6;
    const chosen = tuples(population, candidates).flatMap((drawn) => {
      const sorted = [...drawn].sort((one, other) => one - other);
      return pairs.flatMap((lower) =>
        pairs.map((upper) => [...lower, ...upper.map((place) => place + 3)].map((place) => sorted[place]!)),
      );
    });
    const truth = meanOf(population);
    const squaresSaid = (known: number) =>
      chosen.map((values) => designedRatio(evenly(values), [block([0.5, 0.5], [2, 2], known)]).error ** 2);
    expect(meanOf(chosen.map(meanOf))).toBeCloseTo(truth, 9);
    const spread = meanOf(chosen.map((values) => (meanOf(values) - truth) ** 2));
    // What is left out is of the order of one over the candidates.
    expect(meanOf(squaresSaid(candidates)) / spread).toBeGreaterThan(1);
    expect(meanOf(squaresSaid(candidates)) / spread).toBeLessThan(1 + 1 / candidates);
    // As if the shares of the strata were known, and the candidates no sample themselves.
    expect(meanOf(squaresSaid(1e15)) / spread).toBeLessThan(0.7);
  });
});
