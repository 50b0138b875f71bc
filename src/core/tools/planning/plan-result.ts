// What a search for a plan found: plain, versioned, JSON-ready data with every probe it saw. Types only.
import type { LoadVerdict } from "../../results/metrics/load.js";
import type { Caveat } from "../../results/shape/caveat-kinds.js";
import type { Estimate, ThresholdResult } from "../../results/shape/result.js";
import type { ProbeVerdict } from "./probe.js";

export type PlanKind = "least" | "load" | "cheapest" | "best";

export interface PlanPoint {
  /** As the scenario writes them; `load` is a factor on every source's arrivals. */
  readonly values: readonly { readonly path: string; readonly text: string; readonly value: number }[];
  readonly gpus: number;
  /** GPUs, weighed where their pools' cost was given. */
  readonly cost: number;
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

export interface PlanResult {
  readonly schemaVersion: 2;
  readonly scenario: string;
  readonly kind: PlanKind;
  readonly seed: string;
  /** Of the answer; those for other demands have it each. */
  readonly confidence: number;
  /** What was searched, as in `pools.shared.replicas=8..512`. */
  readonly range: readonly { readonly path: string; readonly from: string; readonly to: string }[];
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
