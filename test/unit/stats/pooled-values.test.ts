import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { type PooledPart, PooledValues } from "../../../src/core/stats/pooled-values.js";
import { Ranking } from "../../../src/core/stats/ranked-values.js";

function part(values: readonly number[], factor = 1): PooledPart {
  const sorted = Float64Array.from(values).sort();
  return { ranking: new Ranking({ values: sorted, counts: null }), factor };
}

const pooled = (parts: readonly PooledPart[]) => new PooledValues(parts);

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
        const found = pooled(all.map((one) => part(one.values, one.factor)));
        expect(found.weight).toBe(repeated.length);
        expect(found.quantile(p)).toBe(repeated[rank - 1]);
      }),
    );
  });

  it("does not mind by how much all factors are too large", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 64 }), (all, of64) => {
        const [one, eight] = [1, 8].map((by) =>
          pooled(all.map(({ values, factor }) => part(values, by * factor))).quantile(of64 / 64),
        );
        expect(eight).toBe(one);
      }),
    );
  });

  it("is a value that was measured, also where values are many orders of magnitude apart", () => {
    const all = [part([1e-300, 3e8]), part([0, 1e-9, 7])];
    expect([0, 0.4, 0.5, 0.7, 1].map((p) => pooled(all).quantile(p))).toEqual([0, 1e-300, 1e-9, 7, 3e8]);
  });

  it("is that of long runs where the mean of each short run's would be too low", () => {
    const runs = Array.from({ length: 200 }, (_, run) => drawn(40, `short ${run}`));
    const own = runs.map((run) => pooled([part(run)]).quantile(0.99));
    const truth = Math.log(100);
    const together = pooled(runs.map((run) => part(run))).quantile(0.99);
    expect(Math.abs(together / truth - 1)).toBeLessThan(0.03);
    expect(own.reduce((sum, one) => sum + one, 0) / own.length).toBeLessThan(0.95 * truth);
  });

  it("is none without values, and asks for a share", () => {
    for (const nothing of [pooled([part([])]), pooled([])]) {
      expect([nothing.quantile(0.5), nothing.weight, nothing.isExact]).toEqual([Number.NaN, 0, true]);
    }
    expect(() => pooled([part([1])]).quantile(50)).toThrow("a quantile's share is from 0 to 1");
  });

  it("counts a value that came several times as often, and knows whether it is a value or stands for a bin", () => {
    const bins = { values: Float64Array.of(1, 4), counts: Float64Array.of(3, 1) };
    const all = pooled([part([2, 9]), { ranking: new Ranking(bins), factor: 1 }]);
    expect([all.weight, all.quantile(0.5), all.quantile(0.6)]).toEqual([6, 1, 2]);
    expect([all.isExact, pooled([part([2, 9])]).isExact]).toEqual([false, true]);
  });
});
