// What of a run metrics are read from: the counts and sketches of its slices and of the sessions of its sources, and
// what became of its trigger. Knows what was counted, not what is made of it.
import type { SessionEstimate, SessionTotals } from "../../stats/session-lives.js";
import type { TierColumns } from "../ledger/tier-columns.js";
import type { ByOutcome } from "./by-name.js";
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
  readonly outcomes: ByOutcome;
  readonly requests: {
    readonly offered: number;
    /** For those requests, on whatever path. */
    readonly attempts: number;
    readonly completed: number;
    readonly failed: number;
    readonly givenUp: number;
  };
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

export interface JudgedFleet {
  readonly gpuSeconds: Readonly<Partial<Record<string, number>>>;
}

/** A run, or a batch of one. */
export interface JudgedRun {
  readonly slices: Readonly<Record<SliceTag, readonly JudgedSlice[]>>;
  readonly sessions: readonly JudgedSessions[];
  readonly recovery: JudgedRecovery | null;
  /** Null of a batch. */
  readonly fleet: JudgedFleet | null;
}
