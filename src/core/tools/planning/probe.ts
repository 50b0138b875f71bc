// One candidate tried: what its thresholds say together, and how sure each trial must be so that a whole search errs no
// more often than stated. Knows results only; how a candidate is simulated is the caller's business.
import { assert } from "../../base/assert.js";
import type { RunResult } from "../../results/shape/result.js";

export type ProbeVerdict = "pass" | "fail" | "undecided";

export interface Probe {
  readonly verdict: ProbeVerdict;
  readonly result: RunResult;
  /** Logical requests simulated for it, in the measured windows of its replications. */
  readonly requests: number;
}

/** Tries a candidate with intervals of that confidence; undefined where it was interrupted. */
export type ProbeAt<Candidate> = (candidate: Candidate, confidence: number) => Promise<Probe | undefined>;

/** All must pass. One that failed, or has no data, decides alone. */
export function probeOf(result: RunResult): Probe {
  const verdicts = result.thresholds.map(({ verdict }) => verdict);
  const verdict = verdicts.some((one) => one === "fail" || one === "no-data")
    ? "fail"
    : verdicts.includes("undecided")
      ? "undecided"
      : "pass";
  return { verdict, result, requests: result.all.requests.offered };
}

/**
 * The confidence of each of at most so many probes, by Bonferroni's inequality. A probe passes wrongly only if a bound
 * lies beyond one side of an interval, and fails wrongly if any of its thresholds does so: half of what an interval
 * errs each, times the thresholds.
 */
export function probeConfidence(confidence: number, probes: number, thresholds: number): number {
  assert(confidence > 0 && confidence < 1 && probes >= 1, "a search has a confidence and a probe");
  return 1 - (1 - confidence) / (probes * Math.max(1, thresholds / 2));
}
