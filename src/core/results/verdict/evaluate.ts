// What a run says of a measure, and what that means for a threshold. Knows operators and intervals; what a metric says
// of a run is its row's business.
import { unreachable } from "../../base/assert.js";
import type { Sample } from "../metrics/asks.js";
import type { JudgedRun } from "../metrics/judged.js";
import { isEquality, type Operator } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import type { Estimate, ThresholdResult, ThresholdVerdict } from "../shape/result.js";
import type { StatedThreshold, Subject, Threshold } from "./threshold.js";

/**
 * Judges a threshold on the interval around what it is about: it passes where the whole interval does, and fails where
 * none of it would pass. Where there is no interval it is undecided, whatever was observed. Equality and extremes
 * assert what was observed, because no interval ever shows them: `rate==0` passes without an event, and the interval
 * beside it says how rare the event may still be.
 */
export function verdictOf(
  { operator, bound }: Pick<Threshold, "operator" | "bound">,
  { value, low, high, method }: Pick<Estimate, "value" | "low" | "high" | "method">,
  allowNoData: boolean,
): ThresholdVerdict {
  if (value === null) return allowNoData ? "pass" : "no-data";
  const isObserved = isEquality(operator) || method === "extreme" || method === "never";
  if (isObserved) return holds(value, operator, bound) ? "pass" : "fail";
  // An interval may be open to one side; without any, both are.
  const atLow = holds(low ?? Number.NEGATIVE_INFINITY, operator, bound);
  const atHigh = holds(high ?? Number.POSITIVE_INFINITY, operator, bound);
  if (atLow && atHigh) return "pass";
  return atLow || atHigh ? "undecided" : "fail";
}

/** How a threshold came out. JSON has no word for what never came: nothing was observed then. */
export function thresholdResult(
  { metric, expression, parsed }: StatedThreshold,
  { value, unit, low, high, n, method }: Estimate,
  verdict: ThresholdVerdict,
): ThresholdResult {
  const bound = { operator: parsed.operator, value: parsed.bound, unit };
  const observed = value === null || Number.isFinite(value) ? value : null;
  return { metric, expression, bound, verdict, observed, low, high, n, method };
}

export function holds(observed: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case "<":
      return observed < bound;
    case "<=":
      return observed <= bound;
    case ">":
      return observed > bound;
    case ">=":
      return observed >= bound;
    case "==":
      return observed === bound;
    case "!=":
      return observed !== bound;
    default:
      return unreachable(operator);
  }
}

/** What a run, or a batch of one, says of a measure. */
export function observe(subject: Subject, run: JudgedRun): Sample {
  return metricNamed(subject.metric)!.sample(run, subject);
}
