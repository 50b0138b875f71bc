// Changes and comparisons by hand, for tests of what is made of them.
import type { Change, Comparison } from "../../../../src/core/results/verdict/comparison.js";

/** From a value to another, with an interval of a tenth of the difference on each side. */
export function change(metric: string, before: number, after: number, more: Partial<Change> = {}): Change {
  const difference = after - before;
  const reach = Math.abs(difference) / 10;
  return {
    ...{ metric, aggregation: "rate", unit: "share", better: "lower" },
    ...{ before, after, difference, low: difference - reach, high: difference + reach },
    ...{ p: 0.001, adjusted: 0.01, n: 10, verdict: "worse" },
    ...more,
  };
}

export function comparison(changes: readonly Change[], more: Partial<Comparison> = {}): Comparison {
  return { confidence: 0.975, paired: true, isCopies: false, changes, missing: [], ...more };
}
