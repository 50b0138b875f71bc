// How far lengths are spread: whether the few longest outputs decide how long everybody waits. A queue remembers a
// long service by the square of its length, so that a mean wait goes by the mean of squares, and how well runs know
// that is a matter of fourth powers. Runs that hold none of the longest cannot tell by themselves: the scenario says.
import { cutMoment } from "../../random/cut-moment.js";
import type { Scenario } from "../../scenario/schema.js";

/** By sources: so many of its requests say as much of the mean square of outputs as one would if all were alike. */
export type RequestsPerSquare = Readonly<Record<string, number>>;

/**
 * E[S⁴] / E[S²]² of the outputs of each source whose lengths are drawn from a distribution. Lengths of traces are the
 * same on every seed, and those of a population belong to its accounts.
 */
export function requestsPerSquare(scenario: Scenario): RequestsPerSquare {
  return Object.fromEntries(
    Object.entries(scenario.traffic).flatMap(([name, source]) => {
      if (source.kind !== "process" || source.output === undefined) return [];
      const square = cutMoment(source.output, source.maxOutput, 2);
      return [[name, square === 0 ? 1 : cutMoment(source.output, source.maxOutput, 4) / (square * square)]];
    }),
  );
}
