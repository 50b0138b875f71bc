// What a plan tries, and how it is told to try it. Types only.
import type { Clusters } from "../../results/build/clusters.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Axis } from "./axis.js";
import type { PathValue, Spare } from "./demand.js";
import type { BetterWay } from "./plan-result.js";
import type { Probe, Trial, TrialRisk } from "./probe.js";

/** One fleet under one demand. */
export interface Candidate {
  readonly values: readonly PathValue[];
  /** On every source's arrivals. */
  readonly demand: number;
}

/** Whether the scenario can be what lies beyond the ends of a range; of several ranges, of any. */
export interface BeyondRange {
  readonly below: boolean;
  readonly above: boolean;
}

export interface PlanOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Runs a candidate as it is told to; undefined where it was interrupted. */
  readonly probe: (candidate: Candidate, settings: TrialSettings) => Promise<Probe | undefined>;
  /** Of the answer. */
  readonly confidence: number;
  /** Runs of a candidate at most. */
  readonly most: number;
  /** Factors for which a least value is searched as well. */
  readonly demands?: readonly number[];
  /** What a GPU of a pool costs; 1 where it is not named. */
  readonly gpuCost?: Readonly<Record<string, number>>;
  /** What of the fleet is out while it is tried. */
  readonly spare?: Spare;
  /** Asked where there is no answer; left out, no wider range is advised. */
  readonly beyond?: () => BeyondRange;
}

export interface TrialSettings extends TrialRisk {
  /** How what smaller candidates refused, or made wait too long, came in clusters: that of larger ones does alike. */
  readonly clusters: Clusters;
}

/** What searches are given: candidates tried, and what one of them shows told to the next. */
export interface Planning extends Omit<PlanOptions, "probe"> {
  readonly probe: (candidate: Candidate, trial: Trial) => Promise<Probe | undefined>;
}

export interface KeyGoal {
  readonly axis: Axis;
  /** Undefined where it is to be found out, which takes a survey. */
  readonly better: BetterWay | undefined;
  /** Values spread over the range to be tried first: none, or at least both ends. */
  readonly survey: number;
}
