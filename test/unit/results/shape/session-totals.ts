// Books of sessions made by hand, for the tests of this folder.
import type { SessionTotals } from "../../../../src/core/results/metrics/judged.js";
import { QuantileSketch } from "../../../../src/core/stats/quantile-sketch.js";

/** Finished ones by their seconds; each of two requests for 30 cents. */
export function sessionTotals(durations: readonly number[], abandoned = 0, open = 0): SessionTotals {
  const sketch = (unit: number, values: readonly number[]) => {
    const made = new QuantileSketch({ unit });
    for (const value of values) made.add(value);
    return made;
  };
  return {
    startedCount: durations.length + abandoned + open,
    finishedCount: durations.length,
    abandonedCount: abandoned,
    openCount: open,
    duration: sketch(1e-6, durations),
    requests: sketch(
      1,
      durations.map(() => 2),
    ),
    cost: sketch(
      1e-6,
      durations.map(() => 0.3),
    ),
    abandonedCost: abandoned * 0.1,
  };
}
