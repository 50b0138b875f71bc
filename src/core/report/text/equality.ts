// Why a threshold of == or != came out as it did over several runs: each of them is judged by itself, which the mean
// and its interval do not show.
import { isEquality } from "../../results/metrics/kinds.js";
import type { RunResult, ThresholdResult } from "../../results/shape/result.js";
import { holds } from "../../results/verdict/evaluate.js";
import { measureKey, measureOf } from "../../results/verdict/measures.js";
import { parseThreshold } from "../../results/verdict/threshold.js";

/** What says in how many of its runs a result has the bound. */
export type OfRuns = Pick<RunResult, "estimates" | "replications">;

/**
 * `0 in 2 of 8 runs`; undefined for other operators, for what is not decided, and where less than two runs have data.
 */
export function equalityText(
  { metric, expression, verdict, observed }: ThresholdResult,
  { estimates, replications }: OfRuns,
): string | undefined {
  const stated = parseThreshold(metric, expression);
  if (!stated.ok || observed === null) return undefined;
  const { operator, bound: asked } = stated.value;
  const bound = expression.slice(expression.indexOf(operator) + operator.length).trim();
  if (!isEquality(operator) || (verdict !== "pass" && verdict !== "fail")) return undefined;
  const key = measureKey(measureOf(stated.value));
  const place = estimates.findIndex((estimate) => measureKey(estimate) === key);
  const values = replications.flatMap(({ values }) => values[place] ?? []);
  const all = values.length;
  if (all < 2) return undefined;
  const equal = values.filter((value) => value === asked).length;
  // Each may differ from what all of them are on average.
  if (verdict === "fail" && values.every((value) => holds(value, operator, asked))) {
    return `${bound} over all ${all} runs together`;
  }
  if (equal === all) return `${bound} in all ${all} runs`;
  return `${bound} in ${equal === 0 ? "none" : equal} of ${all} runs`;
}
