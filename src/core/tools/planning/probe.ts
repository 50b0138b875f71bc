// One candidate tried: what its thresholds say together, and how sure each trial must be so that a whole plan errs no
// more often than stated. Knows results only; how a candidate is simulated is the caller's business.
import { type Clusters, FEWEST_WITH_EVENTS } from "../../results/build/clusters.js";
import { isEquality } from "../../results/metrics/kinds.js";
import { isOnlyRun } from "../../results/shape/interval-method.js";
import type { RunResult, ThresholdResult } from "../../results/shape/result.js";
import { isGrowing } from "../../results/shape/sustainability.js";
import { holds } from "../../results/verdict/evaluate.js";
import type { StatedThreshold } from "../../results/verdict/threshold.js";
import { spentAtLook } from "../../stats/sequential-looks.js";

export type ProbeVerdict = "pass" | "fail" | "undecided";

export interface Probe {
  readonly verdict: ProbeVerdict;
  /** Whether it is good enough as far as was observed, sure or not: what a search goes by. */
  readonly seemsEnough: boolean;
  readonly result: RunResult;
  /** How what it refused, and what was too slow, came in clusters. */
  readonly clusters: Clusters;
  /** Logical requests simulated for it, in the measured windows of its replications. */
  readonly requests: number;
}

/** Tries what stands at a place of a search; undefined where it was interrupted. */
export type ProbeAt<Place> = (place: Place) => Promise<Probe | undefined>;

/** What a candidate is tried for. */
export type Trial =
  /**
   * To find the way, as one of at most so many: whatever seems enough is tried again before it is the answer. Where
   * values are compared with each other, all are run equally often.
   */
  | { readonly kind: "search"; readonly probes: number; readonly isCompared?: true }
  /** To show that what seems enough is enough, where so many attempts have not shown it yet. */
  | { readonly kind: "certify"; readonly attempts: number }
  /** To tell whether what seemed to break the order does. */
  | { readonly kind: "order" };

/** What a plan is to be sure of. */
export interface PlanRisk {
  readonly seed: string;
  /** Runs of a candidate at most. */
  readonly most: number;
  readonly confidence: number;
  readonly thresholds: readonly StatedThreshold[];
}

export interface TrialRisk {
  readonly kind: Trial["kind"];
  /** From which the seeds of its runs are made. */
  readonly seed: string;
  readonly confidence: number;
  /** Of the risk that the confidence leaves, the part that it may spend. */
  readonly share: number;
  /** Thresholds of which none may fail by chance. */
  readonly family: number;
  /** Whether so many are run whatever they show. */
  readonly isFixed: boolean;
  /** Whether it is compared with others, on the seeds of them all. */
  readonly isCompared: boolean;
  readonly most: number;
  /** Runs at the first look: a few have often not seen the one burst that counts. */
  readonly first: number;
}

/** What fails at the first look still tells how refusals cluster, which takes so many. */
const FIRST_SEARCHED = FEWEST_WITH_EVENTS;
const FIRST_CERTIFIED = 8;
/** Of the runs that may be spent on showing something, as many find the way. */
const SEARCHED = 0.25;
/** Runs of values that are compared with each other: pairs of equal seeds. */
export const COMPARED = 16;
/** Trials of what is certified that may fail by chance, as many as a long way down has. */
const CERTIFIED_TRIALS = 10;

/** Seeds that no search has seen. */
export const CERTIFIED = "certified";
/** Seeds that neither the search has seen nor what is certified. */
export const ORDERED = "order";

/** One seed never says how far seeds differ, unless nothing does. */
const LEAST_SEEDS = 2;

/**
 * All thresholds must pass, over several seeds, and the fleet must keep up: where a queue grows, what was observed
 * holds for runs of just this length. A threshold that failed, or has no data, decides alone.
 */
export function probeOf(result: RunResult, clusters: Clusters): Probe {
  const verdict = verdictOf(result);
  const seemsEnough = verdict !== "fail" && result.thresholds.every(seemsMet);
  return { verdict, seemsEnough, result, clusters, requests: result.all.requests.offered };
}

/** As far as was observed, sure or not. */
export function seemsMet({ verdict, observed, bound }: ThresholdResult): boolean {
  return verdict === "pass" || (observed !== null && holds(observed, bound.operator, bound.value));
}

function verdictOf(result: RunResult): ProbeVerdict {
  const verdicts = result.thresholds.map(({ verdict }) => verdict);
  if (isGrowing(result) || verdicts.some((one) => one === "fail" || one === "no-data")) return "fail";
  const areEnough = result.replications.length >= LEAST_SEEDS || isOnlyRun(result);
  const isShown = areEnough && result.load.verdict !== "unknown";
  return isShown && !verdicts.includes("undecided") ? "pass" : "undecided";
}

/**
 * How sure a trial must be, and how much it may take. A search chooses the smallest of many that seemed enough, which
 * some did by chance; so its choice counts for nothing, and is tried again on seeds of its own. Then a plan is wrong no
 * more often than that one trial, or than all of them where the first ones showed nothing: the k-th attempt spends
 * 1 / (k (k + 1)) of the risk. Of all trials none is to fail by chance, since failures say how far down the answer may
 * be (Bonferroni). What a threshold asserts of all runs, as `==`, takes all of them. That the order is broken is shown
 * in two ways, each at half of the risk.
 */
export function riskOfTrial(trial: Trial, { seed, most, confidence, thresholds }: PlanRisk): TrialRisk {
  const { kind } = trial;
  if (kind === "search") {
    const enough = Math.min(most, Math.max(FIRST_CERTIFIED, Math.ceil(SEARCHED * most)));
    const isFixed = trial.isCompared === true;
    return {
      ...{ kind, seed, confidence, share: 1, family: thresholds.length * trial.probes },
      ...{
        isFixed,
        isCompared: isFixed,
        most: isFixed ? Math.min(most, COMPARED) : enough,
        first: FIRST_SEARCHED,
      },
    };
  }
  if (kind === "order") {
    return {
      ...{ kind, seed: `${seed}/${ORDERED}`, confidence, share: 0.5, family: thresholds.length },
      ...{ isFixed: true, isCompared: true, most, first: FIRST_CERTIFIED },
    };
  }
  const share = spentAtLook(trial.attempts + 1);
  const family = thresholds.length * CERTIFIED_TRIALS;
  return {
    ...{ kind, seed: `${seed}/${CERTIFIED}`, confidence, share, family },
    ...{ isFixed: thresholds.some(isAsserted), isCompared: false, most, first: FIRST_CERTIFIED },
  };
}

/** Whether it holds of what was observed, and no interval shows it. */
function isAsserted({ parsed: { operator, aggregation } }: StatedThreshold): boolean {
  return isEquality(operator) || aggregation === "min" || aggregation === "max";
}
