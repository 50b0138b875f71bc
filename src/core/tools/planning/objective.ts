// What a plan is to make best, as a flag writes it: a metric like in a threshold, and how it is summed up. Knows the
// grammar of thresholds.
import { SurgefleetError } from "../../base/errors.js";
import { trackedAccounts } from "../../engine/world/tracked-accounts.js";
import { kindSpec } from "../../results/metrics/kinds.js";
import { metricNamed } from "../../results/metrics/metrics.js";
import { measureOf } from "../../results/verdict/measures.js";
import { parseThreshold } from "../../results/verdict/threshold.js";
import type { Scenario } from "../../scenario/schema.js";

export interface Objective {
  readonly metric: string;
  /** Undefined where the metric has only one that a result estimates. */
  readonly aggregation: string | undefined;
}

const TEXT = /^(([A-Za-z_]+)(?![A-Za-z_])(?:\{[^{}]*\})?)\s*(\S.*)?$/s;

/** Throws USAGE where the text is no metric, or names what the scenario does not have. */
export function readObjective(text: string, scenario: Scenario): Objective {
  const [, metric, name = "", said] = TEXT.exec(text.trim()) ?? [];
  const bad = (why: string) => new SurgefleetError("USAGE", `--objective ${text}: ${why}`);
  if (metric === undefined) throw bad("write a metric, as in ttft{tier:standard} p(99)");
  const known = metricNamed(name);
  // Of what is no metric the grammar says so, whatever it is asked for.
  const aggregation = said ?? (known === undefined ? "value" : kindSpec(known.kind).usual);
  const threshold = parseThreshold(metric, `${aggregation}>=0`, {
    tiers: Object.keys(scenario.paths),
    sources: Object.keys(scenario.traffic),
    accountProblem: (account) =>
      trackedAccounts(scenario).includes(account)
        ? undefined
        : `account "${account}" is not measured by itself: name it in a threshold of the scenario`,
  });
  if (!threshold.ok) throw bad(threshold.problem);
  // As results name it: tags may be left out, or written in any order.
  return { metric: measureOf(threshold.value).metric, aggregation };
}
