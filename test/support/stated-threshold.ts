// A threshold as a scenario states it, for the tests of what judges it.
import { parseThreshold, type StatedThreshold } from "../../src/core/results/verdict/threshold.js";

export function stated(metric: string, expression: string, allowNoData = false): StatedThreshold {
  const parsed = parseThreshold(metric, expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { metric, expression, allowNoData, parsed: parsed.value };
}
