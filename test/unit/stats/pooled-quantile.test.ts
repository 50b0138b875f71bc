import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import {
  type PooledPart,
  pooledQuantile,
  quantileEstimate,
} from "../../../src/core/stats/pooled-quantile.js";
import { Ranking } from "../../../src/core/stats/ranked-values.js";
import { evenRisks, type RatioEstimate, ratioEstimate } from "../../../src/core/stats/ratio.js";
import { around } from "../../../src/core/stats/scale.js";
import { oneSidedT } from "../../../src/core/stats/student.js";

function part(values: readonly number[], factor = 1): PooledPart {
  const sorted = Float64Array.from(values).sort();
  return { ranking: new Ranking({ values: sorted, counts: null }), factor };
}

const RISKS = evenRisks(0.95);
const estimate = (parts: readonly PooledPart[], p: number, risks = RISKS) =>
  quantileEstimate(parts, p, ratioEstimate, risks);

/** Exponential values by inversion, from a named stream. */
function drawn(count: number, name: string): number[] {
  const stream = openStream("1", name);
  return Array.from({ length: count }, () => -Math.log(1 - stream.uniform()));
}

const values = fc.array(
  fc.integer({ min: 0, max: 50 }).map((whole) => whole / 7),
  { maxLength: 12 },
);
const parts = fc
  .array(fc.record({ values, factor: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 6 })
  .filter((all) => all.some((one) => one.values.length > 0));

describe("a quantile of all values together", () => {
  it("is that of a sorted list in which every value stands as often as its part stands for", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 64 }), (all, of64) => {
        // A binary fraction, so that its products with counts are not rounded.
        const p = of64 / 64;
        const repeated = all
          .flatMap((one) => one.values.flatMap((value) => Array<number>(one.factor).fill(value)))
          .sort((one, other) => one - other);
        const rank = Math.max(1, Math.ceil(p * repeated.length));
        const pooled = pooledQuantile(
          all.map((one) => part(one.values, one.factor)),
          p,
        );
        expect(pooled).toBe(repeated[rank - 1]);
      }),
    );
  });

  it("does not mind by how much all factors are too large", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 64 }), (all, of64) => {
        const [one, eight] = [1, 8].map((by) =>
          pooledQuantile(
            all.map(({ values, factor }) => part(values, by * factor)),
            of64 / 64,
          ),
        );
        expect(eight).toBe(one);
      }),
    );
  });

  it("is a value that was measured, also where values are many orders of magnitude apart", () => {
    const all = [part([1e-300, 3e8]), part([0, 1e-9, 7])];
    expect([0, 0.4, 0.5, 0.7, 1].map((p) => pooledQuantile(all, p))).toEqual([0, 1e-300, 1e-9, 7, 3e8]);
  });

  it("is that of long runs where the mean of each short run's would be too low", () => {
    const runs = Array.from({ length: 200 }, (_, run) => drawn(40, `short ${run}`));
    const pooled = pooledQuantile(
      runs.map((run) => part(run)),
      0.99,
    );
    const own = runs.map((run) => pooledQuantile([part(run)], 0.95));
    const truth = Math.log(100);
    expect(Math.abs(pooled / truth - 1)).toBeLessThan(0.03);
    expect(own.reduce((sum, one) => sum + one, 0) / own.length).toBeLessThan(0.95 * truth);
  });

  it("is none without values, and asks for a share", () => {
    expect(pooledQuantile([part([])], 0.5)).toBeNaN();
    expect(pooledQuantile([], 0.5)).toBeNaN();
    expect(() => pooledQuantile([part([1])], 50)).toThrow("a quantile's share is from 0 to 1");
  });
});

describe("the interval of a pooled quantile", () => {
  const runs = Array.from({ length: 8 }, (_, run) => part(drawn(200, `run ${run}`)));

  it("is between the quantiles at the ends of the interval around the share of values below it", () => {
    const found = estimate(runs, 0.9);
    expect(found.value).toBe(pooledQuantile(runs, 0.9));
    const halfOf = (countOf: (ranking: Ranking) => number) => {
      const shares = ratioEstimate(
        runs.map(({ ranking }) => ({ value: countOf(ranking) / ranking.count, weight: ranking.count })),
      );
      return oneSidedT(0.025, shares.freedom) * shares.error;
    };
    const half = Math.max(
      halfOf((ranking) => ranking.upTo(found.value)),
      halfOf((ranking) => ranking.below(found.value)),
    );
    const { low, high } = around(0.9, { below: half, above: half }, "share");
    expect(found).toMatchObject({ low: pooledQuantile(runs, low), high: pooledQuantile(runs, high), n: 8 });
  });

  it("holds its value, and is wider with less risk, on the side of that risk", () => {
    for (const p of [0.05, 0.5, 0.9]) {
      const { value, low, high } = estimate(runs, p);
      expect(low! < value && value < high!).toBe(true);
      const sureBelow = estimate(runs, p, { below: 0.0005, above: 0.025 });
      expect([sureBelow.low! < low!, sureBelow.high]).toEqual([true, high]);
      const sureAbove = estimate(runs, p, { below: 0.025, above: 0.0005 });
      expect([sureAbove.low, sureAbove.high! > high!]).toEqual([low, true]);
    }
  });

  it("is open to the side on which no value lies beyond", () => {
    const few = Array.from({ length: 6 }, (_, run) => part(drawn(30, `few ${run}`)));
    const far = estimate(few, 0.98);
    expect(far.low).not.toBeNull();
    expect(far.high).toBeNull();
    const near = estimate(few, 0.01);
    expect(near.low).toBeNull();
    expect(near.high).not.toBeNull();
  });

  it("is open by what parts stand for: a value of a part that stands for little is not one beyond", () => {
    // 100 values: at 0.98 the interval ends at a share beyond which half a value lies, or two.
    const all = Array.from({ length: 5 }, (_, run) => drawn(20, `weighed ${run}`));
    const half = (samples: Parameters<typeof ratioEstimate>[0]): RatioEstimate => {
      return { ...ratioEstimate(samples), error: 0.004, freedom: 1e6 };
    };
    const at = (factor: number) =>
      quantileEstimate(
        all.map((values) => part(values, factor)),
        0.98,
        half,
        RISKS,
      ).high;
    const beyond = 1 - around(0.98, { below: 0, above: 0.004 * oneSidedT(0.025, 1e6) }, "share").high;
    expect(100 * beyond).toBeGreaterThan(1);
    expect(at(1)).not.toBeNull();
    expect(at(0.5)).toBeNull();
  });

  it("is none of extremes, nor from one run", () => {
    for (const p of [0, 1]) expect(estimate(runs, p)).toMatchObject({ low: null, high: null });
    expect(estimate([part([1, 2, 3])], 0.5)).toEqual({ value: 2, low: null, high: null, n: 1 });
    expect(estimate([part([1, 2, 3]), part([])], 0.5)).toEqual({ value: 2, low: null, high: null, n: 1 });
  });

  it("takes the larger error where many values are equal", () => {
    // Up to 5 are all values of every run: that share does not vary at all. Those below it do.
    const tied = [
      [1, 5, 5],
      [5, 5, 5],
      [1, 1, 5],
      [5, 5, 5],
      [1, 5, 5],
      [5, 5, 5],
    ].map((run) => part(run));
    const found = estimate(tied, 0.5);
    expect([found.value, found.low]).toEqual([5, 1]);
  });

  it("covers the true p90 of independent values about as often as it says", () => {
    const stream = openStream("1", "coverage");
    const experiments = 400;
    let covered = 0;
    for (let run = 0; run < experiments; run++) {
      const some = Array.from({ length: 8 }, () => part(Array.from({ length: 60 }, () => stream.uniform())));
      const { low, high } = estimate(some, 0.9);
      if (low! <= 0.9 && 0.9 <= high!) covered++;
    }
    // At least nominal but for four standard errors of a share of 0.95; a little wide, as few runs make it.
    expect(covered / experiments).toBeGreaterThan(0.95 - 4 * Math.sqrt(0.0475 / experiments));
    expect(covered / experiments).toBeLessThan(1);
  });
});
