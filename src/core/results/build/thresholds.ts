// Thresholds over replications: each is judged on a limit to either side of its metric, so that of a whole suite
// neither a green verdict nor a red one is wrong more often than it says. Knows measures and their samples.
import { assert } from "../../base/assert.js";
import type { Risks } from "../../stats/ratio.js";
import { isBoundAbove, isEquality, type Operator } from "../metrics/kinds.js";
import type { Estimate, ThresholdResult } from "../shape/result.js";
import { thresholdResult, verdictOf } from "../verdict/evaluate.js";
import { type Measure, measureKey, measureOf } from "../verdict/measures.js";
import type { StatedThreshold } from "../verdict/threshold.js";
import { estimateOver } from "./estimates.js";
import { placesOf, type Replications } from "./replicated.js";

export interface Judging {
  /** Of the risk of a wrong verdict, the part that is spent on this look: 1 where it is the only one. */
  readonly spent: number;
  /** Thresholds of which not one may fail by chance: all those of a suite. */
  readonly family: number;
}

/**
 * With what risk a limit may be wrong. A suite is green only where every one of its thresholds passes, so that it is
 * wrong no more often than the one that should not have passed (Berger, Multiparameter hypothesis testing and
 * acceptance sampling, Technometrics 24, 1982): each pass may spend the whole risk, and spends half of it, as the
 * interval that is shown does, since estimates of what is rare or bursty err below more often than above. It is red
 * where any of them fails: each failure may spend its part only (Bonferroni).
 */
export function risksOf(operator: Operator, { spent, family }: Judging, confidence: number): Risks {
  const risk = (1 - confidence) * spent;
  const [pass, fail] = [risk / 2, risk / family];
  return isBoundAbove(operator) ? { below: fail, above: pass } : { below: pass, above: fail };
}

/** All thresholds of a scenario, in their order. */
export function judgedOver(
  thresholds: readonly StatedThreshold[],
  measures: readonly Measure[],
  replications: Replications,
  judging: Judging,
  confidence: number,
): ThresholdResult[] {
  const places = placesOf(measures);
  return thresholds.map((stated, index) => {
    const found = replications.runs.map((run) => run.thresholds[index]!);
    const { parsed, allowNoData } = stated;
    const place = places.get(measureKey(measureOf(parsed)));
    assert(place !== undefined, "what a threshold is about is measured");
    const risks = risksOf(parsed.operator, judging, confidence);
    const estimate = estimateOver(measures[place]!, replications.at(place, parsed), risks);
    // Whatever never came in one of them does not come on average.
    const never = found.find(({ verdict, observed }) => observed === null && verdict === "fail");
    if (never !== undefined) return { ...never, n: found.length };
    return thresholdResult(stated, estimate, pooledVerdict(stated, estimate, found, allowNoData));
  });
}

function pooledVerdict(
  { parsed }: StatedThreshold,
  estimate: Estimate,
  found: readonly ThresholdResult[],
  allowNoData: boolean,
): ThresholdResult["verdict"] {
  const isMissed = isEquality(parsed.operator) && found.some((one) => one.verdict === "fail");
  return isMissed ? "fail" : verdictOf(parsed, estimate, allowNoData);
}
