// How far lengths are spread: whether the few longest outputs decide how long everybody waits. A queue remembers a
// long service by the square of its length, so that a mean wait goes by the mean of squares, and how well runs know
// that is a matter of fourth powers. Runs that hold none of the longest cannot tell by themselves: the scenario says.
import { createDistribution } from "../../random/distribution.js";
import { openStream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";

const DRAWS = 1 << 16;

/**
 * So many requests say as much of the mean square of outputs as one request would if all were equally long:
 * E[S⁴] / E[S²]², of the source where it is the largest. Lengths that are drawn from a distribution count; those of
 * traces are the same on every seed, and those of a population belong to its accounts.
 */
export function requestsPerSquare(scenario: Scenario): number {
  const sources = Object.entries(scenario.traffic).map(([name, source]) => {
    if (source.kind !== "process" || source.output === undefined) return 1;
    const distribution = createDistribution(source.output, openStream("heavy tail", name));
    let [squares, fourths] = [0, 0];
    for (let draw = 0; draw < DRAWS; draw++) {
      const square = Math.min(distribution.sample(), source.maxOutput) ** 2;
      squares += square;
      fourths += square * square;
    }
    return squares === 0 ? 1 : (DRAWS * fourths) / (squares * squares);
  });
  return Math.max(1, ...sources);
}
