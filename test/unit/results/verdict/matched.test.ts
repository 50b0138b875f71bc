import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../../src/core/results/shape/result.js";
import { type Comparable, matched } from "../../../../src/core/results/verdict/matched.js";

const estimate = (metric: string, value: number | null = 0.1): Estimate => ({
  metric,
  aggregation: "rate",
  unit: "share",
  better: "lower",
  ...{ value, low: null, high: null, n: 2, method: "replications", oneRun: null },
});

/** The same values of every measure on each seed, unless they are given measure by measure. */
function side(
  metrics: readonly string[],
  seeds: Readonly<Record<string, number | readonly number[]>>,
): Comparable {
  return {
    estimates: metrics.map((metric) => estimate(metric)),
    replications: Object.entries(seeds).map(([seed, value]) => ({
      seed,
      values: metrics.map((_, i) => (typeof value === "number" ? value : value[i]!)),
      weights: metrics.map(() => 10),
    })),
  };
}

const every = () => true;
const values = (samples: readonly { readonly value: number }[]) => samples.map(({ value }) => value);

describe("pairs of seeds", () => {
  it("are in the order of the first, of those that both ran", () => {
    const found = matched(side(["m"], { a: 1, b: 2, c: 3 }), side(["m"], { c: 30, x: 90, a: 10 }), every);
    expect(found.paired).toBe(true);
    expect(values(found.pairs[0]!.a)).toEqual([1, 3]);
    expect(values(found.pairs[0]!.b)).toEqual([10, 30]);
  });

  it("are none where only one of several is shared", () => {
    const found = matched(side(["m"], { a: 1, b: 2 }), side(["m"], { b: 20, c: 30 }), every);
    expect([found.paired, values(found.pairs[0]!.b)]).toEqual([false, [20, 30]]);
  });

  it("count for as many candidates as their stratum stands for, and have as many trials as they had", () => {
    const strata = {
      blocks: [
        {
          candidates: 8,
          strata: [
            { share: 0.75, seeds: ["a", "b"] },
            { share: 0.25, seeds: ["c"] },
          ],
        },
      ],
    };
    const first = { ...side(["m"], { a: 1, b: 2, c: 3 }), strata };
    const { a, b } = matched(first, side(["m"], { a: 1, b: 2, c: 4 }), every).pairs[0]!;
    expect(a.map(({ weight }) => weight)).toEqual([3.75, 3.75, 2.5]);
    expect(a.map(({ trials }) => trials)).toEqual([10, 10, 10]);
    expect(b.map(({ weight }) => weight)).toEqual([10, 10, 10]);
  });
});

describe("copies", () => {
  it("of one run are one, which is no pair of equal seeds with several others", () => {
    const same = side(["m", "n"], { a: [1, 2], b: [1, 2], c: [1, 2] });
    const drawn = side(["m", "n"], { a: [1, 2], b: [1, 3], c: [1, 2] });
    expect(matched(same, same, every)).toMatchObject({ isCopies: true, paired: true });
    expect(values(matched(same, same, every).pairs[0]!.a)).toEqual([1]);
    expect(matched(drawn, same, every)).toMatchObject({ isCopies: true, paired: false });
    // A measure that never varies makes no copies of runs that do.
    expect(matched(drawn, drawn, every)).toMatchObject({ isCopies: false, paired: true });
  });

  it("are of a run that tells by its batches that there is no other", () => {
    const only = side(["m"], { a: 1 });
    const batched = {
      ...only,
      estimates: only.estimates.map((one) => ({ ...one, method: "batches" as const })),
    };
    expect(matched(batched, batched, every)).toMatchObject({ isCopies: true, paired: true });
    expect(matched(batched, side(["m"], { a: 1, b: 2 }), every).isCopies).toBe(true);
  });

  it("are not made of one seed by itself", () => {
    expect(matched(side(["m"], { a: 1 }), side(["m"], { a: 2 }), every).isCopies).toBe(false);
  });
});

describe("a measure of all", () => {
  const names = ["overloaded_rate{tier:x,per:attempt}", "overloaded_rate{tier:all,per:attempt}"];
  const keys = ({ pairs }: ReturnType<typeof matched>) => pairs.map(({ estimate: { metric } }) => metric);

  it("is left out beside the only one that says the same, of tiers and of sources", () => {
    const one = side(names, { a: 1, b: 2 });
    const found = matched(one, one, every);
    expect(keys(found)).toEqual([names[0]]);
    expect([...found.repeats]).toEqual([[`${names[1]} rate`, `${names[0]} rate`]]);
    const sources = side(["session_cost{source:x}", "session_cost{source:all}"], { a: 1, b: 2 });
    expect(keys(matched(sources, sources, every))).toEqual(["session_cost{source:x}"]);
  });

  it("stays where calls of no path make it another, where there are several, and where it was asked for alone", () => {
    const other = side(names, { a: [1, 1], b: [2, 2.5] });
    expect(keys(matched(other, other, every))).toEqual(names);
    const several = side([...names, "overloaded_rate{tier:y,per:attempt}"], { a: 1, b: 2 });
    expect(keys(matched(several, several, every))).toHaveLength(3);
    const one = side(names, { a: 1, b: 2 });
    expect(keys(matched(one, one, ({ metric }) => metric === names[1]))).toEqual([names[1]]);
  });
});
