// What a run says of a measure, and what that means for a threshold. Knows operators and intervals; what a metric says
// of a run is its row's business.
import { unreachable } from "../../base/assert.js";
import type { Sample } from "../metrics/asks.js";
import type { JudgedRun } from "../metrics/judged.js";
import type { Operator } from "../metrics/kinds.js";
import { metricNamed } from "../metrics/metrics.js";
import { MOST_OPEN } from "../metrics/summary.js";
import type { Estimate, ThresholdResult, ThresholdVerdict } from "../shape/result.js";
import type { StatedThreshold, Subject, Threshold } from "./threshold.js";

/**
 * Judges a threshold on the interval around what it is about: it passes where the whole interval does, and fails where
 * none of it would pass. Equality is judged on what was observed, because no interval ever shows it: `rate==0` passes
 * without an event, and the interval beside it says how rare the event may still be. So is everything that never has an
 * interval; what has none yet is left open.
 */
export function verdictOf(
  { operator, bound }: Pick<Threshold, "operator" | "bound">,
  { value, low, high, method }: Pick<Estimate, "value" | "low" | "high" | "method">,
  allowNoData: boolean,
): ThresholdVerdict {
  if (value === null) return allowNoData ? "pass" : "no-data";
  const isEquality = operator === "==" || operator === "!=";
  if (method === "too-few" && !isEquality && Number.isFinite(value)) return "undecided";
  if (isEquality || low === null || high === null || method === "none") {
    return holds(value, operator, bound) ? "pass" : "fail";
  }
  const [atLow, atHigh] = [holds(low, operator, bound), holds(high, operator, bound)];
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

/** Nothing is settled about what had not ended in time, if that is too much of it. */
export function settled(threshold: ThresholdResult, openShare: number): ThresholdResult {
  const isOpen = openShare > MOST_OPEN && threshold.verdict !== "no-data";
  return isOpen ? { ...threshold, verdict: "undecided" } : threshold;
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
