// What of a run metrics are read from: the counts and sketches of its slices and of the sessions of its sources, and
// what became of its trigger. Knows what was counted, not what is made of it.
import type { ByGpuState } from "../../base/instance-state.js";
import type { SessionEstimate, SessionTotals } from "../../stats/session-lives.js";
import type { TierColumns } from "../ledger/tier-columns.js";
import type { ByOutcome, ByStatus } from "./by-name.js";
import type { SliceTag } from "./sliced.js";

/** US dollars. */
export interface Cost {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly total: number;
}

/** What the rates of a slice are shares of: of a run's own counts, or of those of many replications added up. */
export interface Counted {
  readonly attempts: number;
  readonly demoted: number;
  readonly spilled: number;
  readonly objectivesMet: number;
  readonly outcomes: ByOutcome;
  /** Of refused attempts, what their callers saw; and those that were told another cause. */
  readonly statuses: ByStatus;
  readonly misread: number;
  readonly requests: {
    readonly offered: number;
    /** For those requests, on whatever path. */
    readonly attempts: number;
    readonly completed: number;
    readonly failed: number;
    readonly givenUp: number;
  };
}

/** The account that fared worst of those with enough attempts or requests, and how it fared. */
export interface WorstAccount {
  /** Null where it fared as well as can be. */
  readonly name: string | null;
  readonly share: number;
}

/** Between accounts; null what none of them tells. */
export interface JudgedFairness {
  /** That asked for anything. */
  readonly accounts: number;
  /** Jain's index of the shares that they were served of what they asked for. */
  readonly service: number | null;
  /** That of what they were served by what max-min fairness would have given them of the same total. */
  readonly maxMin: number | null;
  /** Share of its attempts that were shed. */
  readonly overloaded: WorstAccount | null;
  /** Share of the tokens it asked for that it was served. */
  readonly leastServed: WorstAccount | null;
}

/** What a run counted of one tier, of one source or of one account, or of all of them. */
export interface JudgedSlice {
  readonly name: string;
  readonly columns: TierColumns;
  readonly counted: Counted;
  /** Null where no path of it has a price. */
  readonly cost: Cost | null;
  /** Length of the measured window, seconds. */
  readonly measured: number;
  /** Between its accounts; null of sources, of accounts and of batches, and where no account asked for anything. */
  readonly fairness: JudgedFairness | null;
}

/** Sessions of one source, or of all. */
export interface JudgedSessions {
  readonly source: string;
  readonly totals: SessionTotals;
  /** What the lives show of all sessions that begin. */
  readonly estimate: SessionEstimate;
  /** Whether anything costs anything in this run. */
  readonly isPriced: boolean;
}

export const RECOVERY_VERDICTS = ["recovered", "recovering", "stuck", "unknown"] as const;
export type RecoveryVerdict = (typeof RECOVERY_VERDICTS)[number];

export interface JudgedRecovery {
  readonly verdict: RecoveryVerdict;
  readonly recoveryTime: number | null;
  readonly goodputBefore: number | null;
  readonly goodputAfter: number | null;
}

/** Of one pool, or summed over all; times are seconds. */
export interface ScalingTotals {
  /** Length of the measured window. */
  readonly measured: number;
  /** Replicas that are wanted, on average. */
  readonly wanted: number;
  /** Instances that began to take requests: new ones, those that were asleep, those that are back after a loss. */
  readonly starts: number;
  /** From wanting them to that, of all of them together. */
  readonly startDelay: number;
  readonly scaleUps: number;
  readonly scaleDowns: number;
  /** Changes against the direction of the one before, within ten minutes. */
  readonly flaps: number;
  /** Instance-seconds that were needed and not ready, seconds with any of these, and instance-seconds not needed. */
  readonly missing: number;
  readonly short: number;
  readonly spare: number;
  /** Instance-seconds without GPUs. */
  readonly pending: number;
  /** Attempts that started and had come when no replica took requests, and what they waited together. */
  readonly coldWaits: number;
  readonly coldWait: number;
}

/** What GPUs cost in the measured window, and what was got for it. */
export interface GpuCosts {
  /** US dollars, each a whole number of micro-dollars. */
  readonly total: number;
  readonly unused: number;
  /** Length of the window. */
  readonly hours: number;
  /** Generated in it, for whichever attempt. */
  readonly tokens: number;
  /** That finished in it; null where the traffic has none. */
  readonly sessions: number | null;
}

/** What the engine tells of the fleet in the measured window. */
export interface FleetTotals {
  readonly gpus: number;
  readonly gpuSeconds: ByGpuState;
  /** Null where the run was cut off before it. */
  readonly scaling: ScalingTotals | null;
  readonly isPriced: boolean;
  /** US dollars; null likewise, and where GPUs were used that have no price. */
  readonly bill: Pick<GpuCosts, "total" | "unused"> | null;
}

/** The same with what was got for it. */
export interface JudgedFleet extends Omit<FleetTotals, "bill"> {
  readonly costs: GpuCosts | null;
}

/** A run, or a batch of one. */
export interface JudgedRun {
  readonly slices: Readonly<Record<SliceTag, readonly JudgedSlice[]>>;
  readonly sessions: readonly JudgedSessions[];
  readonly recovery: JudgedRecovery | null;
  /** Null of a batch. */
  readonly fleet: JudgedFleet | null;
}
