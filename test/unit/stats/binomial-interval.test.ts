import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialInterval } from "../../../src/core/stats/binomial-interval.js";

/** Probability of at most so many hits. */
function upTo(hits: number, trials: number, share: number): number {
  let logOfTerm = trials * Math.log1p(-share);
  let sum = Math.exp(logOfTerm);
  for (let count = 1; count <= hits; count++) {
    logOfTerm += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logOfTerm);
  }
  return sum;
}

describe("Clopper and Pearson's interval", () => {
  // 1 - 0.025^(1/n) for none of n; the others from R's binom.test.
  it.each([
    [0, 20, 0, 0.168433],
    [20, 20, 0.831567, 1],
    [1, 10, 0.002529, 0.445016],
    [5, 10, 0.187086, 0.812914],
    [7, 20, 0.153909, 0.592189],
    [0, 0, 0, 1],
    [0, 1, 0, 0.975],
  ])("%i of %i: %d to %d", (hits, trials, low, high) => {
    const interval = binomialInterval(hits, trials, 0.95);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });

  it("leaves half of what is not trusted outside at either end, by the counts added up", () => {
    const trials = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(trials, fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const hits = Math.round(n * share);
        const { low, high } = binomialInterval(hits, n, 0.9);
        if (hits > 0) expect(1 - upTo(hits - 1, n, low)).toBeCloseTo(0.05, 9);
        if (hits < n) expect(upTo(hits, n, high)).toBeCloseTo(0.05, 9);
      }),
    );
  });

  it("holds the share itself, mirrors, and narrows as trials are added", () => {
    const trials = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(trials, fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const hits = Math.round(n * share);
        const { low, high } = binomialInterval(hits, n, 0.95);
        const mirrored = binomialInterval(n - hits, n, 0.95);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
        expect(mirrored.low).toBeCloseTo(1 - high, 8);
        const wider = binomialInterval(hits, n, 0.99);
        expect(wider.high - wider.low).toBeGreaterThanOrEqual(high - low);
        const more = binomialInterval(2 * hits, 2 * n, 0.95);
        expect(more.high - more.low).toBeLessThan(high - low + 1e-12);
      }),
    );
  });
});
