// What a plan is to make best, as a flag writes it: a metric like in a threshold, and how it is summed up. Knows the
// grammar of thresholds.
import { SurgefleetError } from "../../base/errors.js";
import { measureOf } from "../../results/verdict/measures.js";
import { parseThreshold } from "../../results/verdict/threshold.js";

export interface Objective {
  readonly metric: string;
  /** Undefined where the metric has only one that a result estimates. */
  readonly aggregation: string | undefined;
}

const TEXT = /^\s*([A-Za-z_]+(?:\{[^{}]*\})?)\s*(\S.*?)?\s*$/;

/** Throws USAGE where the text is no metric, or names what the scenario does not have. */
export function readObjective(text: string, tiers: readonly string[], sources: readonly string[]): Objective {
  const [, metric, aggregation] = TEXT.exec(text) ?? [];
  const bad = (why: string) => new SurgefleetError("USAGE", `--objective ${text}: ${why}`);
  if (metric === undefined) throw bad("write a metric, as in ttft{tier:standard} p(99)");
  const tried = aggregation === undefined ? ["rate", "value", "p(50)", "count"] : [aggregation];
  const found = tried.map((one) => parseThreshold(metric, `${one}>=0`, tiers, sources));
  const right = found.findIndex(({ ok }) => ok);
  const threshold = found[right];
  // As results name it: tags may be left out, or written in any order.
  if (threshold?.ok === true) {
    return { metric: measureOf(threshold.value).metric, aggregation: aggregation ?? tried[right]! };
  }
  const problem = found[0];
  throw bad(problem === undefined || problem.ok ? "" : problem.problem);
}
