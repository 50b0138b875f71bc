import { describe, expect, it } from "vitest";
import { openStream } from "../../../src/core/random/stream.js";
import { binomialBound } from "../../../src/core/stats/binomial-interval.js";
import { quantileEstimate, type UpperShare } from "../../../src/core/stats/pooled-quantile.js";
import { type PooledPart, PooledValues } from "../../../src/core/stats/pooled-values.js";
import { Ranking } from "../../../src/core/stats/ranked-values.js";
import { evenRisks, intervalAround, ratioEstimate } from "../../../src/core/stats/ratio.js";

function part(values: readonly number[], factor = 1): PooledPart {
  const sorted = Float64Array.from(values).sort();
  return { ranking: new Ranking({ values: sorted, counts: null }), factor };
}

const RISKS = evenRisks(0.95);
/** Student's limit; of what no run has, a run is a trial. */
const upperShare: UpperShare = (samples, risk) => {
  const found = ratioEstimate(samples);
  if (found.value === 0) return binomialBound(0, samples.length, risk);
  return intervalAround(found, "share", { below: risk, above: risk }).high;
};
const pooled = (parts: readonly PooledPart[]) => new PooledValues(parts);
const estimate = (parts: readonly PooledPart[], p: number, risks = RISKS) =>
  quantileEstimate(pooled(parts), p, upperShare, risks);

/** Exponential values by inversion, from a named stream. */
function drawn(count: number, name: string): number[] {
  const stream = openStream("1", name);
  return Array.from({ length: count }, () => -Math.log(1 - stream.uniform()));
}

describe("the interval of a pooled quantile", () => {
  const runs = Array.from({ length: 8 }, (_, run) => part(drawn(200, `run ${run}`)));

  /** What at most lies beyond `end`, of each run, for all that is known. */
  const beyond = (end: number, countOf: (ranking: Ranking, end: number) => number) =>
    upperShare(
      runs.map(({ ranking }) => ({ value: countOf(ranking, end) / ranking.count, weight: ranking.count })),
      0.025,
      { side: "above", end },
    );
  const all = [...new Set(runs.flatMap(({ ranking }) => [...ranking.values]))].sort(
    (one, other) => one - other,
  );

  it.each([0.1, 0.5, 0.9])("of %d ends where so much is surely beyond, and hardly any further out", (p) => {
    const { value, low, high } = estimate(runs, p);
    expect(value).toBe(pooled(runs).quantile(p));
    const above = (end: number) => beyond(end, (ranking) => ranking.above(end)) <= 1 - p;
    const below = (end: number) => beyond(end, (ranking) => ranking.below(end)) <= p;
    expect([below(low!), above(high!)]).toEqual([true, true]);
    // Between the value and the end every measured one is unsure, but for the step of the search.
    const within = (from: number, until: number) => all.filter((one) => from < one && one < until);
    expect(within(low!, value).filter(below).length).toBeLessThanOrEqual(4);
    expect(within(value, high!).filter(above).length).toBeLessThanOrEqual(4);
    expect(within(low!, value).length).toBeGreaterThan(8);
    expect(within(value, high!).length).toBeGreaterThan(8);
  });

  it("holds its value, and is wider with less risk, on the side of that risk", () => {
    for (const p of [0.2, 0.5, 0.8]) {
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

  it("ends at the last value where it is sure that enough lie up to it, and is open where not even that is sure", () => {
    const values = Array.from({ length: 5 }, (_, run) => drawn(20, `weighed ${run}`));
    const ends = (unsure: number) => {
      const upper: UpperShare = (samples) => ratioEstimate(samples).value + unsure;
      const { low, high } = quantileEstimate(pooled(values.map((some) => part(some))), 0.98, upper, RISKS);
      return { low, high };
    };
    const most = Math.max(...values.flat());
    expect(ends(0.0199).high).toBe(most);
    expect(ends(0.0201).high).toBeNull();
    // The other side is looked for all the way down, however few values lie above.
    expect(ends(0.9).low).toBeLessThan(most);
    expect(ends(0.99).low).toBeNull();
  });

  it("is none of extremes, nor from one run", () => {
    for (const p of [0, 1]) expect(estimate(runs, p)).toMatchObject({ low: null, high: null });
    expect(estimate([part([1, 2, 3])], 0.5)).toEqual({ value: 2, low: null, high: null, n: 1 });
    expect(estimate([part([1, 2, 3]), part([])], 0.5)).toEqual({ value: 2, low: null, high: null, n: 1 });
  });

  it("ends at a value that many are equal to, or before it where those below it vary", () => {
    // None of any run is above 5, so that six runs are enough; of those below it little is known.
    const tied = [
      [1, 5, 5],
      [5, 5, 5],
      [1, 1, 5],
      [5, 5, 5],
      [1, 5, 5],
      [5, 5, 5],
    ].map((run) => part(run));
    const found = estimate(tied, 0.5);
    expect([found.value, found.low, found.high]).toEqual([5, 1, 5]);
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
