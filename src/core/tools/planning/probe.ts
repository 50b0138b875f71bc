// One candidate tried: what its thresholds say together, and how sure each trial must be so that a whole search errs no
// more often than stated. Knows results only; how a candidate is simulated is the caller's business.
import { assert } from "../../base/assert.js";
import type { RunResult } from "../../results/shape/result.js";
import { isGrowing } from "../../results/shape/sustainability.js";

export type ProbeVerdict = "pass" | "fail" | "undecided";

export interface Probe {
  readonly verdict: ProbeVerdict;
  readonly result: RunResult;
  /** Logical requests simulated for it, in the measured windows of its replications. */
  readonly requests: number;
}

/** Tries a candidate with intervals of that confidence; undefined where it was interrupted. */
export type ProbeAt<Candidate> = (candidate: Candidate, confidence: number) => Promise<Probe | undefined>;

/** One seed never says how far seeds differ. */
const LEAST_SEEDS = 2;

/**
 * All thresholds must pass, over several seeds, and the fleet must keep up: where a queue grows, what was observed
 * holds for runs of just this length. A threshold that failed, or has no data, decides alone.
 */
export function probeOf(result: RunResult): Probe {
  return { verdict: verdictOf(result), result, requests: result.all.requests.offered };
}

function verdictOf(result: RunResult): ProbeVerdict {
  const verdicts = result.thresholds.map(({ verdict }) => verdict);
  if (isGrowing(result) || verdicts.some((one) => one === "fail" || one === "no-data")) return "fail";
  const isShown = result.replications.length >= LEAST_SEEDS && result.load.verdict !== "unknown";
  return isShown && !verdicts.includes("undecided") ? "pass" : "undecided";
}

/**
 * The confidence of each of at most so many probes, by Bonferroni's inequality: a probe passes wrongly, or fails
 * wrongly by any of its thresholds, no more often than its intervals miss.
 */
export function probeConfidence(confidence: number, probes: number): number {
  assert(confidence > 0 && confidence < 1 && probes >= 1, "a search has a confidence and a probe");
  return 1 - (1 - confidence) / probes;
}
