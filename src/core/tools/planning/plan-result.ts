// What a search for a plan found: plain, versioned, JSON-ready data with every probe it saw. Types only.
import type { LoadVerdict } from "../../results/metrics/load.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { IntervalMethod } from "../../results/shape/interval-method.js";
import type { Estimate, ThresholdResult } from "../../results/shape/result.js";
import type { Spare } from "./demand.js";
import type { AlsoMeasured } from "./plan-measures.js";
import type { ProbeVerdict } from "./probe.js";

export type PlanKind = "least" | "greatest" | "load" | "cheapest" | "best";

/** Which values of a key are better; where it is lower ones, the greatest that meets the thresholds is the answer. */
export type BetterWay = "higher" | "lower";

/** What is known of the order that a search along one key rests on. */
export interface PlanOrder {
  /** Null where nothing tells. */
  readonly better: BetterWay | null;
  /** How that is known: it was told, or by what differs between the ends of the range. */
  readonly basis: OrderBasis;
  /** Values spread over the range that were tried first. */
  readonly surveyed: number;
  /**
   * What seemed to break the order, tried again on equal seeds of its own, in the order of the values; empty where
   * nothing did.
   */
  readonly compared: readonly PlanPoint[];
  /** That it is broken: then there is no answer. Where it is not, this is said with a risk of 1 less the confidence. */
  readonly isBroken: boolean;
}

export type OrderBasis = "told" | "thresholds-met" | "thresholds" | "shed-rate" | "opposed" | "nothing";

export interface PlanPoint {
  /** As the scenario writes them; `load` is a factor on every source's arrivals. */
  readonly values: readonly { readonly path: string; readonly text: string; readonly value: number }[];
  /** The most that are planned at a time: with the replicas of the start where load decides; spare ones included. */
  readonly gpus: number;
  /** GPUs of the start, weighed where their pools' cost was given. */
  readonly cost: number;
  /** What instances held on average over the measured window, in whatever state; the cost weighed likewise. */
  readonly held: { readonly gpus: number; readonly cost: number };
  readonly verdict: ProbeVerdict;
  /** Whether the fleet keeps up: one whose load grows fails, whatever its thresholds say. */
  readonly load: LoadVerdict;
  readonly thresholds: readonly ThresholdResult[];
  /** What is to be known besides. */
  readonly caveats: readonly Caveat[];
  /** What was to be best; null for other plans. */
  readonly objective: Estimate | null;
  /** Sequences in service over places for them, of each pool: a mean over time. */
  readonly busy: readonly { readonly pool: string; readonly share: number | null }[];
  /** What else a plan says of it. */
  readonly also: readonly AlsoMeasured[];
  readonly replications: number;
  readonly requests: number;
}

/** Values that may still be the true answer, the found one included; only with one axis. */
export interface PlanMargin {
  readonly from: string;
  readonly to: string;
}

export interface DemandPoint {
  /** On every source's arrivals. */
  readonly factor: number;
  readonly answer: PlanPoint | null;
  readonly margin: PlanMargin | null;
  readonly requests: number;
  readonly finished: boolean;
}

/** What may decide a threshold that was left undecided. */
export type Teller = "lower range" | "higher range" | "worst run" | "replications";

/** A threshold that was left undecided where nothing was shown to meet them all. */
export interface OpenThreshold {
  readonly metric: string;
  readonly expression: string;
  /** Of its interval, or why there is none, at the last value that left it so. */
  readonly method: IntervalMethod;
  /** Whether an event of it came at any value. */
  readonly isSeen: boolean;
  /** False where no value that was tried made a difference to it. */
  readonly isMoved: boolean;
  readonly tellers: readonly Teller[];
}

export interface PlanResult {
  readonly schemaVersion: 2;
  readonly scenario: string;
  readonly kind: PlanKind;
  readonly seed: string;
  /** Of the answer; those for other demands have it each. */
  readonly confidence: number;
  /** What was searched, as in `pools.shared.replicas=8..512`. */
  readonly range: readonly {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    /** How far values lie apart: no answer is more exact. */
    readonly step: string;
  }[];
  /** Replicas that were out while every value was tried; null where none were. */
  readonly spare: Spare | null;
  /** True when it was interrupted: the answer is then the best that was seen. */
  readonly partial: boolean;
  /** Null where nothing was shown to meet the thresholds. */
  readonly answer: PlanPoint | null;
  readonly margin: PlanMargin | null;
  /** Of best plans: values that cannot be told from the answer. */
  readonly ties: readonly string[];
  /** Where the search began, and on what grounds. */
  readonly guess: { readonly text: string; readonly basis: string } | null;
  /** What the search saw, in the order of the values. */
  readonly points: readonly PlanPoint[];
  /** What was tried again on seeds of its own, the most wanted first: the answer, if there is one, last. */
  readonly certified: readonly PlanPoint[];
  /** Values that seem enough though more failed: the search takes more to be better, and here it is not. */
  readonly contradictions: readonly { readonly passes: string; readonly fails: string }[];
  /** Where there is no answer: thresholds that were left undecided, and what may decide them. */
  readonly open: readonly OpenThreshold[];
  /** Of a search along one key; null of others. */
  readonly order: PlanOrder | null;
  readonly demand: readonly DemandPoint[];
  readonly work: {
    /** Of the search itself and of what was certified, without that for other demands. */
    readonly probes: number;
    readonly replications: number;
    readonly requests: number;
    /** Every value of the range at as many replications as the hardest probe took: an estimate, never run. */
    readonly bruteForce: {
      readonly values: number;
      readonly replications: number;
      readonly requests: number;
    };
  };
}
